"""What is expected of a row that nobody has run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.evidence.world import MAX_AGE, START, Fault, World, axis, pick
from tracker.evidence.board import Board
from tracker.evidence.culprits import Pending
from tracker.evidence.outlook import Outlook
from tracker.model import Combination, Culprit, CulpritStanding, Value, Witness

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.evidence.judgement import Judgement

AXES = (axis("engine", "3", "2", "1"), axis("plugin", "b", "a"), axis("spec", "y", "x"), axis("net", "n", "m"))
NAMES = frozenset(one.name for one in AXES)
BOARD = Board(AXES)


def value(name: str, text: str) -> Value:
    return next(one for axis in AXES for one in axis.values if one.factor == name and one.text == text)


def may_work(judgement: Judgement, combination: Combination, never: Collection[Value] = ()) -> bool:
    row = BOARD.row(combination)
    assert row is not None
    return Outlook(BOARD, judgement, ["runs"], never=never).may_work(row)


@pytest.fixture
def made() -> World:
    """A host on which the set with engine 2 works."""
    world = World(axes=AXES, exercises={"runs": NAMES, "networks": NAMES})
    world.run(pick(AXES, engine="2"))
    return world


def culprit(*scope: Value, standing: CulpritStanding = CulpritStanding.NAMED, capability: str = "runs") -> Culprit:
    return Culprit(
        capability=capability,
        values=scope[:2],
        standing=standing,
        context=scope[2:],
        failure=Witness(combination=pick(AXES), runs=(1,)),
        second=None,
        twin=None,
        cleared=(),
        tried=0,
        partners=0,
        cause="",
        cause_name="",
        since=START,
        observed_at=START,
        fresh_until=START + MAX_AGE,
        sentence="",
    )


SCOPES = [
    pytest.param((value("engine", "3"),), id="an item"),
    pytest.param((value("engine", "3"), value("plugin", "b")), id="a pair"),
    pytest.param((value("engine", "3"), value("plugin", "b"), value("spec", "y")), id="a pair in its context"),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_blamed_may_not_work_where_all_of_it_is_together(made: World, scope: tuple[Value, ...]) -> None:
    judgement = replace(made.judge(), culprits=(culprit(*scope),))

    assert not may_work(judgement, pick(AXES))
    assert may_work(judgement, pick(AXES, engine="1"))
    assert may_work(judgement, pick(AXES, plugin="a", spec="x")) is (len(scope) > 1)
    assert may_work(judgement, pick(AXES, spec="x")) is (len(scope) > 2)


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_about_to_be_blamed_counts_as_well(made: World, scope: tuple[Value, ...]) -> None:
    judgement = replace(made.judge(), pending=(Pending(culprit=culprit(*scope), fails=1, passes=0),))

    assert not may_work(judgement, pick(AXES))


@pytest.mark.parametrize("scope", SCOPES)
def test_who_was_blamed_and_revoked_too_often_is_no_obstacle(made: World, scope: tuple[Value, ...]) -> None:
    judgement = replace(made.judge(), culprits=(culprit(*scope, standing=CulpritStanding.FLAKY),))

    assert may_work(judgement, pick(AXES))


def test_who_is_blamed_for_more_than_is_needed_is_no_obstacle(made: World) -> None:
    judgement = replace(made.judge(), culprits=(culprit(value("engine", "3"), capability="networks"),))

    assert may_work(judgement, pick(AXES))


def test_a_culprit_that_is_no_longer_live_blocks_nobody(made: World) -> None:
    gone = culprit(value("engine", "3"), Value("plugin", "z"))

    assert may_work(replace(made.judge(), culprits=(gone,)), pick(AXES))


def test_the_only_pair_that_can_be_why_a_row_failed_stands_in_the_way_elsewhere(made: World) -> None:
    made.run(pick(AXES, plugin="a"))
    made.faults = [Fault(capability="runs", values=frozenset({value("engine", "3"), value("plugin", "b")}))]
    made.run(pick(AXES))

    assert not may_work(made.judge(), pick(AXES, spec="x"))
    assert may_work(made.judge(), pick(AXES, plugin="a", spec="x"))


def test_the_only_pair_of_a_flaky_row_does_not(made: World) -> None:
    made.run(pick(AXES, plugin="a"))
    made.faults = [Fault(capability="runs", values=frozenset({value("engine", "3"), value("plugin", "b")}))]
    made.run(pick(AXES))
    made.faults = []
    made.run(pick(AXES))

    assert may_work(made.judge(), pick(AXES, spec="x"))


def test_what_is_never_recommended_may_not_work_and_is_not_good(made: World) -> None:
    never = {value("engine", "2")}
    outlook = Outlook(BOARD, made.judge(), ["runs"], never=never)

    assert outlook.good == ()
    assert not may_work(made.judge(), pick(AXES, engine="2", spec="x"), never)


def test_what_works_with_a_part_that_is_never_recommended_is_no_failure_of_the_others(made: World) -> None:
    outlook = Outlook(BOARD, made.judge(), ["runs"], never={value("engine", "2")})
    row = BOARD.row(pick(AXES, engine="2"))

    assert row is not None
    assert outlook.fruitless(row[1:]) == 0
    assert not outlook.may_work(row)
