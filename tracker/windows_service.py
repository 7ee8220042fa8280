"""The process that Windows starts for a service: speaks with the service control manager and runs the daemon.

Windows alone imports pywin32; see the documentation of ``servicemanager`` for a service in a process of its own.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from tracker.passes.part import Part


def read_arguments(argv: list[str]) -> argparse.Namespace:
    """Return what the service was installed with: ``name``, ``config``, ``part`` and ``log_file``."""
    parser = argparse.ArgumentParser(prog="tracker.windows_service")
    parser.add_argument("--name", required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--part", type=Part, required=True)
    parser.add_argument("--log-file", type=Path, required=True)
    return parser.parse_args(argv)


if sys.platform == "win32":
    import servicemanager
    import win32service
    import win32serviceutil

    class TrackerService(win32serviceutil.ServiceFramework):
        """The daemon as Windows sees it; which one it is, ``main`` reads from the command line."""

        _svc_name_ = "tracker"
        _svc_display_name_ = "tracker"
        arguments: argparse.Namespace

        def __init__(self, args: list[str]) -> None:
            super().__init__(args)
            self._stopping = threading.Event()

        def SvcStop(self) -> None:  # noqa: N802 - the name that pywin32 calls
            """Hear that the service, or the machine, is to stop."""
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, waitHint=300_000)
            self._stopping.set()

        def SvcShutdown(self) -> None:  # noqa: N802 - the name that pywin32 calls
            """Hear that the machine shuts down."""
            self.SvcStop()

        def SvcDoRun(self) -> None:  # noqa: N802 - the name that pywin32 calls
            """Run until it is to stop; what cannot begin at all is in the event log and ends the service."""
            servicemanager.LogInfoMsg(f"{self._svc_name_}: started, log file {self.arguments.log_file}")
            try:
                self._run()
            except Exception as error:
                servicemanager.LogErrorMsg(f"{self._svc_name_}: {type(error).__name__}: {error}")
                raise
            servicemanager.LogInfoMsg(f"{self._svc_name_}: stopped")

        def _run(self) -> None:
            from tracker.cli.daemon import run_part
            from tracker.cli.log_file import log_file
            from tracker.config import read_config
            from tracker.passes.workplace import open_workplace

            def told(error: str) -> None:
                servicemanager.LogErrorMsg(f"{self._svc_name_}: a pass could not be made: {error}")

            with log_file(self.arguments.log_file):
                place = open_workplace(read_config(self.arguments.config))
                run_part(place, self.arguments.part, stopping=self._stopping, on_failure=told)

    def main() -> None:
        """Connect to the service control manager, which started this process."""
        TrackerService.arguments = read_arguments(sys.argv[1:])
        TrackerService._svc_name_ = TrackerService.arguments.name
        servicemanager.Initialize(TrackerService.arguments.name, None)
        servicemanager.PrepareToHostSingle(TrackerService)
        servicemanager.StartServiceCtrlDispatcher()  # type: ignore[no-untyped-call]

    if __name__ == "__main__":
        main()
