"""Runs ``tracker`` in forked copies of itself and kills them at moments that their own program passes.

Each line of standard input is a JSON document: ``directory`` to work in, ``words`` of the command, ``kind`` and
``count`` of the fatal moment, ``log`` for what the command says. The kinds: ``event`` (an audited act of Python: a
file opened, renamed or removed, a program started), ``line`` (a line of the code that stores, runs or publishes),
``statement`` (a statement of SQLite, COMMITs included), ``milliseconds`` (of time). Without a count nothing is
killed. The answer is a line with the status, negative for a signal, and how many moments of that kind passed. Nothing
in the product knows of this; programs that it starts are not affected.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from typing import Any

import psutil  # noqa: F401 - loaded once, as everything is that each copy needs

import tracker.cli.app
import tracker.cli.program
import tracker.passes.parts
import tracker.render.publish
import tracker.store.migrating
import tracker.store.store

_EVENTS = frozenset(
    {
        *("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "os.chmod", "os.utime", "os.symlink"),
        *("subprocess.Popen", "shutil.rmtree", "sqlite3.connect", "tempfile.mkdtemp", "socket.connect", "fcntl.flock"),
    }
)
_CODE = tuple(
    f"{os.sep}tracker{os.sep}{part.replace('/', os.sep)}"
    for part in ("store/", "smoke/", "passes/", "snapshot/", "durable.py", "render/publish.py", "http/download.py")
)


class Moments:
    """Counts moments, and ends the process at the chosen one."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._lock = threading.Lock()
        self.count = 0

    def pass_one(self) -> None:
        with self._lock:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _count_events(moments: Moments) -> None:
    def hook(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS:
            moments.pass_one()

    sys.addaudithook(hook)


def _count_lines(moments: Moments) -> None:
    def trace(frame: Any, event: str, _argument: object) -> Any:  # noqa: ANN401 - as sys.settrace has it
        if event == "call" and not any(part in frame.f_code.co_filename for part in _CODE):
            return None
        moments.pass_one()
        return trace

    threading.settrace(trace)
    sys.settrace(trace)


def _count_statements(moments: Moments) -> None:
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - passed on
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(lambda _: moments.pass_one())
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment]


def _count_milliseconds(moments: Moments) -> None:
    def tick() -> None:
        while True:
            time.sleep(0.001)
            moments.pass_one()

    threading.Thread(target=tick, daemon=True).start()


_COUNTING = {
    "none": lambda _: None,
    "event": _count_events,
    "line": _count_lines,
    "statement": _count_statements,
    "milliseconds": _count_milliseconds,
}


def _be_tracker(order: dict[str, Any], answers: int) -> None:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    os.chdir(order["directory"])
    sys.argv = ["tracker", *order["words"]]
    moments = Moments(order["count"])
    _COUNTING[order["kind"]](moments)
    code: object = 0
    try:
        tracker.cli.program.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.settrace(None)
        sys.stdout.flush()
        os.write(answers, f"{moments.count}".encode())
        os._exit(code if isinstance(code, int) else 1)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            with contextlib.suppress(BaseException):
                _be_tracker(order, writing)
            os._exit(99)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as stream:
            passed = stream.read()
        sys.stdout.write(f"{json.dumps([os.waitstatus_to_exitcode(status), int(passed or 0)])}\n")
        sys.stdout.flush()


main()
