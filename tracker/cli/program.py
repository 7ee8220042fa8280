"""The program ``tracker``: where every command begins, and the one place where errors become messages and exit codes.

``check`` is asked often, in scripts and before every build: what it is asked is read here without the command-line
library, and where that is not sure of a word, the whole application reads it instead.
"""

from __future__ import annotations

import io
import os
import sys

from tracker.cli.check_options import quick_question
from tracker.cli.output import finish, note
from tracker.errors import ExitCode, TrackerError


def main() -> None:
    """Run the program; ends the process with the command's exit code, and never with a traceback."""
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # What an output's encoding has no sign for is told by its number.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            _run()
        finally:
            finish(sys.stdout)
    except TrackerError as error:
        note(f"error: {error.message}")
        if error.hint:
            note(error.hint)
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        note("stopped")
        sys.exit(130)
    except Exception as error:
        # The last guard: a fault of our own is told like any other error, and whole to whoever asks for it.
        if os.environ.get("TRACKER_TRACEBACK"):
            raise
        note(f"error: a fault in tracker itself: {type(error).__name__}: {error}")
        note("Please report it with what TRACKER_TRACEBACK=1 prints.")
        sys.exit(int(ExitCode.INCOMPLETE))


def _run() -> None:
    asked = quick_question(sys.argv[1:])
    if asked is None:
        from tracker.cli.app import app

        app()
        return
    from tracker.cli.check_run import run

    sys.exit(int(run(*asked)))
