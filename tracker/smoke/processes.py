"""Programs that run for a step or beside the steps, with bounded output and without a way to outlive their run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tracker.smoke.isolation import Isolation

_HEAD_BYTES = 64 << 10
_TAIL_BYTES = 192 << 10
_DRAIN_SECONDS = 0.5
_KILL_SECONDS = 10.0


class Collector:
    """Reads a pipe to its end in a thread of its own and keeps the beginning and the end of what came.

    Args:
        stream: the reading end; closed here.
        most: bytes after which no more is read; 0 for no bound.
        on_excess: called then, once, from the thread that reads.
    """

    def __init__(self, stream: IO[bytes], most: int = 0, on_excess: Callable[[], None] = lambda: None) -> None:
        self.is_excessive = False
        self._most = most
        self._on_excess = on_excess
        self._length = 0
        self._stream = stream
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._stream:
            while data := os.read(self._stream.fileno(), 1 << 16):
                with self._lock:
                    self._keep(data)
                self._length += len(data)
                if self._most and self._length > self._most:
                    # The pipe is closed besides: whoever else still writes into it gets to know at once.
                    self.is_excessive = True
                    break
        if self.is_excessive:
            self._on_excess()

    def _keep(self, data: bytes) -> None:
        room = _HEAD_BYTES - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        excess = len(self._tail) - _TAIL_BYTES
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def finish(self, seconds: float) -> None:
        """Wait for the end of the stream, but no longer than ``seconds``: a grandchild may hold it open."""
        self._thread.join(seconds)

    def text(self) -> str:
        """Return what is kept, as UTF-8 with replacement; what was left out in between is said."""
        with self._lock:
            head, tail, dropped = bytes(self._head), bytes(self._tail), self._dropped
        between = f"\n[... {dropped} bytes left out ...]\n".encode() if dropped else b""
        return (head + between + tail).decode("utf-8", "replace")


class Running:
    """One started program; implements ``protocols.Process``.

    Args:
        isolation: where it runs.
        argv: program and arguments.
        env: its whole environment.
        cwd: where it starts.
        stdin: what it can read.
        most_output: bytes of an output after which it is ended; 0 for no bound.
    """

    def __init__(
        self,
        isolation: Isolation,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdin: str = "",
        most_output: int = 0,
    ) -> None:
        self._isolation = isolation
        self._popen = subprocess.Popen(
            isolation.wrap(argv, cwd),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            creationflags=isolation.creation_flags,
        )
        isolation.adopt(self._popen)
        # Popen.wait with a time limit polls with pauses of up to 50 ms; an event costs nothing.
        self._ended = threading.Event()
        self.stdout = Collector(_pipe(self._popen.stdout), most_output, self.kill)
        self.stderr = Collector(_pipe(self._popen.stderr), most_output, self.kill)
        threading.Thread(target=self._await, daemon=True).start()
        if stdin:
            threading.Thread(target=self._feed, args=(stdin.encode(),), daemon=True).start()

    def _await(self) -> None:
        self._popen.wait()
        self._ended.set()

    def _feed(self, data: bytes) -> None:
        try:
            with _pipe(self._popen.stdin) as pipe:
                pipe.write(data)
        except BrokenPipeError:
            return  # it does not have to read everything

    def exit_code(self) -> int | None:
        """Return how it ended, negative for a signal, or ``None`` while it runs."""
        return self._popen.returncode if self._ended.is_set() else None

    @property
    def is_excessive(self) -> bool:
        """Whether it was ended because it wrote without end."""
        return self.stdout.is_excessive or self.stderr.is_excessive

    def output(self) -> str:
        """Return all that it has written so far, standard output first."""
        return "".join(part for part in (self.stdout.text(), self.stderr.text()) if part)

    def wait(self, seconds: float) -> int | None:
        """Wait for its end and its output; ``None`` when it still runs after ``seconds``."""
        if not self._ended.wait(max(seconds, 0.0)):
            return None
        self.stdout.finish(_DRAIN_SECONDS)
        self.stderr.finish(_DRAIN_SECONDS)
        return self._popen.returncode

    def stop(self, *, grace_seconds: float) -> int | None:
        """Ask it to end, end it after ``grace_seconds``, and return its exit code (negative for a signal)."""
        if not self._ended.is_set():
            self._isolation.terminate(self._popen)
            if self.wait(grace_seconds) is None:
                self.kill()
        return self.wait(_KILL_SECONDS)

    def kill(self) -> None:
        """End it and all of its session at once."""
        if self._ended.is_set():
            return
        if sys.platform == "win32":
            self._popen.kill()
            return
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it ended in between


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        message = "the pipe was not opened"
        raise RuntimeError(message)
    return stream
