from __future__ import annotations

from typing import TYPE_CHECKING

from tests.watch.world import observed, release
from tracker.watch import live_axes

if TYPE_CHECKING:
    from tests.watch.world import World


def _axes(world: World, **pins: str) -> dict[str, list[str]]:
    axes = live_axes(world.profile, world.registry, world.store.releases(), pins)
    return {axis.name: [value.text for value in axis.values] for axis in axes}


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
    world.second.answers = {"z": observed(release("c", "1.0"))}
    world.look()
    world.second.answers = {"z": observed(release("c", "2.0"))}
    world.look()

    assert _axes(world)["c"] == ["2.0"]
    assert _axes(world, c="1.0")["c"] == ["2.0", "1.0"]
    assert _axes(world, c="2.0")["c"] == ["2.0"]


def test_a_pin_that_nobody_has_seen_adds_nothing(world: World) -> None:
    world.second.answers = {"z": observed(release("c", "1.0"))}
    world.look()

    assert _axes(world, c="9.9", shape="oval", either="absent", other="1")["c"] == ["1.0"]


def test_a_pin_may_name_the_component(world: World) -> None:
    world.first.answers = {"x": observed(release("b", "1.0"))}
    world.look()
    world.first.answers = {"x": observed(release("b", "2.0"))}
    world.look()

    assert _axes(world, b="1.0")["either"] == _axes(world, either="b@1.0")["either"] == ["b@2.0", "b@1.0"]
