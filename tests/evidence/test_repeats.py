"""Trials that stand for many runs say what all of these runs say one by one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.world import MAX_AGE, START, World, axis
from tracker.evidence.judge import judge
from tracker.evidence.repeats import fold
from tracker.model import Combination, EvidenceKey, Outcome, Trial

if TYPE_CHECKING:
    from tracker.evidence.judgement import Judgement

AXES = (axis("a", "2", "1"), axis("b", "2", "1"), axis("c", "2", "1"))
COMBINATIONS = [Combination.of([a, b, c]) for a in AXES[0].values for b in AXES[1].values for c in AXES[2].values]
CHAIN = ("installs", "runs")
WORLD = World(axes=AXES, exercises={name: frozenset("abc") for name in CHAIN})
SPOKEN = (Outcome.PASS, Outcome.PASS, Outcome.PASS, Outcome.FAIL, Outcome.FAIL, Outcome.ERROR, Outcome.SKIP)


@st.composite
def _runs(draw: st.DrawFn, run_id: int) -> list[Trial]:
    """Draw one run: few combinations, few moments (so that many runs end together), few things to say."""
    combination = draw(st.sampled_from(COMBINATIONS[:4]))
    started_at = START + timedelta(seconds=draw(st.integers(0, 30)))
    finished_at = started_at + timedelta(seconds=draw(st.integers(0, 6)))
    key = EvidenceKey(
        scenario_digest=draw(st.sampled_from(["s", "s", "s", "older"])),
        artifact_digest=f"a {combination.key}",
        host_key="h",
    )
    trusted, origin = draw(st.sampled_from([(True, ""), (True, ""), (True, "lab"), (False, "stranger")]))
    limit_factor = draw(st.sampled_from([1.0, 1.0, 3.0]))
    found = []
    is_over = False
    for capability in CHAIN:
        outcome = Outcome.NOT_REACHED if is_over else draw(st.sampled_from(SPOKEN))
        is_over = outcome is not Outcome.PASS
        has_failed = outcome is Outcome.FAIL
        names = draw(st.sampled_from(["abc", "ab"])) if outcome in {Outcome.PASS, Outcome.FAIL} else ""
        found.append(
            Trial(
                run_id=run_id,
                combination=combination,
                capability=capability,
                outcome=outcome,
                exercised=frozenset(value for value in combination if value.factor in names),
                key=key,
                started_at=started_at,
                finished_at=finished_at,
                cause=draw(st.sampled_from(["", "no route"])) if has_failed else "",
                is_deterministic=has_failed and draw(st.booleans()),
                timed_out=has_failed and draw(st.integers(0, 3)) == 0,
                limit_factor=limit_factor,
                origin=origin,
                is_trusted=trusted,
            )
        )
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[Trial]:
    """Draw the trials of up to 16 runs, numbered in no order of time."""
    count = draw(st.integers(1, 16))
    return [trial for run_id in draw(st.permutations(range(1, count + 1))) for trial in draw(_runs(run_id))]


def _judged(trials: list[Trial] | tuple[Trial, ...]) -> Judgement:
    return judge(
        WORLD.profile,
        trials,
        WORLD.key,
        now=START + timedelta(days=1),
        max_age=MAX_AGE,
        self_test_passed=True,
        axes=AXES,
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_folded_trials_are_judged_as_all_of_them_are(trials: list[Trial]) -> None:
    folded = fold(trials)

    assert _judged(folded) == _judged(trials)


@given(histories())
def test_folding_loses_no_run_and_makes_none_up(trials: list[Trial]) -> None:
    folded = fold(trials)

    assert Counter(one for trial in folded for one in trial.each()) == Counter(trials)
    assert fold(folded) == folded


@given(histories(), st.sets(st.integers(1, 40)))
def test_leaving_runs_out_of_folded_trials_leaves_them_out_of_all(trials: list[Trial], gone: set[int]) -> None:
    left = [one for trial in fold(trials) if (one := trial.without(gone)) is not None]

    assert Counter(one for trial in left for one in trial.each()) == Counter(
        trial for trial in trials if trial.run_id not in gone
    )
