from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.watch.world import observed, release
from tracker.errors import ConfigError, UnreachableError, VerificationError
from tracker.protocols import NoNews
from tracker.store import LookResult
from tracker.watch import poll_all

if TYPE_CHECKING:
    from pathlib import Path

    from tests.watch.world import World
    from tracker.store import Look


def _everything(world: World) -> tuple[object, ...]:
    targets = [(source.name, target) for source in world.upstreams.values() for target in source.answers]
    return world.store.releases(), world.store.changes(), [world.store.target_state(*one) for one in targets]


def test_every_target_is_asked_and_told_in_order(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0")), "y": observed(release("b", "1.0"))}
    world.second.answers = {"z": observed(release("c", "1.0"))}

    looks = world.look()

    assert list(looks) == ["first x", "first y", "second z"]
    assert world.events == list(looks.values())
    assert list(world.store.last_looks()) == world.events
    assert {look.result for look in world.events} == {LookResult.NO_NEWS}
    assert [one.release.version for one in world.store.releases()] == ["1.0", "1.0", "1.0"]


def test_the_cursor_of_the_last_applied_answer_comes_back(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0"), cursor="one")}
    world.look()
    world.first.answers = {"x": NoNews(cursor="one")}
    world.look()
    world.first.answers = {"x": observed(release("a", "2.0"), cursor="two")}
    world.look()
    world.look()

    assert world.first.cursors["x"] == ["", "one", "one", "two"]


def test_news_is_written_with_its_ledger(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0"))}
    world.look()
    world.first.answers = {"x": observed(release("a", "1.0"), release("a", "1.1"))}

    assert world.look()["first x"].result is LookResult.NEWS
    (change,) = world.store.changes(include_baseline=False)
    assert (change.version, change.observed_at) == ("1.1", world.now)


def test_one_version_in_two_targets_is_released_once(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0")), "y": observed(release("a", "1.0", line="two"))}
    world.look()
    both = release("a", "2.0"), release("a", "2.0", line="two")
    world.first.answers = {"x": observed(both[0]), "y": observed(both[1])}
    world.look()

    kinds = [change.kind.value for change in world.store.changes(include_baseline=False)][::-1]
    assert kinds == ["released", "no longer offered", "offered", "no longer offered"]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (UnreachableError("x.example: answered 503", hint="Wait."), "x.example: answered 503. Wait."),
        (VerificationError("x.example suite: the signature is wrong"), "the signature is wrong"),
        (RuntimeError("oops"), "the plugin of source 'first' failed: RuntimeError: oops"),
        (KeyError("Version"), "the plugin of source 'first' failed: KeyError: 'Version'"),
    ],
)
def test_a_target_that_fails_changes_nothing_and_stops_nobody(failure: Exception, said: str, world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0")), "y": observed(release("b", "1.0"))}
    world.look()
    before = _everything(world)
    world.first.answers["x"] = failure

    looks = world.look()

    assert (looks["first x"].result, looks["first y"].result) == (LookResult.COULD_NOT_LOOK, LookResult.NO_NEWS)
    assert said in looks["first x"].message
    assert "\n" not in looks["first x"].message
    assert _everything(world) == before


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (observed(release("c", "1.0")), "it tells of c, which it was not asked about"),
        (observed(release("a", "1.0"), release("a", "1.0")), "it tells of a 1.0 twice"),
        (observed(release("a", "one")), "invalid literal"),
        ("nonsense", "source 'first'"),
    ],
)
def test_an_answer_against_the_contract_is_the_plugins_fault(answer: object, said: str, world: World) -> None:
    world.first.answers = {"x": answer}  # type: ignore[dict-item]

    look = world.look()["first x"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert said in look.message
    assert world.store.releases() == ()


def test_a_stored_version_that_a_new_scheme_cannot_order_stops_nobody(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0"))}
    world.second.answers = {"z": observed(release("c", "1.0"))}
    world.look()
    world.oldest = 2
    world.first.answers = {"x": observed(release("a", "2.0"))}
    world.second.answers = {"z": observed(release("c", "1.0"), release("c", "2.0"))}

    looks = world.look()

    assert looks["first x"].result is LookResult.COULD_NOT_LOOK
    assert "cannot be compared with what was stored: 1.0 is too old" in looks["first x"].message
    assert looks["second z"].result is LookResult.COULD_NOT_LOOK


def test_a_loss_is_looked_at_in_full_before_it_is_believed(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0"), release("b", "1.0"), cursor="one")}
    world.look()
    world.first.answers = {"x": observed(release("a", "1.0"), cursor="two")}

    assert world.look()["first x"].result is LookResult.AWAITING_CONFIRMATION
    assert len(world.store.releases(offered_only=True)) == 2
    world.first.answers, good = {"x": UnreachableError("gone")}, world.first.answers
    world.look()
    world.first.answers = good
    assert world.look()["first x"].result is LookResult.NEWS
    assert world.first.cursors["x"] == ["", "one", "", ""]
    assert [one.release.component for one in world.store.releases(offered_only=True)] == ["a"]


def test_a_source_without_a_place_to_ask_is_told_after_the_others_were_asked(world: World) -> None:
    world.first.refusal = ConfigError("sources.first.mirror is not set")
    world.second.answers = {"z": observed(release("c", "1.0"))}

    with pytest.raises(ConfigError, match=r"sources\.first\.mirror"):
        world.look()

    assert [one.release.component for one in world.store.releases()] == ["c"]


def test_a_source_that_breaks_or_is_missing_is_told_and_stops_nobody(world: World) -> None:
    world.first.refusal = RuntimeError("oops")
    world.second.answers = {"z": observed(release("c", "1.0"))}

    looks = world.look()

    assert looks["first"].result is LookResult.COULD_NOT_LOOK
    assert "the plugin of source 'first' failed: RuntimeError: oops" in looks["first"].message
    assert looks["second z"].result is LookResult.NO_NEWS
    del world.upstreams["first"]
    assert "no plugin provides the source 'first'" in world.look()["first"].message
    assert [look.target for look in world.store.last_looks()] == ["z"]


def test_a_target_that_is_named_no_more_offers_nothing_and_begins_anew(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0")), "y": UnreachableError("gone")}
    world.look()
    world.first.answers = {}

    looks = world.look()

    assert {look.message for look in looks.values()} == {"no longer asked: the configuration does not name it any more"}
    assert world.look() == {}
    assert world.store.releases(offered_only=True) == ()
    world.first.answers = {"x": observed(release("a", "2.0"))}
    assert world.look()["first x"].result is LookResult.NO_NEWS
    assert world.store.changes(include_baseline=False) == ()


def test_a_broken_listener_loses_nothing_that_was_seen(world: World) -> None:
    world.first.answers = {"x": observed(release("a", "1.0"))}

    def interrupt(look: Look) -> None:
        raise KeyboardInterrupt(look.target)

    with pytest.raises(KeyboardInterrupt):
        world.look(interrupt)

    assert len(world.store.releases()) == 1


def test_options_of_the_configuration_go_before_the_profiles(world: World, tmp_path: Path) -> None:
    from dataclasses import replace

    from tracker.http import Client

    seen: list[object] = []

    class Listening(type(world.first)):  # type: ignore[misc]
        def targets(self, components: object, options: object) -> tuple[()]:
            del components
            seen.append(options)
            return ()

    registry = replace(world.registry, sources={"first": Listening("first"), "second": world.second})
    profile = replace(world.profile, source_options={"first": {"one": 1, "two": 2}})
    config = replace(world.config, sources={"first": {"two": 3}})

    with Client(config.network) as http:
        poll_all(registry, profile, config, world.store, http, now=lambda: world.now, on_event=world.events.append)

    assert seen == [{"one": 1, "two": 3}]
    assert tmp_path == world.config.home
