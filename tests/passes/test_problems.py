"""What makes a pass incomplete, said in sentences."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.evidence.incidents import Incident
from tracker.passes.problems import incident_problems, look_problems, plugin_problems, run_problems
from tracker.registry import PluginProblem
from tracker.store import Look, LookResult

AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def look(result: LookResult) -> Look:
    return Look(source="debian", target="sid", title="mirror sid", looked_at=AT, result=result, message="no route")


def incident(*, ended_at: datetime | None) -> Incident:
    return Incident(
        capability="networks",
        started_at=AT,
        last_at=AT,
        ended_at=ended_at,
        runs=(1,),
        references=(1,),
        failed_good=(),
        good_count=3,
    )


def test_no_news_and_could_not_look_are_different() -> None:
    results = (LookResult.NO_NEWS, LookResult.COULD_NOT_LOOK, LookResult.NEWS, LookResult.WITHHELD)
    looks = [look(one) for one in results]

    assert look_problems(looks) == ["could not look at mirror sid: no route"]


def test_a_host_incident_is_told_while_it_lasts() -> None:
    (told,) = incident_problems([incident(ended_at=None), incident(ended_at=AT)])

    assert told.startswith("host incident since 2026-11-23 12:30 UTC: networks fails for 0 of 3 combinations")


def test_a_plugin_that_was_set_aside_is_named() -> None:
    assert plugin_problems([PluginProblem(plugin="mine", reason="broke")]) == ["plugin mine is set aside: broke"]


def test_a_pass_without_runs_has_no_problem_with_them() -> None:
    assert run_problems([]) == []
