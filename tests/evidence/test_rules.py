"""The rules of evidence 5 to 9, each by its number; rules 1 to 4 have modules of their own (clearing, belief,
incidents, cold start)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.evidence.ledger import AXES as LEDGER_AXES
from tests.evidence.ledger import Ledger, combination
from tests.evidence.world import RETRY_AFTER, Fault, World, axis, pick
from tracker.evidence.judge import judge
from tracker.evidence.plan import plan
from tracker.model import Combination, Culprit, CulpritStanding, JobKind, Outcome, Value, VerdictKind, culprit_key

AXES = (axis("engine", "3", "2", "1"), axis("runtime", "c", "b", "a"), axis("spec", "z", "y", "x"))
EXERCISES = {
    "installs": frozenset({"engine"}),
    "networks": frozenset({"engine", "runtime", "spec"}),
}


def value(text: str) -> Value:
    return next(one for each in AXES for one in each.values if str(one) == text)


def fault(*texts: str, capability: str = "networks") -> Fault:
    return Fault(capability=capability, values=frozenset(value(text) for text in texts))


def settled(*faults: Fault) -> World:
    world = World(axes=AXES, exercises=EXERCISES, faults=faults)
    world.settle(most_jobs=120)
    return world


def the_culprit(world: World) -> Culprit:
    (culprit,) = world.judge().culprits
    return culprit


def test_rule_5_a_pair_is_proved_by_two_failures_that_share_nothing_else() -> None:
    culprit = the_culprit(settled(fault("engine=3", "spec=z")))

    assert culprit.standing is CulpritStanding.PROVED
    assert [str(one) for one in culprit.values] == ["engine=3", "spec=z"]
    assert culprit.second is not None
    assert set(culprit.failure.combination) & set(culprit.second.combination) == set(culprit.values)
    assert "does not work with" in culprit.sentence


def test_rule_5_the_proof_shows_passes_that_clear_everything_else() -> None:
    world = settled(fault("engine=3", "spec=z"))
    culprit = the_culprit(world)

    others = {one.suspect for one in culprit.cleared}
    rest = sorted(culprit.failure.combination)
    assert others == {(a, b) for a in rest for b in rest if a < b} - {culprit.values}
    passed = {
        trial.run_id for trial in world.trials if trial.outcome is Outcome.PASS and trial.capability == "networks"
    }
    assert all(set(one.witness.runs) <= passed for one in culprit.cleared)
    assert all(set(one.suspect) <= set(one.witness.combination) for one in culprit.cleared)


def test_rule_5_an_item_is_proved_once_it_failed_with_every_partner() -> None:
    culprit = the_culprit(settled(fault("runtime=b")))

    assert (culprit.standing, [str(one) for one in culprit.values]) == (CulpritStanding.PROVED, ["runtime=b"])
    assert (culprit.tried, culprit.partners) == (6, 6)
    assert "with every partner tried (6 of 6)" in culprit.sentence


def test_rule_5_new_needs_newer_blames_the_pairs_and_not_the_new_part() -> None:
    world = settled(fault("engine=3", "runtime=b"), fault("engine=3", "runtime=a"), fault("engine=2", "runtime=a"))

    assert {tuple(map(str, one.values)) for one in world.judge().culprits} == {
        ("engine=3", "runtime=b"),
        ("engine=3", "runtime=a"),
        ("engine=2", "runtime=a"),
    }


def test_rule_5_where_no_second_row_can_be_had_it_stays_named_with_its_context() -> None:
    world = World(
        axes=(AXES[0], axis("runtime", "a"), AXES[2]),
        exercises=EXERCISES,
        faults=[fault("engine=3", "spec=z")],
    )
    world.settle(most_jobs=80)

    (culprit,) = world.judge().culprits
    assert culprit.standing is CulpritStanding.NAMED
    assert [str(one) for one in culprit.context] == ["runtime=a"]
    assert "so far beside runtime=a" in culprit.sentence


def test_rule_5_the_failing_row_and_its_twin_are_repeated_before_anybody_is_blamed() -> None:
    world = World(axes=AXES, exercises=EXERCISES, faults=[fault("engine=3", "spec=z")])
    published_after = 0
    confirmed: list[Combination] = []
    while planned := world.plan(budget_jobs=1):
        if planned[0].kind is JobKind.CONFIRM:
            confirmed.append(planned[0].combination)
            assert not world.judge().culprits
        world.run(planned[0].combination, planned[0].limit_factor)
        if world.judge().culprits and not published_after:
            published_after = world.run_count
    assert confirmed
    assert published_after
    failing = the_culprit(world).failure
    assert len(failing.runs) >= 3


def test_rule_5_three_parts_together_are_recorded_for_that_row_alone() -> None:
    triple = fault("engine=3", "runtime=c", "spec=z")
    world = settled(triple)
    if not any(set(triple.values) <= set(trial.combination) for trial in world.trials):
        for _ in range(2):
            world.run(pick(AXES))
        world.settle(most_jobs=40)

    judgement = world.judge()
    assert judgement.culprits == ()
    (suspicion,) = judgement.suspicions
    assert suspicion.suspects == ()
    assert "three or more parts are involved" in suspicion.sentence
    assert [one for one in judgement.verdicts if judgement.verdict(one, "networks").kind is VerdictKind.BROKEN] == [
        pick(AXES)
    ]


def test_rule_6_a_proof_breaks_the_combinations_that_hold_it_and_no_other() -> None:
    world = settled(fault("engine=3", "spec=z"))
    judgement = world.judge()

    never_run = [pick(AXES, runtime=text) for text in "cba"]
    never_run = [one for one in never_run if one not in {trial.combination for trial in world.trials}]
    for one in never_run:
        verdict = judgement.verdict(one, "networks")
        assert verdict.kind is VerdictKind.BROKEN
        assert verdict.inferred_from == the_culprit(world).values
        assert verdict.runs
    assert judgement.verdict(pick(AXES, engine="2"), "networks").kind is not VerdictKind.BROKEN


def test_rule_6_what_is_inferred_is_still_planned_with_spare_time() -> None:
    axes = (AXES[0], axis("runtime", *"hgfedcba"), AXES[2])
    world = World(axes=axes, exercises=EXERCISES, faults=[fault("engine=3", "spec=z")])
    world.settle(most_jobs=120)

    jobs = plan(axes, world.judge(), budget_jobs=10, recent_errors={}, retry_after=RETRY_AFTER, is_spare=True)
    audits = [job for job in jobs if job.reason.startswith("Inferred")]
    assert audits
    assert all({value("engine=3"), value("spec=z")} <= set(job.combination) for job in audits)
    assert world.plan() == ()


def test_rule_6_a_pass_revokes_a_proof_and_all_that_rested_on_it() -> None:
    world = settled(fault("engine=3", "spec=z"))
    (proof,) = world.judge().culprits
    ran = {trial.combination for trial in world.trials}
    world.faults = ()
    # Whatever row holds the pair: never run where there is one, else one that failed and is flaky from now on.
    rows = [pick(AXES, runtime=text) for text in "cba"]
    passing = next((row for row in rows if row not in ran), rows[0])
    world.run(passing)

    judgement = world.judge()
    assert proof.standing is CulpritStanding.PROVED
    assert judgement.culprits == ()
    expected = VerdictKind.FLAKY if passing in ran else VerdictKind.WORKS
    assert judgement.verdict(passing, "networks").kind is expected


def test_rule_6_after_two_revocations_it_is_flaky_and_infers_nothing() -> None:
    world = settled(fault("engine=3", "spec=z"))
    key = culprit_key("networks", the_culprit(world).values)

    def again(times: int) -> Culprit:
        (culprit,) = judge(
            world.profile,
            world.trials,
            world.key,
            now=world.now,
            max_age=world.judge().now - world.now + (the_culprit(world).fresh_until - the_culprit(world).observed_at),
            self_test_passed=True,
            axes=AXES,
            revocations={key: times},
        ).culprits
        return culprit

    assert again(1).standing is CulpritStanding.PROVED
    flaky = again(2)
    assert flaky.standing is CulpritStanding.FLAKY
    assert not any(flaky.is_in(pick(AXES, runtime=text)) for text in "cba")
    assert "a person has to look" in flaky.sentence


def test_rule_7_a_difference_of_one_part_orders_the_queue_and_proves_nothing() -> None:
    ledger = Ledger()
    ledger.run("2 a x")
    for _ in range(3):
        ledger.run("3 a x", stops_at="networks")
    ledger.run("2 a x")

    judgement = ledger.judge()
    assert judgement.verdict(combination("3 a x"), "networks").kind is VerdictKind.BROKEN
    assert judgement.culprits == ()
    (suspicion,) = judgement.suspicions
    assert [" ".join(map(str, one)) for one in suspicion.suspects] == [
        "engine=3",
        "engine=3 runtime=a",
        "engine=3 spec=x",
    ]


def test_rule_9_an_audit_repeats_the_oldest_pass() -> None:
    world = settled()
    jobs = plan(AXES, world.judge(), budget_jobs=3, recent_errors={}, retry_after=RETRY_AFTER, is_spare=True)

    oldest = min((trial for trial in world.trials if trial.capability == "networks"), key=lambda one: one.finished_at)
    again = [job for job in jobs if job.reason.startswith("It last passed")]
    assert {job.kind for job in jobs} == {JobKind.AUDIT}
    assert [job.combination for job in again[:1]] == [oldest.combination]


@pytest.mark.parametrize("spec", ["x", "y"])
def test_a_changed_scenario_is_ruled_out_before_any_component_is_named(spec: str) -> None:
    ledger = Ledger()
    for text in ("3 b x", "3 b y", "2 a x", "2 a y", "1 b x"):
        ledger.run(text)
    ledger.scenario = "stricter"
    good = f"2 a {'y' if spec == 'x' else 'x'}"
    ledger.run(good)
    for _ in range(4):
        ledger.run(f"3 b {spec}", stops_at="networks", is_deterministic=True)
    ledger.run(good)

    judgement = ledger.judge()
    assert judgement.culprits == ()
    assert judgement.pending == ()
    (suspicion,) = judgement.suspicions
    assert suspicion.is_the_test_suspected
    assert "the test is suspected, not the software" in suspicion.sentence


def test_runs_of_a_key_that_nobody_trusts_are_told_and_decide_nothing() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.trials = [replace(trial, origin="box2", is_trusted=False) for trial in ledger.trials]
    ledger.run("2 a x")

    judgement = ledger.judge()
    verdict = judgement.verdict(combination("3 b y"), "networks")
    assert (verdict.kind, verdict.reported_by) == (VerdictKind.WORKS, "box2")
    assert "whose key is not trusted here" in verdict.sentence
    assert not judgement.clearings("networks").has_item(LEDGER_AXES[0].values[0])
    assert judgement.known_good("networks") == (combination("2 a x"),)


def test_runs_of_a_trusted_key_clear_and_serve_and_say_whose_they_are() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    ledger.trials = [replace(trial, origin="box2") for trial in ledger.trials]

    judgement = ledger.judge()
    assert judgement.verdict(combination("3 b y"), "networks").reported_by == "box2"
    assert judgement.known_good("networks") == (combination("3 b y"),)
