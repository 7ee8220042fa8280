"""A log file that holds everything a service says, in a few files of bounded size."""

from __future__ import annotations

import io
import logging
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from tracker.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BYTES = 10 << 20
_FILES = 5


class _Lines(io.TextIOBase):
    """Hands every whole line on."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                self._logger.info("%s", line.rstrip())
        return len(text)


@contextmanager
def log_file(path: Path | None) -> Iterator[None]:
    """Write all that is said in the block to ``path`` instead of the terminal; ``None`` leaves it there.

    The file is turned over at 10 MB; four older ones are kept beside it. Times are local, with their offset.

    Raises:
        StoreError: it cannot be written.
    """
    if path is None:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8")
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}"
        raise StoreError(message, hint="Name another file with --log-file, or let its account write there.") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    lines = _Lines(logging.getLogger("tracker.service"))
    try:
        with redirect_stdout(lines), redirect_stderr(lines):
            yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()
