"""Environments beside each other, each at a place of its own that is complete or does not count.

An environment holds its own absolute path in many files, so that it is made where it stays: its marker is written
last, and what has none is thrown away by whoever comes next. Its name holds a digest over all that is in it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.smoke.digests import code_digest
from tracker.smoke.locks import FileLock
from tracker.smoke.prefixes import is_complete, mark_complete

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model import Combination
    from tracker.protocols import EnvironmentBuilder, EnvironmentRequest, Resolution

_LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An environment to have.

    Attributes:
        builder: what makes it.
        request: of what.
        resolution: what it comes to.
    """

    builder: EnvironmentBuilder
    request: EnvironmentRequest
    resolution: Resolution


class Environments:
    """All environments below one directory; several threads and processes may use it.

    Args:
        directory: ``home/environments``, absolute.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.absolute()
        self._guard = threading.Lock()
        self._locks: dict[Path, threading.Lock] = {}

    def ensure(self, wanted: Wanted) -> Path:
        """Return the complete environment, making it when it is not there; blocks.

        Raises:
            SmokeError: it cannot be made here.
            SourceError: a file of it cannot be fetched.
        """
        path = self.path_of(wanted)
        with self._guard:
            lock = self._locks.setdefault(path, threading.Lock())
        with lock:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(path.with_name(f"{path.name}.lock")):
                    if not is_complete(path):
                        self._make(wanted, path)
            except OSError as error:
                message = f"{path}: cannot be made: {error.strerror or error}"
                raise SmokeError(message) from error
        return path

    def path_of(self, wanted: Wanted) -> Path:
        """Return the absolute path that the environment has or will have."""
        builder = wanted.builder
        parts = (str(self._directory), code_digest(builder), closure_digest(wanted.resolution))
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
        return self._directory / builder.name / digest

    def moved(self, wanted: Wanted) -> tuple[str, ...]:
        """Return what came to be another version since this combination was last resolved here, and remember it."""
        now = {part.name: part.version for part in wanted.resolution.parts}
        path = self._last_path(wanted.builder, wanted.request.combination)
        before = _read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{threading.get_ident()}")
        part.write_text(json.dumps(now), encoding="utf-8")
        part.replace(path)
        if not before:
            return ()
        names = sorted(before.keys() | now.keys())
        absent = "nothing"
        return tuple(
            f"{name} {before.get(name, absent)} -> {now.get(name, absent)}"
            for name in names
            if before.get(name) != now.get(name)
        )

    def _last_path(self, builder: EnvironmentBuilder, combination: Combination) -> Path:
        return self._directory / builder.name / _LAST / f"{combination.slug}.json"

    @staticmethod
    def _make(wanted: Wanted, path: Path) -> None:
        if path.exists():
            shutil.rmtree(path)
        path.mkdir()
        try:
            wanted.builder.fill(wanted.request, wanted.resolution, path)
            mark_complete(path, {"parts": {part.file: part.digest for part in wanted.resolution.parts}})
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise


def closure_digest(*resolutions: Resolution) -> str:
    """Return the digest over all that environments come to; empty for none."""
    if not resolutions:
        return ""
    told = sorted(
        [sorted((part.name, part.version, part.digest) for part in one.parts), sorted(one.facts.items())]
        for one in resolutions
    )
    return f"sha256:{hashlib.sha256(json.dumps(told).encode()).hexdigest()}"


def _read(path: Path) -> dict[str, str]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(version) for name, version in told.items()} if isinstance(told, dict) else {}
