"""Values that mean nothing together never meet in a plan, and everything else still does."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.world import RETRY_AFTER, World, axis
from tracker.evidence.plan import plan
from tracker.model import Combination, Exclusion, Value

AXES = (axis("client", "2", "1", "0"), axis("spec", "1.0", "0.4", "0.2"), axis("writer", "us", "client", "script"))
EXERCISES = {"runs": frozenset({"client", "spec", "writer"})}


def _exclusion(one: Value, other: Value) -> Exclusion:
    return Exclusion(
        one=one.factor,
        one_texts=frozenset({one.text}),
        other=other.factor,
        other_texts=frozenset({other.text}),
        reason="They mean nothing together.",
    )


def _settled(*exclusions: Exclusion) -> set[Combination]:
    """Run all that is ever planned, and return it."""
    world = World(axes=AXES, exercises=EXERCISES)
    made: set[Combination] = set()
    for _ in range(100):
        jobs = plan(
            world.axes,
            world.judge(),
            budget_jobs=3,
            recent_errors={},
            retry_after=RETRY_AFTER,
            exclusions=exclusions,
        )
        if not jobs:
            return made
        for job in jobs:
            world.run(job.combination)
            made.add(job.combination)
    message = "the plan has no end"
    raise AssertionError(message)


def _forbidden(one: Value, other: Value, exclusions: tuple[Exclusion, ...]) -> bool:
    return any(exclusion.forbids(one, other) for exclusion in exclusions)


PAIRS = [(one, other) for a, b in combinations(AXES, 2) for one, other in product(a.values, b.values)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PAIRS), max_size=4, unique=True))
def test_no_excluded_pair_is_ever_planned_and_every_other_pair_that_can_meet_does(
    pairs: list[tuple[Value, Value]],
) -> None:
    exclusions = tuple(_exclusion(one, other) for one, other in pairs)
    allowed = [
        Combination.of(row)
        for row in product(*(one.values for one in AXES))
        if not any(_forbidden(one, other, exclusions) for one, other in combinations(row, 2))
    ]

    made = _settled(*exclusions)

    assert made <= set(allowed)
    can_meet = {pair for row in allowed for pair in combinations(tuple(row), 2)}
    met = {pair for row in made for pair in combinations(tuple(row), 2)}
    assert met >= can_meet


def test_an_exclusion_holds_in_either_order_and_knows_exceptions() -> None:
    exclusion = Exclusion(
        one="writer",
        one_texts=frozenset({"client"}),
        other="spec",
        except_other=frozenset({"1.0"}),
        reason="The client writes 1.0.",
    )
    client, spec = AXES[2].factor.value("client"), AXES[1].factor.value

    assert exclusion.forbids(client, spec("0.4"))
    assert exclusion.forbids(spec("0.4"), client)
    assert not exclusion.forbids(client, spec("1.0"))
    assert not exclusion.forbids(AXES[2].factor.value("us"), spec("0.4"))
