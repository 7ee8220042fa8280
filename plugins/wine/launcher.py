"""Runs programs for Windows under Wine, each run in a prefix and under a server of its own.

A prefix is Wine's disk C: and registry. Making one takes seconds, so that a template is made once for each version of
Wine; a run's own shares the files of Windows with it (hard links) and copies the rest. Wine's server serves one
prefix: pipes, processes and the registry of a run are seen by that run alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from filelock import FileLock

from tracker.api import LauncherState, SmokeError, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Launched, Launcher

_VERSION = re.compile(r"wine-(\d+(?:\.\d+)*)")
_ASK_SECONDS = 20
_MAKE_SECONDS = 300
_QUIET = {
    "WINEDEBUG": "-all",
    # Neither .NET nor a browser, and no menus.
    "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
}
_PREFIX = ".wine"
_TEMPORARY = Path("/tmp")  # noqa: S108 - Wine's own place, whatever TMPDIR says
_SOCKET_NAME = "wineserver"
_CHANCE = re.compile(r"wine-\w{6}")
_LIBRARIES = Path("/usr/lib/wine")
_SHARED = "windows"
"""The directory of drive C: whose files no program under test writes to."""


class Wine:
    """The launcher ``wine``."""

    name = "wine"
    platform = "windows"

    def state(self) -> LauncherState:
        """Return Wine's version, as facts of a host of its own kind."""
        missing = [name for name in ("wine", "wineserver") if _program(name) is None]
        if missing:
            reason = f"the programs {' and '.join(missing)} were not found; on Debian: apt-get install wine wine64"
            return LauncherState(facts=_facts("unknown"), reason=reason)
        version = _version()
        if not version:
            return LauncherState(facts=_facts("unknown"), reason="`wine --version` tells no version; does Wine run?")
        return LauncherState(facts=_facts(version))

    def prepare(self, cache_dir: Path) -> None:
        """Make the template of this version of Wine.

        Raises:
            SmokeError: Wine does not make a prefix here.
        """
        template = _template(cache_dir)
        if template.is_dir():
            return
        cache_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(template.with_suffix(".lock")):
            if template.is_dir():
                return
            staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=cache_dir))
            try:
                _make_prefix(staging / "prefix", staging)
                for problem in _remove_sockets(staging / "prefix"):
                    raise SmokeError(problem)
                (staging / "prefix").rename(template)
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def open(self, cache_dir: Path, workspace: Path) -> Launched:
        """Return Wine with a prefix of the run's own.

        Raises:
            SmokeError: the prefix cannot be made.
        """
        prefix = workspace / _PREFIX
        try:
            _copy_prefix(_template(cache_dir), prefix)
        except OSError as error:
            message = f"{prefix}: Wine's directory cannot be made: {error.strerror or error}"
            raise SmokeError(message) from error
        return _LaunchedWine(prefix, workspace)

    def clean(self, workspace: Path) -> tuple[str, ...]:
        """Remove the directories in /tmp in which the run's server had its socket."""
        prefix = workspace / _PREFIX
        return tuple(_remove_sockets(prefix)) if prefix.is_dir() else ()


class _LaunchedWine:
    probe_argv: Sequence[str] = ("cmd.exe", "/c", "exit 0")

    def __init__(self, prefix: Path, workspace: Path) -> None:
        self.workspace = workspace
        self._prefix = prefix
        self._wine, self._server = _needed("wine"), _needed("wineserver")
        self.env: Mapping[str, str] = _environment(prefix, workspace)

    def wrap(self, argv: Sequence[str]) -> list[str]:
        """Return the command that lets Wine run ``argv``."""
        # Debian's Wine 10 ends at once ("free(): invalid pointer") where TMPDIR is set.
        return ["/usr/bin/env", "--unset=TMPDIR", self._wine, *argv]

    def name_of(self, path: Path) -> str:
        """Return ``path`` as programs for Windows call it: drive Z: is this machine's root."""
        return str(PureWindowsPath("Z:/", *path.absolute().parts[1:]))

    def start_argv(self) -> list[str]:
        """Return the command that starts a server which stays: otherwise each program would wait for a new one."""
        return ["/usr/bin/env", "--unset=TMPDIR", self._server, "--persistent"]

    def close_argv(self) -> list[str]:
        """Return the command that ends the prefix's server and all programs."""
        return ["/usr/bin/env", "--unset=TMPDIR", self._server, "-k"]


def _program(name: str) -> str | None:
    found = shutil.which(name)
    if found is None and name == "wineserver":
        # Debian keeps the server out of PATH, beside the loader.
        found = next((str(path) for path in _LIBRARIES.glob("wineserver*") if os.access(path, os.X_OK)), None)
    return found


def _needed(name: str) -> str:
    found = _program(name)
    if found is None:
        message = f"the program {name} was not found"
        raise SmokeError(message, hint="On Debian: apt-get install wine wine64.")
    return found


def _version() -> str:
    try:
        done = subprocess.run(
            [_needed("wine"), "--version"], capture_output=True, text=True, check=False, timeout=_ASK_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _VERSION.search(done.stdout)
    return match[1] if match else ""


def _facts(version: str) -> dict[str, str]:
    return {
        "launcher": f"Wine {version}",
        "windows.build": f"wine-{version}",
        "windows.edition": "Wine",
        "windows.isolation": "none",
        "windows.elevated": "yes",
    }


def _template(cache_dir: Path) -> Path:
    return cache_dir / f"wine-{_version() or 'unknown'}"


def _environment(prefix: Path, home: Path) -> dict[str, str]:
    runtime = home / ".xdg"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {**_QUIET, "WINEPREFIX": str(prefix), "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}


def _make_prefix(prefix: Path, home: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **_environment(prefix, home)}
    with _server_of(env):
        try:
            done = subprocess.run(
                [_needed("wine"), "wineboot", "--init"],
                env=env,
                cwd=home,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_MAKE_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            message = f"Wine made no prefix within {_MAKE_SECONDS} seconds"
            raise SmokeError(message, hint="Try `wineboot --init` by hand.") from error
    if done.returncode or not (prefix / "drive_c" / _SHARED / "system32").is_dir():
        message = f"Wine made no prefix (exit code {done.returncode}): {done.stderr.strip()[-300:]}"
        raise SmokeError(message, hint="Try `wineboot --init` by hand.")


@contextmanager
def _server_of(env: Mapping[str, str]) -> Iterator[None]:
    """End the prefix's server after the block, so that its registry is written to disk."""
    try:
        yield
    finally:
        for option in ("-k", "-w"):
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    [_needed("wineserver"), option],
                    env=dict(env),
                    capture_output=True,
                    check=False,
                    timeout=_ASK_SECONDS,
                )


def _remove_sockets(prefix: Path) -> Iterator[str]:
    """Remove what a server leaves in /tmp, and yield what could not be removed.

    Wine names the directory by owner, device and inode of the prefix; Debian's Wine 10 by chance, and writes it down
    there.
    """
    found = prefix.stat()
    places = [_TEMPORARY / f".wine-{found.st_uid}" / f"server-{found.st_dev:x}-{found.st_ino:x}"]
    with suppress(OSError):
        name = (prefix / _SOCKET_NAME).read_text(encoding="utf-8").strip()
        if _CHANCE.fullmatch(name):
            places.append(_TEMPORARY / name)
    for place in places:
        try:
            shutil.rmtree(place)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield f"directory {place}: {error.strerror or error}"


def _copy_prefix(template: Path, prefix: Path) -> None:
    prefix.mkdir()
    for one in template.iterdir():
        if one.name == "drive_c":
            (prefix / "drive_c").mkdir()
            for part in one.iterdir():
                _copy(part, prefix / "drive_c" / part.name, shared=part.name == _SHARED)
        elif one.name not in {"dosdevices", _SOCKET_NAME}:
            _copy(one, prefix / one.name, shared=False)
    drives = prefix / "dosdevices"
    drives.mkdir()
    (drives / "c:").symlink_to("../drive_c")
    (drives / "z:").symlink_to("/")


def _copy(source: Path, target: Path, *, shared: bool) -> None:
    copy = _link if shared else shutil.copy2
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, copy_function=copy)
    else:
        copy(str(source), str(target))


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        # Another file system than the cache's, or too many links.
        shutil.copy2(source, target, follow_symlinks=False)
    return target


@hookimpl
def tracker_launchers() -> tuple[Launcher, ...]:
    """Return the launcher ``wine``."""
    return (Wine(),)
