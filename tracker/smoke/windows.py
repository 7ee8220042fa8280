"""Job Objects: all that a run starts on Windows belongs to one job, and ends with it.

A program is started suspended, put into the job, and only then let go, so that nothing of it can be outside (Raymond
Chen, "A way to create a process already in a job", devblogs.microsoft.com/oldnewthing/20131209-00). The job's handle
is not inherited: when this process ends, however it ends, its last handle goes, and Windows ends what is in the job.
"""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING, cast

import psutil

from tracker.smoke.limits import NO_LIMITS, RunLimits, mib
from tracker.smoke.native import NativeIsolation

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

_SUSPENDED = 0x00000004
_NEW_GROUP = 0x00000200
_NO_WINDOW = 0x08000000
"""CREATE_SUSPENDED, CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW of CreateProcess (winbase.h)."""
_END_SECONDS = 10.0
_PAUSE_SECONDS = 0.05

if sys.platform == "win32":
    import ctypes

    import pywintypes
    import win32api
    import win32job

    _NO_DIALOGS = 0x0001 | 0x0002 | 0x8000
    """SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX and SEM_NOOPENFILEERRORBOX: a crash waits for nobody's click."""

    def is_elevated() -> bool:
        """Return whether this process has an administrator's rights now."""
        return bool(ctypes.windll.shell32.IsUserAnAdmin())

    class JobIsolation(NativeIsolation):
        """One Job Object for one run."""

        def __init__(self, limits: RunLimits = NO_LIMITS) -> None:
            # Ctrl-Break is heard by programs at this process's own console alone. Where there is none (a service),
            # there is nobody to hear it, and nobody shall see a window.
            has_console = bool(ctypes.windll.kernel32.GetConsoleCP())
            self.creation_flags = _SUSPENDED | _NEW_GROUP | (0 if has_console else _NO_WINDOW)
            self.is_root = is_elevated()
            self.facts: Mapping[str, str] = {}
            # Inherited by what is started.
            win32api.SetErrorMode(_NO_DIALOGS)  # type: ignore[no-untyped-call]
            # The stubs say that nothing comes of it; it is a handle.
            self._job = cast("Any", win32job.CreateJobObject(None, ""))
            told = win32job.QueryInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation)
            flags = win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | win32job.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            if limits.memory_bytes:
                flags |= win32job.JOB_OBJECT_LIMIT_JOB_MEMORY
                told["JobMemoryLimit"] = limits.memory_bytes
            if limits.processes:
                flags |= win32job.JOB_OBJECT_LIMIT_ACTIVE_PROCESS
                told["BasicLimitInformation"]["ActiveProcessLimit"] = limits.processes
            told["BasicLimitInformation"]["LimitFlags"] = flags
            win32job.SetInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation, told)
            self._limits = limits

        def wrap(self, argv: Sequence[str], cwd: Path) -> list[str]:  # noqa: ARG002 - the process has it already
            """Return ``argv``: it is put into the job by ``adopt``."""
            return list(argv)

        def adopt(self, popen: subprocess.Popen[bytes]) -> None:
            """Put the suspended program into the job and let it go.

            Raises:
                OSError: Windows refuses; the program was ended before it did anything.
            """
            try:
                win32job.AssignProcessToJobObject(self._job, int(popen._handle))  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public holds it
                psutil.Process(popen.pid).resume()
            except (pywintypes.error, psutil.Error) as error:
                popen.kill()
                message = f"the program cannot be put into the run's job: {error}"
                raise OSError(message) from error

        def terminate(self, popen: subprocess.Popen[bytes]) -> None:
            """Press Ctrl-Break for its process group; end it at once where there is no console to press it at."""
            try:
                popen.send_signal(signal.CTRL_BREAK_EVENT)
            except OSError:
                popen.terminate()

        def is_alive(self) -> bool:
            """Return true: a job stands until it is closed."""
            return True

        def reached(self) -> str:
            """Return which bound of the job was reached."""
            told = win32job.QueryInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation)
            most = self._limits.memory_bytes
            if most and told["PeakJobMemoryUsed"] > most - most // 100:
                return f"the run wanted more memory than it may have ({mib(most)})"
            if self._limits.processes and len(self._members()) >= self._limits.processes:
                return f"the run wanted more processes than it may have ({self._limits.processes})"
            return ""

        def abort(self) -> None:
            """End all that is in the job."""
            win32job.TerminateJobObject(self._job, 1)

        def close(self) -> tuple[str, ...]:
            """End all that is in the job, and return what does not end."""
            win32job.TerminateJobObject(self._job, 1)
            until = time.monotonic() + _END_SECONDS
            while (left := self._members()) and time.monotonic() < until:
                time.sleep(_PAUSE_SECONDS)
            self._job.Close()
            return tuple(f"process {pid}: does not end" for pid in left)

        def _members(self) -> tuple[int, ...]:
            return tuple(win32job.QueryInformationJobObject(self._job, win32job.JobObjectBasicProcessIdList))
