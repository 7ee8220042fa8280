"""Services of Windows by pywin32: installed with an account, its rights, and what Windows does when they fail."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.service.definition import as_installed
from tracker.service.manager import ServiceState

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tracker.service.definition import ServiceDefinition

HOST_MODULE = "tracker.windows_service"
_NOT_THERE = 1060
_ALREADY_STARTED = 1056
_NOT_STARTED = 1062
_EXISTS = 1073
_DENIED = 5
"""ERROR_SERVICE_DOES_NOT_EXIST, _ALREADY_RUNNING, _NOT_ACTIVE, _EXISTS and ERROR_ACCESS_DENIED of winerror.h."""
_ELEVATE = "Run this elevated (as administrator)."
_HINTS = {_DENIED: _ELEVATE, _EXISTS: "Remove it first: tracker service remove --name NAME"}
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_RESTARTS = 3
_RESTART_MILLISECONDS = 60_000
_RESET_SECONDS = 86_400
_STOP_SECONDS = 300
_ICACLS_SECONDS = 600


def account_of(service: ServiceDefinition) -> str:
    """Return who runs it: without a wish a virtual account without rights for who watches, else LocalSystem. Pure."""
    return service.account or ("LocalSystem" if service.needs_rights else f"NT SERVICE\\{service.name}")


def command_line(service: ServiceDefinition) -> str:
    """Return what Windows starts. Pure."""
    own = ("--name", service.name, "--part", str(service.part), "--log-file", str(service.log_file))
    return subprocess.list2cmdline([str(service.python), "-m", HOST_MODULE, "--config", str(service.config), *own])


def words_of(line: str) -> list[str]:
    """Return the words of ``command_line``, in which no word holds a quote. Pure."""
    return [quoted or bare for quoted, bare in _WORD.findall(line)]


def grant_argv(directory: str, account: str) -> list[str]:
    """Return the command that lets ``account`` change all that is below ``directory``. Pure."""
    return ["icacls", directory, "/grant", f"{account}:(OI)(CI)M", "/T", "/C", "/Q"]


def revoke_argv(directory: str, account: str) -> list[str]:
    """Return the command that takes the same right back. Pure."""
    return ["icacls", directory, "/remove:g", account, "/T", "/C", "/Q"]


if sys.platform == "win32":
    import pywintypes
    import servicemanager
    import win32evtlogutil
    import win32service
    import win32serviceutil

    _STATES = {
        win32service.SERVICE_RUNNING: "running",
        win32service.SERVICE_STOPPED: "stopped",
        win32service.SERVICE_START_PENDING: "starting",
        win32service.SERVICE_STOP_PENDING: "stopping",
        win32service.SERVICE_PAUSED: "paused",
    }

    class WindowsServices:
        """The service control manager of this machine."""

        def install(self, service: ServiceDefinition) -> tuple[str, ...]:
            """Create the service, to start with the machine and again when it fails, and give its account rights."""
            account = account_of(service)
            _make_directories(service)
            _guarded(f"install {service.name}", lambda: _create(service, account))
            try:
                return (f"service {service.name}, run by {account}", *_equip(service, account))
            except SmokeError:
                _guarded(f"remove {service.name}", lambda: win32serviceutil.RemoveService(service.name))
                raise

        def start(self, name: str) -> None:
            """Start it; no error when it runs."""
            _guarded(f"start {name}", lambda: win32serviceutil.StartService(name), besides=_ALREADY_STARTED)

        def stop(self, name: str) -> None:
            """Stop it and wait until it has stopped; no error when it does not run."""
            _guarded(f"stop {name}", lambda: win32serviceutil.StopService(name), besides=_NOT_STARTED)
            stopped = win32service.SERVICE_STOPPED
            _guarded(f"stop {name}", lambda: win32serviceutil.WaitForServiceStatus(name, stopped, _STOP_SECONDS))

        def installed(self, service: ServiceDefinition) -> ServiceDefinition:
            """Return it as the service control manager knows it."""
            try:
                config = _query(service.name)
            except pywintypes.error as error:
                if error.winerror == _NOT_THERE:
                    return service
                message = f"{service.name}: cannot be asked: {error.strerror}"
                raise SmokeError(message, hint=_HINTS.get(error.winerror, "")) from error
            # (type, start, error control, command line, load order group, tag, dependencies, account, title)
            return as_installed(service, words_of(config[3]), config[7])

        def state(self, name: str) -> ServiceState:
            """Return how it stands."""
            try:
                status = win32serviceutil.QueryServiceStatus(name)
            except pywintypes.error as error:
                if error.winerror == _NOT_THERE:
                    return ServiceState(is_installed=False)
                message = f"{name}: cannot be asked: {error.strerror}"
                raise SmokeError(message) from error
            return ServiceState(is_installed=True, state=_STATES.get(status[1], f"state {status[1]}"))

        def remove(self, service: ServiceDefinition) -> tuple[str, ...]:
            """Stop and delete it, and take rights and the source of its events back."""
            if not self.state(service.name).is_installed:
                message = f"there is no service {service.name}"
                raise SmokeError(message, hint="`Get-Service tracker-*` lists those that are there.")
            self.stop(service.name)
            account = account_of(service)
            if account != "LocalSystem":
                for place in (service.home, service.site_dir):
                    _icacls(revoke_argv(str(place), account))
            _guarded(f"remove {service.name}", lambda: win32serviceutil.RemoveService(service.name))
            source = f"remove the source of events {service.name}"
            _guarded(source, lambda: win32evtlogutil.RemoveSourceFromRegistry(service.name))
            return (f"{service.home} (store, cache, logs)", f"{service.site_dir} (the site)")

    def _make_directories(service: ServiceDefinition) -> None:
        try:
            for directory in (service.log_file.parent, service.site_dir):
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{error.filename}: cannot be made: {error.strerror}"
            raise SmokeError(message, hint=_ELEVATE) from error

    def _equip(service: ServiceDefinition, account: str) -> list[str]:
        # An account without rights could not register where the texts of its events are found: it is done here.
        library = servicemanager.__file__
        source = f"register the source of events {service.name}"
        _guarded(source, lambda: win32evtlogutil.AddSourceToRegistry(service.name, library))
        made = [f"source of events {service.name} in the log Application"]
        if account != "LocalSystem":
            for place in (service.home, service.site_dir):
                _icacls(grant_argv(str(place), account))
                made.append(f"right of {account} to change {place}")
        return made

    def _query(name: str) -> Any:  # noqa: ANN401 - pywin32 has no name for it
        manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_CONNECT)
        try:
            handle = win32service.OpenService(manager, name, win32service.SERVICE_QUERY_CONFIG)
            try:
                return win32service.QueryServiceConfig(handle)
            finally:
                win32service.CloseServiceHandle(handle)
        finally:
            win32service.CloseServiceHandle(manager)

    def _create(service: ServiceDefinition, account: str) -> None:
        manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_ALL_ACCESS)
        try:
            handle = win32service.CreateService(
                manager,
                service.name,
                service.title,
                win32service.SERVICE_ALL_ACCESS,
                win32service.SERVICE_WIN32_OWN_PROCESS,
                win32service.SERVICE_AUTO_START,
                win32service.SERVICE_ERROR_NORMAL,
                command_line(service),
                None,
                False,  # noqa: FBT003 - no tag is wanted
                None,
                None if account == "LocalSystem" else account,
                None,
            )
            try:
                _configure(handle, service.title)
            except pywintypes.error:
                win32service.DeleteService(handle)
                raise
            finally:
                win32service.CloseServiceHandle(handle)
        finally:
            win32service.CloseServiceHandle(manager)

    def _configure(handle: Any, title: str) -> None:  # noqa: ANN401 - a handle of pywin32
        restart = (win32service.SC_ACTION_RESTART, _RESTART_MILLISECONDS)
        change = win32service.ChangeServiceConfig2
        change(handle, win32service.SERVICE_CONFIG_DESCRIPTION, title)
        change(handle, win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, True)  # noqa: FBT003 - its only form
        change(
            handle,
            win32service.SERVICE_CONFIG_FAILURE_ACTIONS,
            {"ResetPeriod": _RESET_SECONDS, "RebootMsg": "", "Command": "", "Actions": [restart] * _RESTARTS},
        )
        # Without this Windows restarts only what crashed, and not what reported that it stopped with an error.
        change(handle, win32service.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True)  # noqa: FBT003 - its only form

    def _guarded(what: str, call: Callable[[], object], *, besides: int = 0) -> None:
        try:
            call()
        except pywintypes.error as error:
            if error.winerror != besides:
                message = f"cannot {what}: {error.strerror} (Windows error {error.winerror})"
                told = "`Get-WinEvent -LogName System -MaxEvents 20` may tell more."
                raise SmokeError(message, hint=_HINTS.get(error.winerror, told)) from error

    def _icacls(argv: list[str]) -> None:
        try:
            done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=_ICACLS_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"{' '.join(argv)}: {error}"
            raise SmokeError(message, hint=_ELEVATE) from error
        if done.returncode:
            message = f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()}"
            raise SmokeError(message, hint=_ELEVATE)
