"""A real store on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "tracker.sqlite"


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    with Store.open(store_path, busy_timeout_seconds=20) as opened:
        yield opened
