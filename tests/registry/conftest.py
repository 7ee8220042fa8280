"""Plugins as third parties ship them: modules and a dist-info directory on the import path."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Install(Protocol):
    """Puts one distribution with one module on the import path."""

    def __call__(self, module: str, source: str, *entry_points: str) -> None:
        """Install ``module``; without ``entry_points`` it has one, named like the module."""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return how to install a third party's plugin for the length of the test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def put(module: str, source: str, *entry_points: str) -> None:
        (tmp_path / f"{module}.py").write_text(f"from tracker.api import *\n{source}", encoding="utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
        lines = entry_points or (f"{module} = {module}",)
        (info / "entry_points.txt").write_text("\n".join(("[tracker]", *lines, "")), encoding="utf-8")
        importlib.invalidate_caches()

    yield put
    for name in set(sys.modules) - before:
        if not name.startswith("tracker"):
            del sys.modules[name]


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a directory that is searched for bundled plugins instead of the real one."""
    package = importlib.import_module("tracker.plugins")
    directory = tmp_path / "bundled"
    directory.mkdir()
    monkeypatch.setattr(package, "__path__", [str(directory)])
    before = set(sys.modules)
    yield directory
    for name in set(sys.modules) - before:
        if name.startswith("tracker.plugins."):
            del sys.modules[name]
            vars(package).pop(name.split(".")[2], None)
