"""Runs a program of this machine for an outlet: bounded in time, with a failure that can be shown to anybody."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from tracker.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_USER = re.compile(r"(?<=://)[^/@\s]+@")
_SECRET = re.compile(r"\b(?:gh[a-z]_|github_pat_|glpat-)\w+|(?i:(?<=bearer )|(?<=basic ))\S+")
_LONGEST = 300
_TAIL = 64 << 10


class OutletError(RenderError):
    """The site could not be put where it should go besides its directory."""


def run(
    arguments: Sequence[str], *, directory: Path, seconds: float, env: Mapping[str, str] | None = None, stdin: str = ""
) -> str:
    """Return what the program wrote to its standard output; blocks.

    Args:
        arguments: the program and what it is told; never a shell.
        directory: where it starts.
        seconds: after which it is ended, with all that it started.
        env: more of its environment; it has that of this process otherwise.
        stdin: what it reads; UTF-8.

    Raises:
        OutletError: it cannot be started, ended with another code than 0, or was ended for its time.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin.encode("utf-8", "surrogateescape"))
        given.seek(0)
        try:
            process = subprocess.Popen(
                arguments,
                cwd=directory,
                env={**os.environ, **(env or {})},
                stdin=given,
                stdout=out,
                stderr=err,
                start_new_session=sys.platform != "win32",
            )
        except (OSError, ValueError) as error:
            message = f"{arguments[0]}: cannot be started: {getattr(error, 'strerror', None) or error}"
            raise OutletError(message) from error
        _wait(process, arguments[0], seconds)
        out.seek(0)
        if process.returncode:
            err.seek(max(0, err.seek(0, os.SEEK_END) - _TAIL))
            said = _last_line(err.read()) or f"exit code {process.returncode}"
            message = f"{arguments[0]}: {said}"
            raise OutletError(message)
        return out.read().decode("utf-8", "replace")


def shown(text: str) -> str:
    """Return ``text`` without what may be a password or a token, in printable characters."""
    masked = _SECRET.sub("***", _USER.sub("***@", text))
    return "".join(letter for letter in masked if letter.isprintable())[:_LONGEST]


def _last_line(stderr: bytes) -> str:
    lines = [line.strip() for line in re.split(r"[\r\n]+", stderr.decode("utf-8", "replace")) if line.strip()]
    # What another machine says comes before what git makes of it.
    told = [line for line in lines if line.startswith(("remote:", "!"))]
    told = told or [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return shown(told[-1]) if told else ""


def _wait(process: subprocess.Popen[bytes], name: str, seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        message = f"{name}: was ended after {seconds:g} seconds"
        raise OutletError(message, hint="[site.publish] minutes says how long it may take.") from error
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with what it started."""
    if sys.platform == "win32":
        program = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")  # noqa: PTH118
        subprocess.run([program, "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
