"""Repositories that are read from mirrors: by the same rules as every other connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.git.web import Web, serving
from tracker.errors import OfflineError
from tracker.model import Tag
from tracker.protocols import NetworkSettings
from tracker.protocols.network import Rewrite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.git.history import History, Look


def test_a_repository_is_read_from_its_mirror_which_is_shown_no_password(look: Look, history: History) -> None:
    with serving(Web(history.directory.parent)) as mirror:
        look.address = "https://somebody:secret@git.invalid/team/wcn.git"
        look.network = NetworkSettings(rewrites=(Rewrite(prefix="git.invalid/team", target=mirror.address),))

        assert look.sightings(Tag)

        assert mirror.heard
        assert all(line.endswith(" -") for line in mirror.heard)


def test_offline_a_mirror_on_this_machine_is_read_and_nobody_else_asked(
    look: Look, history: History, tmp_path: Path
) -> None:
    rule = Rewrite(prefix="git.invalid", target=history.directory.parent.as_uri())
    look.network = NetworkSettings(offline=True, rewrites=(rule,))
    look.address = f"https://git.invalid/{history.directory.name}"
    assert look.sightings(Tag)

    look.address, look.cache = "https://other.invalid/wcn.git", tmp_path / "other"
    with pytest.raises(OfflineError, match="offline is true"):
        look.look()


def test_a_repository_that_moved_to_a_host_with_a_mirror_is_read_from_the_mirror(look: Look, history: History) -> None:
    with serving(Web(history.directory.parent)) as mirror, serving(Web(history.directory.parent)) as old:
        old.redirect = "https://moved.invalid"
        look.address = f"{old.address}/wcn.git"
        look.network = NetworkSettings(rewrites=(Rewrite(prefix="moved.invalid", target=mirror.address),))

        assert look.sightings(Tag)

        assert mirror.heard
