"""What it took to tell a culprit from what else was suspected, beside what the search needs in theory."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.evidence.drawing import relaxed, worlds
from tests.evidence.world import Fault, World, axis, pick

if TYPE_CHECKING:
    from tracker.model import Trial

AXES = tuple(axis(f"f{place}", "3", "2", "1") for place in range(8))
NAMES = frozenset(one.name for one in AXES)
OLDEST = {one.name: "1" for one in AXES}


def world() -> World:
    """Return one with a pair fault among the newest values, in which the oldest have passed and the newest failed."""
    pair = frozenset({AXES[2].values[0], AXES[5].values[0]})
    made = World(axes=AXES, exercises={"runs": NAMES})
    made.faults = [Fault(capability="runs", values=pair, is_deterministic=True)]
    made.run(pick(AXES, **OLDEST))
    made.run(pick(AXES))
    return made


def test_two_culprits_among_eight_differences_need_six_runs_in_theory_and_the_runs_made_are_counted() -> None:
    made = world()
    for old in NAMES - {"f2", "f5"}:
        made.run(pick(AXES, **dict.fromkeys(NAMES - {"f2", old}, "1")))
    assert made.judge().culprits == ()
    for given_up in ("f2", "f5"):
        made.run(pick(AXES, **{given_up: "1"}))

    (culprit,) = made.judge().culprits

    assert {str(value) for value in culprit.values} == {"f2=3", "f5=3"}
    # The last run says what is known already; the first two are where the search began.
    assert (culprit.spent, culprit.need) == (made.run_count - 3, 6)


def test_what_older_passes_had_cleared_costs_nothing_to_separate() -> None:
    made = world()
    made.trials, made.run_count = [], 0
    for given_up in ("f2", "f5"):
        made.run(pick(AXES, **{given_up: "1"}))
    made.run(pick(AXES))
    made.run(pick(AXES, **OLDEST))

    (culprit,) = made.judge().culprits

    assert (culprit.spent, culprit.need) == (0, 1)


def test_a_repeat_of_the_failing_row_separates_nothing() -> None:
    made = world()
    for given_up in ("f2", "f5"):
        made.run(pick(AXES))
        made.run(pick(AXES, **{given_up: "1"}))

    (culprit,) = made.judge().culprits

    assert culprit.spent == 2


@settings(relaxed, max_examples=25)
@given(worlds(flake_rate=0.05))
def test_the_price_does_not_depend_on_the_order_of_the_trials(made: World) -> None:
    made.settle(most_jobs=3000)
    shuffled = list(made.trials)
    random.Random(0).shuffle(shuffled)  # noqa: S311 # a seeded order, no secret

    def prices(trials: list[Trial] | None) -> list[tuple[str, int, int]]:
        return [(one.key, one.spent, one.need) for one in made.judge(trials).culprits]

    assert prices(shuffled) == prices(None)
