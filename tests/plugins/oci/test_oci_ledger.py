"""What the ledger says of images, from the first look to a tag that moved and one that went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.plugins.oci.conftest import NOW
from tests.plugins.oci.images import image, index
from tracker.config import Config
from tracker.model import ChangeKind, Component, Factor, Profile
from tracker.registry import build_registry
from tracker.store import LookResult, Store
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.double import Double
    from tracker.store import Look

_LINUX = image("linux")
_OLD, _NEW = image(os_version="10.0.20348.2849"), image(os_version="10.0.20348.2966")


@dataclass
class Box:
    """A box that watches two tags; each look is an hour after the last."""

    store: Store
    config: Config
    eye: Eye
    image: str
    now: datetime = NOW

    def look(self) -> Look:
        component = Component(
            name="base",
            title="base image",
            source="oci",
            scheme="natural",
            installer="",
            options={"image": self.image, "tags": "ltsc2019 ltsc2022"},
        )
        profile = Profile(
            name="test",
            title="test",
            factors=(Factor(name="base", title="base", components=("base",)),),
            scenario="none",
            capabilities=(),
            required=(),
            host_key=(),
        )
        registry = replace(build_registry(), components={"base": component}, profiles={"test": profile})
        self.now += timedelta(hours=1)
        (look,) = poll_all(
            registry,
            profile,
            self.config,
            self.store,
            self.eye.http,
            now=lambda: self.now,
            on_event=lambda _: None,
        )
        return look

    def news(self) -> list[tuple[ChangeKind, str, str]]:
        told = self.store.changes(include_baseline=False)
        return sorted((one.kind, one.version, one.subject) for one in told)


@pytest.fixture
def box(tmp_path: Path, eye: Eye, double: Double) -> Iterator[Box]:
    double.put("ltsc2022", index(_LINUX.manifest, _OLD.manifest), _LINUX, _OLD)
    double.put_image("ltsc2019", image(os_version="10.0.17763.6532"))
    config = Config(home=tmp_path, site_dir=tmp_path / "site")
    with Store.open(config.store_path) as store:
        yield Box(store, config, eye, double.image)


def test_the_first_look_is_a_baseline_and_the_next_no_news(box: Box) -> None:
    first, second = box.look(), box.look()

    assert (first.message, second.message) == ("", "")
    assert second.result is LookResult.NO_NEWS
    assert box.news() == []
    stored = {one.release.version: one.release for one in box.store.releases()}
    assert [asset.os_version for asset in stored["ltsc2022"].assets] == ["", "10.0.20348.2849"]


def test_a_tag_that_moves_is_the_same_release_with_another_image(box: Box, double: Double) -> None:
    box.look()
    double.put("ltsc2022", index(_LINUX.manifest, _NEW.manifest), _NEW)

    look = box.look()

    assert look.result is LookResult.NEWS
    assert box.news() == [
        (ChangeKind.ASSET_ADDED, "ltsc2022", "ltsc2022 windows/amd64 10.0.20348.2966"),
        (ChangeKind.ASSET_REMOVED, "ltsc2022", "ltsc2022 windows/amd64 10.0.20348.2849"),
    ]


def test_an_image_rebuilt_under_the_same_name_is_replaced(box: Box, double: Double) -> None:
    box.look()
    again = image("linux", more="again")
    double.put("ltsc2022", index(again.manifest, _OLD.manifest), again)

    box.look()

    assert box.news() == [(ChangeKind.ASSET_REPLACED, "ltsc2022", "ltsc2022 linux/amd64")]


def test_a_registry_that_fails_changes_nothing(box: Box, double: Double) -> None:
    box.look()
    double.tags.clear()

    look = box.look()

    assert look.result is LookResult.COULD_NOT_LOOK
    assert "none of the tags that are watched" in look.message
    assert box.news() == []


def test_a_tag_that_goes_is_withdrawn_when_a_second_look_says_so_too(box: Box, double: Double) -> None:
    box.look()
    del double.tags["ltsc2019"]

    box.look()
    assert box.news() == []
    box.look()

    assert box.news() == [(ChangeKind.WITHDRAWN, "ltsc2019", "")]
