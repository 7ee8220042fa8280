"""Runs a program to its end: no shell, bounded time, bounded output, and nothing of it left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_READ_BYTES = 1 << 16
_TAIL_BYTES = 64 << 10
_GUARD_SECONDS = 0.5
_KILL_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended.

    Attributes:
        exit_code: negative for a signal.
        stdout: all that it wrote there.
        stderr: the end of what it wrote there.
        stopped: why it was ended before its time; empty when it ended by itself.
    """

    exit_code: int
    stdout: bytes
    stderr: bytes
    stopped: str = ""


def run(  # noqa: PLR0913 - each is a bound or an input of the program
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    directory: Path,
    stdin: bytes,
    seconds: float,
    most_bytes: int,
    guard: Callable[[], str] | None = None,
) -> Ended:
    """Run a program and wait for its end; blocks for ``seconds`` at most.

    Args:
        argv: program and arguments.
        env: its whole environment.
        directory: where it starts.
        stdin: what it reads.
        seconds: after which it is ended, with all that it started.
        most_bytes: of standard output, beyond which it is ended likewise.
        guard: asked about twice a second; when it returns a reason, the program is ended for that.

    Raises:
        OSError: the program cannot be started.
    """
    started = subprocess.Popen(
        argv,
        env=dict(env),
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A group of its own, so that the helpers that git starts end with it.
        start_new_session=os.name != "nt",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if os.name == "nt" else 0,
    )
    try:
        return _await(started, stdin, seconds=seconds, most_bytes=most_bytes, guard=guard)
    finally:
        if started.poll() is None:
            _kill(started)


def _await(
    started: subprocess.Popen[bytes],
    stdin: bytes,
    *,
    seconds: float,
    most_bytes: int,
    guard: Callable[[], str] | None,
) -> Ended:
    out = _Reader(_pipe(started.stdout), most_bytes)
    errors = _Reader(_pipe(started.stderr), None)
    threading.Thread(target=_feed, args=(_pipe(started.stdin), stdin), daemon=True).start()
    until = time.monotonic() + seconds
    stopped = ""
    while not (stopped or out.ended.wait(min(_GUARD_SECONDS, max(until - time.monotonic(), 0.0)))):
        if time.monotonic() >= until:
            stopped = f"it did not end within {seconds:g} seconds"
        elif guard is not None:
            stopped = guard()
    if out.is_full:
        stopped = f"it says more than {most_bytes} bytes"
    if not stopped:
        try:
            started.wait(max(until - time.monotonic(), 1.0))
        except subprocess.TimeoutExpired:
            stopped = f"it did not end within {seconds:g} seconds"
    if stopped:
        _kill(started)
    out.ended.wait(_KILL_SECONDS)
    errors.ended.wait(_KILL_SECONDS)
    code = started.wait(_KILL_SECONDS)
    return Ended(exit_code=code, stdout=out.kept(), stderr=errors.kept(), stopped=stopped)


class _Reader:
    """Reads a pipe to its end in a thread; keeps all up to ``most_bytes``, or without such a bound the end."""

    def __init__(self, stream: IO[bytes], most_bytes: int | None) -> None:
        self.ended = threading.Event()
        self.is_full = False
        self._stream = stream
        self._most = most_bytes
        self._kept = bytearray()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self._stream:
            while data := os.read(self._stream.fileno(), _READ_BYTES):
                self._kept += data
                if self._most is None:
                    del self._kept[:-_TAIL_BYTES]
                elif len(self._kept) > self._most:
                    self.is_full = True
                    break
        self.ended.set()

    def kept(self) -> bytes:
        return bytes(self._kept)


def _feed(stream: IO[bytes], data: bytes) -> None:
    try:
        with stream:
            stream.write(data)
    except OSError:
        return  # it does not have to read everything


def _kill(started: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        # Ending git alone would leave its helper talking to the host.
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
        tree = [str(program), "/T", "/F", "/PID", str(started.pid)]
        subprocess.run(tree, capture_output=True, check=False, timeout=_KILL_SECONDS)
        started.kill()
        return
    try:
        os.killpg(started.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended in between


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        message = "the pipe was not opened"
        raise RuntimeError(message)
    return stream
