from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.watch.world import START, observed, release
from tracker.model import Asset, Condition, Declaration, DeclarationKind, Expectation
from tracker.watch import live_axes

if TYPE_CHECKING:
    from tests.watch.world import World
    from tracker.model import Release

WINDOWS = "windows/amd64"


def _axes(world: World, policy: dict[str, Any] | None = None, **pins: str) -> dict[str, list[str]]:
    axes = live_axes(world.profile, world.registry, world.store.releases(), pins, **(policy or {}))
    return {axis.name: [value.text for value in axis.values] for axis in axes}


def _offer(world: World, *releases: Release) -> None:
    world.second.answers = {"z": observed(*releases)}
    world.look()


def _ends(line: str, until: date, component: str = "c") -> Declaration:
    return Declaration(
        id=f"{component} {line} {until}",
        kind=DeclarationKind.SUPPORT,
        expectation=Expectation.NOTHING,
        conditions=(Condition(name=component, lines=(line,)),),
        sentence="",
        provenance="",
        until=until,
    )


def test_the_newest_of_each_line_is_live_newest_first_alternatives_in_order(world: World) -> None:
    world.first.answers = {
        "x": observed(release("a", "1.9"), release("a", "1.10"), release("b", "7.0")),
        "y": observed(release("a", "1.2", line="two"), release("a", "3.0", line="three")),
    }
    world.look()

    assert _axes(world) == {"either": ["a@3.0", "a@1.10", "a@1.2", "b@7.0"], "c": [], "shape": ["round", "square"]}


def test_two_targets_of_one_line_have_one_live_version(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.2")), "security": observed(release("a", "1.1"))}
    world.look()

    assert _axes(world)["either"] == ["a@1.2"]


def test_what_is_offered_no_more_is_live_only_while_it_is_pinned(world: World) -> None:
    _offer(world, release("c", "1.0"))
    _offer(world, release("c", "2.0"))

    assert _axes(world)["c"] == ["2.0"]
    assert _axes(world, c="1.0")["c"] == ["2.0", "1.0"]
    assert _axes(world, c="2.0")["c"] == ["2.0"]


def test_a_pin_that_nobody_has_seen_adds_nothing(world: World) -> None:
    _offer(world, release("c", "1.0"))

    assert _axes(world, c="9.9", shape="oval", either="absent", other="1")["c"] == ["1.0"]


def test_a_pin_may_name_the_component(world: World) -> None:
    world.first.answers = {"x": observed(release("b", "1.0"))}
    world.look()
    world.first.answers = {"x": observed(release("b", "2.0"))}
    world.look()

    assert _axes(world, b="1.0")["either"] == _axes(world, either="b@1.0")["either"] == ["b@2.0", "b@1.0"]


def _four_lines(world: World) -> None:
    _offer(world, *(release("c", f"{line}.{patch}", line=str(line)) for line in (1, 2, 3, 4) for patch in (8, 9, 10)))


def test_only_so_many_of_the_newest_lines_are_live(world: World) -> None:
    world.live_lines["c"] = 2
    _four_lines(world)

    assert _axes(world)["c"] == ["4.10", "3.10"]


def test_a_line_whose_support_has_ended_gives_way_to_an_older_one_that_lasts(world: World) -> None:
    world.live_lines["c"] = 2
    _four_lines(world)
    today = START.date()
    declared = [_ends("3", today - timedelta(days=1)), _ends("4", today), _ends("2", today, component="a")]

    assert _axes(world, {"declarations": declared, "now": START})["c"] == ["4.10", "2.10"]
    extended = [*declared, _ends("3", today + timedelta(days=9))]
    assert _axes(world, {"declarations": extended, "now": START})["c"] == ["4.10", "3.10"]


def test_lines_stay_live_when_the_support_of_all_of_them_has_ended(world: World) -> None:
    _offer(world, release("c", "1.0", line="1"), release("c", "2.0", line="2"))
    declared = [_ends(line, date(2020, 1, 1)) for line in ("1", "2")]

    assert _axes(world, {"declarations": declared, "now": START})["c"] == ["2.0", "1.0"]


def test_a_prerelease_is_live_only_while_it_is_pinned(world: World) -> None:
    world.live_lines["c"] = 2
    coming = replace(release("c", "2.1", line="2"), is_prerelease=True)
    far = replace(release("c", "3.0", line="3"), is_prerelease=True)
    _offer(world, release("c", "1.0", line="1"), release("c", "2.0", line="2"), coming, far)

    assert _axes(world)["c"] == ["2.0", "1.0"]
    assert _axes(world, c="3.0")["c"] == ["3.0", "2.0", "1.0"]


def test_an_archive_that_offers_nothing_else_offers_its_release_candidate(world: World) -> None:
    only = replace(release("c", "1.0", line="old suite"), is_prerelease=True)
    passed_over = replace(release("c", "3.0", line="new suite"), is_prerelease=True)
    _offer(world, only, release("c", "2.0", line="new suite"), passed_over)

    assert _axes(world)["c"] == ["2.0", "1.0"]


@pytest.mark.parametrize(
    "flaw",
    [
        {"awaits": (WINDOWS,)},
        {"assets": (Asset(name="c.zip", url="u", platform=WINDOWS, distrust="Its digests disagree."),)},
        {"published_at": START - timedelta(hours=23)},
    ],
    ids=["awaits its file", "file distrusted", "too young"],
)
def test_the_next_older_one_takes_the_place_of_one_that_cannot_be_tried(world: World, flaw: dict[str, Any]) -> None:
    world.platforms = (WINDOWS,)
    old = replace(release("c", "1.0"), published_at=START - timedelta(days=9))
    new = replace(release("c", "1.1"), published_at=START - timedelta(hours=25))
    policy = {"now": START, "minimum_age": timedelta(days=1)}

    _offer(world, old, new)
    assert _axes(world, policy)["c"] == ["1.1"]
    _offer(world, old, replace(new, **flaw))
    assert _axes(world, policy)["c"] == ["1.0"]


def test_a_file_for_another_platform_keeps_nothing_back(world: World) -> None:
    world.platforms = (WINDOWS,)
    files = (Asset(name="c.tar", url="u", platform="linux/amd64", distrust="Its digests disagree."),)
    _offer(world, release("c", "1.0"), replace(release("c", "1.1"), awaits=("linux/amd64",), assets=files))

    assert _axes(world)["c"] == ["1.1"]


def test_a_release_without_a_date_is_as_old_as_its_first_sight(world: World) -> None:
    _offer(world, release("c", "1.0"))

    def live_after(age: timedelta) -> list[str]:
        return _axes(world, {"now": world.now + age, "minimum_age": timedelta(days=1)})["c"]

    assert live_after(timedelta(hours=23)) == []
    assert live_after(timedelta(hours=24)) == ["1.0"]


def test_absence_comes_last_where_a_factor_may_be_absent(world: World) -> None:
    world.optional_factors = {"c", "either"}
    _offer(world, release("c", "1.0"), release("c", "2.0", line="two"))

    axes = _axes(world)

    assert axes["c"] == ["2.0", "1.0", "absent"]
    assert axes["either"] == ["absent"]


def test_a_part_of_which_no_version_is_known_is_left_out_where_that_is_allowed(world: World) -> None:
    factors = tuple(
        replace(factor, absent_while_unknown=True) if factor.name == "c" else factor for factor in world.profile.factors
    )
    profile = replace(world.profile, factors=factors)

    def values() -> list[str]:
        axes = live_axes(profile, world.registry, world.store.releases(), {})
        return [value.text for axis in axes for value in axis.values if axis.name == "c"]

    assert values() == ["absent"]
    _offer(world, release("c", "1.0"))
    assert values() == ["1.0"]
