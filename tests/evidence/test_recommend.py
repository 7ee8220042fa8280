"""What is recommended: only what runs show to work, the newest of that, and what a person would have to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.evidence.world import MAX_AGE, Fault, World, axis, pick
from tracker.evidence.recommend import Recommendation, recommend
from tracker.model import Axis, Combination, Exclusion, Value, VerdictKind

AXES = (axis("engine", "3", "2", "1"), axis("plugin", "c", "b", "a"), axis("spec", "y", "x"))
EXERCISES = {
    "runs": frozenset({"engine"}),
    "networks": frozenset({"engine", "plugin", "spec"}),
}
NEEDS = ("runs", "networks")


def world(*faults: Fault, axes: tuple[Axis, ...] = AXES) -> World:
    return World(axes=axes, exercises=EXERCISES, faults=faults)


def fault(*values: Value, capability: str = "networks") -> Fault:
    return Fault(capability=capability, values=frozenset(values), is_deterministic=True)


def value(name: str, text: str) -> Value:
    return next(one for axis in AXES for one in axis.values if one.factor == name and one.text == text)


def asked(made: World, **options: object) -> Recommendation:
    return recommend(made.axes, made.judge(), NEEDS, **options)  # type: ignore[arg-type]


def test_the_newest_set_that_works_is_recommended() -> None:
    made = world()
    made.run(pick(AXES, engine="2"))
    made.run(pick(AXES, engine="2", plugin="b"))
    made.run(pick(AXES, engine="1"))

    found = asked(made)

    assert found.best == pick(AXES, engine="2")
    assert [verdict.kind for verdict in found.verdicts] == [VerdictKind.WORKS, VerdictKind.WORKS]
    assert found.behind == {"engine": 1, "plugin": 0, "spec": 0}


def test_what_is_likely_is_not_recommended_but_told_as_open() -> None:
    made = world()
    for row in ({"engine": "3", "plugin": "b"}, {"engine": "2"}, {"engine": "3", "plugin": "c", "spec": "x"}):
        made.run(pick(AXES, **row))
    made.run(pick(AXES, plugin="b"))
    made.faults = [fault(value("engine", "3"), value("plugin", "c"))]

    found = recommend(AXES, made.judge(made.trials[2:]), NEEDS)

    assert found.best == pick(AXES, plugin="c", spec="x")
    told = {str(one.value): one for one in found.newer}
    assert list(told) == ["spec=y"]
    assert told["spec=y"].verdict.kind is VerdictKind.LIKELY
    assert told["spec=y"].is_open
    assert not found.is_newest_of_all


def test_nothing_newer_is_left_when_all_that_is_newer_is_known_to_fail() -> None:
    made = world(fault(value("engine", "3"), capability="runs"))
    made.settle(most_jobs=200)

    found = asked(made)

    assert found.best == pick(AXES, engine="2")
    assert [str(one.value) for one in found.newer] == ["engine=3"]
    assert not found.newer[0].is_open
    assert found.newer[0].verdict.kind is VerdictKind.BROKEN
    assert "engine=3 fails at runs" in found.newer[0].sentence or "failed" in found.newer[0].sentence
    assert found.is_newest_of_all


def test_a_newer_value_that_was_never_run_is_open_and_names_the_set_to_try() -> None:
    made = world()
    made.run(pick(AXES, engine="2"))

    found = asked(made)

    assert [(str(one.value), one.combination, one.is_open) for one in found.newer] == [
        ("engine=3", pick(AXES), True),
    ]
    assert found.newer[0].sentence.startswith("Untested: never run")
    assert not found.is_newest_of_all


def test_a_failure_that_is_not_believed_yet_leaves_the_value_open() -> None:
    made = world(Fault(capability="networks", values=frozenset({value("engine", "3"), value("plugin", "c")})))
    made.run(pick(AXES, engine="2"))
    made.run(pick(AXES))
    for plugin in "ba":
        made.run(pick(AXES, engine="3", plugin=plugin))

    found = asked(made)

    assert found.best == pick(AXES, engine="3", plugin="b")
    assert [(str(one.value), one.verdict.kind, one.is_open) for one in found.newer] == [
        ("plugin=c", VerdictKind.UNRESOLVED, True)
    ]
    assert found.newer[0].combination == pick(AXES)


@pytest.mark.parametrize("reason", ["A release candidate.", "A file of this machine."])
def test_what_is_never_recommended_is_told_with_its_reason_and_is_not_open(reason: str) -> None:
    made = world()
    made.run(pick(AXES))
    made.run(pick(AXES, engine="2"))
    newest = value("engine", "3")

    found = asked(made, never={newest: reason})

    assert found.best == pick(AXES, engine="2")
    assert found.behind["engine"] == 0
    assert [(one.value, one.sentence, one.is_open) for one in found.newer] == [(newest, reason, False)]
    assert found.is_newest_of_all


def test_where_nothing_else_works_the_set_with_what_is_never_recommended_is_told_apart() -> None:
    made = world()
    made.run(pick(AXES))

    found = asked(made, never={value("engine", "3"): "A file of this machine."})

    assert found.best is None
    assert found.set_aside == pick(AXES)


def test_what_has_aged_is_not_good_and_is_told_as_what_once_was() -> None:
    made = world()
    made.run(pick(AXES, engine="2"))
    judgement = made.judge(now=made.now + MAX_AGE)

    found = recommend(AXES, judgement, NEEDS)

    assert found.best is None
    assert found.formerly == pick(AXES, engine="2")
    assert found.newer == ()
    assert not found.is_newest_of_all


def test_a_newer_set_that_has_aged_keeps_its_value_open() -> None:
    made = world()
    made.run(pick(AXES))
    made.now += MAX_AGE - timedelta(hours=1)
    made.run(pick(AXES, engine="2"))
    made.now += timedelta(hours=1)

    found = asked(made)

    assert found.best == pick(AXES, engine="2")
    assert found.newer[0].value == value("engine", "3")
    assert found.newer[0].is_open


def test_without_any_evidence_nothing_is_recommended() -> None:
    found = asked(world(), given=[value("engine", "3")])

    assert (found.best, found.formerly, found.change, found.verdicts, found.newer) == (None, None, None, (), ())


def test_a_set_that_passes_less_than_is_needed_is_not_good() -> None:
    made = world(fault(value("engine", "3"), value("plugin", "c")))
    made.run(pick(AXES))
    made.run(pick(AXES, engine="1"))

    assert recommend(AXES, made.judge(), ("runs",)).best == pick(AXES)
    assert recommend(AXES, made.judge(), ("runs", "networks")).best == pick(AXES, engine="1")


def test_the_smallest_change_keeps_most_of_what_is_given_and_is_the_newest_of_those() -> None:
    made = world(fault(value("engine", "3"), value("plugin", "a")))
    made.run(pick(AXES, engine="1", plugin="a"))
    made.run(pick(AXES, engine="2", plugin="a"))
    made.run(pick(AXES, engine="2", plugin="b", spec="x"))
    made.run(pick(AXES, engine="3", plugin="a"))

    found = asked(made, given=[value("engine", "3"), value("plugin", "a")])

    assert found.change is not None
    assert found.change.combination == pick(AXES, engine="2", plugin="a")
    assert found.change.replaced == ((value("engine", "3"), value("engine", "2")),)


def test_a_given_set_that_works_needs_no_change() -> None:
    made = world()
    made.run(pick(AXES))
    made.run(pick(AXES, engine="1"))

    found = asked(made, given=[value("engine", "1")])

    assert found.change is not None
    assert found.change.combination == pick(AXES, engine="1")
    assert found.change.replaced == ()


def test_a_change_never_leads_to_what_is_never_recommended_but_may_keep_it() -> None:
    made = world()
    made.run(pick(AXES, engine="3", plugin="a"))
    made.run(pick(AXES, engine="1", plugin="b"))
    newest = value("engine", "3")

    away = asked(made, given=[value("engine", "2"), value("plugin", "a")], never={newest: "A release candidate."})
    kept = asked(made, given=[newest, value("plugin", "a")], never={newest: "A release candidate."})

    assert away.change is not None
    assert away.change.combination == pick(AXES, engine="1", plugin="b")
    assert kept.change is not None
    assert kept.change.replaced == ()


def test_what_is_held_is_in_the_answer_and_nothing_newer_of_it_is_told() -> None:
    made = world()
    made.run(pick(AXES))
    made.run(pick(AXES, engine="2", plugin="b"))

    found = asked(made, held=[value("engine", "2")])

    assert found.best == pick(AXES, engine="2", plugin="b")
    assert [str(one.value) for one in found.newer] == ["plugin=c"]
    assert found.newer[0].combination == pick(AXES, engine="2")


def test_a_version_that_is_live_no_more_is_recommended_while_it_is_the_newest_that_works() -> None:
    made = world()
    made.run(pick(AXES, engine="2"))
    fewer = (axis("engine", "3", "1"), *AXES[1:])

    known = recommend(fewer, made.judge(), NEEDS, order=[one for axis in AXES for one in axis.values])
    unknown = recommend(fewer, made.judge(), NEEDS)

    assert known.best == pick(AXES, engine="2")
    assert [str(one.value) for one in known.newer] == ["engine=3"]
    assert unknown.best is None


def test_what_excludes_each_other_is_told_where_nothing_else_is_left_to_try() -> None:
    made = world()
    rule = Exclusion(
        one="engine", one_texts=frozenset({"3"}), other="spec", except_other=frozenset({"none"}), reason="They cannot."
    )
    made.run(pick(AXES, engine="2"))

    found = asked(made, exclusions=[rule])

    assert found.newer[0].sentence == "engine=3 is never tried with spec=y: They cannot."
    assert not found.newer[0].is_open


def test_a_value_that_fails_everywhere_else_is_told_with_how_often_it_was_tried() -> None:
    rule = Exclusion(one="engine", one_texts=frozenset({"3"}), other="spec", other_texts=frozenset({"y"}), reason="No.")
    made = world(fault(value("engine", "3")))
    made.run(pick(AXES, engine="2"))
    for plugin in "cba":
        made.run(pick(AXES, plugin=plugin, spec="x"))
    made.run(pick(AXES, engine="2"))

    found = asked(made, exclusions=[rule])

    (newer,) = found.newer
    assert newer.combination == pick(AXES, spec="x")
    assert newer.verdict.kind is VerdictKind.BROKEN
    assert newer.sentence.endswith("It was tried in 3 combinations, and none of them works.")
    assert found.is_newest_of_all


def test_only_newer_versions_of_the_same_component_count_as_left_out() -> None:
    engines = axis("engine", "diesel@2", "diesel@1", "steam@9", "steam@8", components=("diesel", "steam"))
    axes = (engines, *AXES[1:])
    made = world(axes=axes)
    made.run(pick(axes, engine="steam@8"))

    found = recommend(axes, made.judge(), NEEDS)

    assert found.behind == {"engine": 1, "plugin": 0, "spec": 0}
    assert [one.value.text for one in found.newer] == ["diesel@2", "diesel@1", "steam@9"]


def test_a_part_may_be_absent_last_and_without_a_rank_among_versions() -> None:
    none = Value("plugin", "absent")
    axes = (AXES[0], Axis(factor=AXES[1].factor, values=(*AXES[1].values, none)), AXES[2])
    made = world(axes=axes)
    made.run(pick(axes, plugin="absent"))

    found = recommend(axes, made.judge(), NEEDS, order=[none, *(value for axis in AXES for value in axis.values)])

    assert found.best == pick(axes, plugin="absent")
    assert [str(one.value) for one in found.newer] == ["plugin=c", "plugin=b", "plugin=a"]


def test_runs_of_a_former_profile_with_other_factors_are_left_out() -> None:
    made = world()
    made.run(Combination.of(list(pick(AXES))[:2]))

    assert asked(made).best is None


def test_what_somebody_reports_whose_key_nobody_trusts_is_not_recommended() -> None:
    made = world()
    made.run(pick(AXES))
    made.trials = [replace(trial, origin="a stranger", is_trusted=False) for trial in made.trials]
    judgement = made.judge()

    assert judgement.verdict(pick(AXES), "networks").kind is VerdictKind.WORKS
    assert recommend(AXES, judgement, NEEDS).best is None


def test_what_a_trusted_key_reports_is_recommended() -> None:
    made = world()
    made.run(pick(AXES))
    made.trials = [replace(trial, origin="a friend") for trial in made.trials]

    found = asked(made)

    assert found.best == pick(AXES)
    assert found.verdicts[-1].reported_by == "a friend"
