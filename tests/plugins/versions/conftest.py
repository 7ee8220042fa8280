"""The orders of versions, as the host has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import VersionScheme


@pytest.fixture(scope="session")
def schemes() -> Mapping[str, VersionScheme]:
    return build_registry().version_schemes
