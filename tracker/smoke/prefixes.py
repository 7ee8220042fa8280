"""Installed releases beside each other, each in a directory of its own that is complete or absent.

A prefix is built in a staging directory, gets its marker last, and appears by one atomic rename; what a killed
installation left in staging is removed before the next one begins. A prefix's name holds a
digest over its assets, the installer's code and its own absolute path: a home that was moved rebuilds its prefixes,
because absolute paths are written into their files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.durable import make_directory, sync_directory, sync_file
from tracker.errors import SmokeError
from tracker.protocols import InstallRequest
from tracker.smoke.digests import code_digest
from tracker.smoke.removal import patiently
from tracker.smoke.stagings import STAGING, Stagings
from tracker.smoke.unpack import PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Component, Release
    from tracker.protocols import Installer
    from tracker.smoke.artifacts import ArtifactCache

MARKER = ".tracker-prefix.json"
_UNSAFE = re.compile(r"[^A-Za-z0-9.+~_-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixPlan:
    """What is to be installed, and by what.

    Attributes:
        component: the component.
        release: its release.
        installer: what installs it.
    """

    component: Component
    release: Release
    installer: Installer


class Prefixes:
    """All prefixes below one directory; several threads and processes may use it.

    Args:
        directory: ``home/prefixes``, absolute.
        artifacts: where the files come from.
    """

    def __init__(self, directory: Path, artifacts: ArtifactCache) -> None:
        self._directory = directory.absolute()
        self._artifacts = artifacts
        self._stagings = Stagings(self._directory / STAGING)
        self._is_swept = False
        self._locks: dict[Path, threading.Lock] = {}
        self._guard = threading.Lock()
        self._checked: set[Path] = set()
        self._codes: dict[str, str] = {}

    def path_of(self, plan: PrefixPlan) -> Path:
        """Return the absolute path that the prefix of ``plan`` has or will have."""
        release = plan.release
        assets = sorted(f"{asset.name} {asset.digest}" for asset in release.assets)
        programs = sorted(f"{name} {places}" for name, places in plan.component.binaries.items())
        code = self._code_of(plan.installer)
        parts = (str(self._directory), release.component, release.version, code, *programs, *assets)
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
        return self._directory / release.component / f"{_UNSAFE.sub('_', release.version)}-{digest}"

    def _code_of(self, installer: Installer) -> str:
        with self._guard:
            if installer.name not in self._codes:
                self._codes[installer.name] = code_digest(installer)
            return self._codes[installer.name]

    def ensure(self, plan: PrefixPlan) -> Path:
        """Return the complete prefix of ``plan``, installing it when it is not there; blocks.

        Raises:
            SmokeError: it cannot be installed here.
            SourceError: one of its files cannot be fetched.
        """
        path = self.path_of(plan)
        with self._guard:
            lock = self._locks.setdefault(path, threading.Lock())
        with lock:
            if path not in self._checked:
                try:
                    self._sweep()
                    self._set_broken_aside(path)
                    if not path.is_dir():
                        self._install(plan, path)
                except OSError as error:
                    message = f"{path}: cannot be installed: {error.strerror or error}"
                    raise SmokeError(message) from error
                self._checked.add(path)
        return path

    def _install(self, plan: PrefixPlan, path: Path) -> None:
        fetches = plan.installer.fetches
        files = {} if fetches else {asset: self._artifacts.fetch(asset) for asset in plan.release.assets}
        if not plan.release.assets:
            message = f"{plan.release.component} {plan.release.version}: has no file to install"
            raise SmokeError(message)
        make_directory(path.parent)
        with self._stagings.make() as staging:
            plan.installer.install(
                InstallRequest(
                    component=plan.component,
                    release=plan.release,
                    files=files,
                    staging=staging,
                    prefix=path,
                    unpacker=PrefixUnpacker(staging),
                    http=self._artifacts.http,
                )
            )
            _write_marker(staging, plan)
            _publish(staging, path)

    def _sweep(self) -> None:
        with self._guard:
            if self._is_swept:
                return
            if problems := [*self._stagings.sweep(), *self._artifacts.sweep()]:
                message = f"what an earlier installation left behind cannot be removed: {'; '.join(problems)}"
                raise SmokeError(message, hint="Remove it by hand.")
            self._is_swept = True

    def _set_broken_aside(self, path: Path) -> None:
        if path.is_dir() and not is_complete(path):
            with self._stagings.make() as aside:
                path.rename(aside / path.name)


def is_complete(prefix: Path) -> bool:
    """Return whether ``prefix`` has its marker, and every file that the marker lists with its size."""
    try:
        files = json.loads((prefix / MARKER).read_text(encoding="utf-8"))["files"]
        return all((prefix / name).lstat().st_size == size for name, size in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _write_marker(staging: Path, plan: PrefixPlan) -> None:
    told = {
        "component": plan.release.component,
        "version": plan.release.version,
        "assets": {asset.name: asset.digest for asset in plan.release.assets},
    }
    mark_complete(staging, told)


def mark_complete(directory: Path, told: Mapping[str, object]) -> None:
    """Bring all files of ``directory`` to the disk and write its marker, which lists them and says what is ``told``."""
    files: dict[str, int] = {}
    for place, _, names in os.walk(directory):
        for name in names:
            path = Path(place, name)
            files[path.relative_to(directory).as_posix()] = path.lstat().st_size
            if not path.is_symlink():
                sync_file(path)
        sync_directory(Path(place))
    path = directory / MARKER
    path.write_text(json.dumps({**told, "files": dict(sorted(files.items()))}, indent=1), encoding="utf-8")
    sync_file(path)
    sync_directory(directory)


def _publish(staging: Path, path: Path) -> None:
    try:
        patiently(lambda: staging.rename(path))
    except OSError:
        if not is_complete(path):  # otherwise another process was first, with the same bytes
            raise
    sync_directory(path.parent)
