"""A GitHub on loopback with one empty repository, and watchers of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from githubdouble import GitHubDouble

from tests.plugins.github.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    with GitHubDouble() as running:
        running.world.add_repository("o/r")
        yield running


@pytest.fixture
def watcher(github: GitHubDouble, tmp_path: Path) -> Watcher:
    return Watcher(github, tmp_path)


@pytest.fixture
def anonymous(github: GitHubDouble, tmp_path: Path) -> Watcher:
    return Watcher(github, tmp_path, token="")
