"""A world with a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.watch.world import World
from tracker.config import Config
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    config = Config(home=tmp_path, site_dir=tmp_path / "site")
    with Store.open(config.store_path) as store:
        yield World(store, config)
