"""What nobody is told to install, and where the rest is fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from tracker.model import Asset, AssetRole, Combination, Factor, Profile, Release
from tracker.passes.recommending import downloads, never_recommended
from tracker.store import Offer, StoredRelease

if TYPE_CHECKING:
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ENGINE = Factor(name="engine", title="", components=("dieselengine",))
FUEL = Factor(name="fuel", title="", components=("oil", "gas"))
SPEC = Factor(name="spec", title="", variants=("2", "1"))
PROFILE = Profile(
    name="cars",
    title="",
    factors=(FUEL, ENGINE, SPEC),
    scenario="drive",
    capabilities=("drives",),
    required=("drives",),
    host_key=(),
)
PLACE = cast("Workplace", SimpleNamespace(profile=PROFILE))
OFFER = Offer(source="shop", target="t", line="1", channel="stable", since=NOW, until=None)
RELEASE = Release(component="dieselengine", version="1.2", upstream_version="1.2", line="1", channel="stable")


def stored(release: Release = RELEASE, offers: tuple[Offer, ...] = (OFFER,)) -> StoredRelease:
    return StoredRelease(id=1, release=release, first_seen_at=NOW, offers=offers)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        pytest.param(stored(replace(RELEASE, is_prerelease=True)), "pre-release", id="a release candidate"),
        pytest.param(stored(replace(RELEASE, version="file:ab12cd34ef56")), "this machine", id="a local file"),
        pytest.param(stored(RELEASE, offers=()), "No upstream offers it", id="a withdrawn release"),
        pytest.param(
            stored(replace(RELEASE, assets=(Asset(name="e.zip", url="u", distrust="Its digests disagree."),))),
            "e.zip is not trusted: Its digests disagree.",
            id="a file with two digests",
        ),
    ],
)
def test_each_is_named_with_its_reason(one: StoredRelease, why: str) -> None:
    found = never_recommended(PLACE, [one])

    assert list(found) == [ENGINE.value(one.release.version)]
    assert why in found[ENGINE.value(one.release.version)]


def test_a_release_that_is_offered_may_be_recommended_and_tools_are_no_question() -> None:
    tool = replace(RELEASE, component="tool", is_prerelease=True)

    assert never_recommended(PLACE, [stored(), stored(tool)]) == {}


def test_a_value_with_alternatives_is_named_with_its_component() -> None:
    gas = replace(RELEASE, component="gas", is_prerelease=True)

    assert list(never_recommended(PLACE, [stored(gas)])) == [FUEL.value("1.2", "gas")]


def test_downloads_come_in_the_profiles_order_with_the_libraries_of_each() -> None:
    main, library = Asset(name="a", url="a"), Asset(name="b", url="b", role=AssetRole.LIBRARY)
    engine, fuel = ENGINE.value("1.2"), FUEL.value("3", "gas")
    judged = cast(
        "Judged",
        SimpleNamespace(
            installable={
                engine: replace(RELEASE, assets=(main, library)),
                fuel: replace(RELEASE, component="gas", assets=(main,)),
            }
        ),
    )

    found = downloads(PLACE, judged, Combination.of([engine, fuel, SPEC.value("2")]))

    assert [(one.value, one.asset.name) for one in found] == [(fuel, "a"), (engine, "a"), (engine, "b")]
