"""Commands of the tracker in forked copies of one process that has loaded everything; see victim.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ended(NamedTuple):
    """How a command ended: its exit code, negative for a signal, and what it said on either output."""

    code: int
    said: str
    moments: int


class Commands:
    """Use it as a context.

    Args:
        environment: what programs need besides this process's own environment.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._server = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("victim.py")],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.communicate()

    def __call__(self, directory: Path, *words: str, kind: str = "none", count: int = 0) -> Ended:
        """Run ``tracker WORDS`` in a directory, and kill it at the count-th moment of a kind where one is given."""
        log = directory / "log"
        log.write_bytes(b"")
        order = {"directory": str(directory), "words": words, "kind": kind, "count": count, "log": str(log)}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(f"{json.dumps(order)}\n")
        self._server.stdin.flush()
        code, moments = json.loads(self._server.stdout.readline())
        said = log.read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in said, said
        assert "a fault in tracker itself" not in said, said
        return Ended(code, said, moments)
