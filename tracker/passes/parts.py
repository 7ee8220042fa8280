"""A pass in two parts that two processes with different rights make: watching and publishing, and running."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model import Outcome
from tracker.passes.lock import Work
from tracker.passes.mending import in_good_order
from tracker.passes.part import Part
from tracker.passes.problems import run_problems
from tracker.passes.smoking import Smoking
from tracker.passes.whole import conclude, look, open_runner, recover, whole_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Run
    from tracker.passes.events import PassEvents
    from tracker.passes.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """What a part did.

    Attributes:
        summary: in one line.
        problems: what could not be looked at or run; each is a sentence.
    """

    summary: str
    problems: tuple[str, ...] = ()


def make_part(place: Workplace, part: Part, events: PassEvents, *, should_stop: Callable[[], bool]) -> PartReport:
    """Make one pass, or a part of it.

    Raises:
        LockedError: another process does the same on this home.
        TrackerError: the store or the site cannot be used.
    """
    if part is Part.WATCH:
        return _watch(place, events)
    if part is Part.SMOKE:
        return _smoke(place, events, should_stop)
    report = whole_pass(place, events, should_stop=should_stop, is_spare=True)
    return PartReport(summary=report.summary, problems=report.problems)


def _watch(place: Workplace, events: PassEvents) -> PartReport:
    """Look, judge and publish; nothing is run, and runs under way of another process are left alone."""

    def make() -> PartReport:
        with place.open_store(create=True) as store, closing(place.open_http()) as http:
            looks = look(place, store, http, events)
            report = conclude(place, store, open_runner(place, http), looks=looks, runs=())
        return PartReport(summary=report.summary, problems=report.problems)

    report, mended = in_good_order(place, events, (Work.WATCH,), make)
    return replace(report, problems=(*mended, *report.problems))


def _smoke(place: Workplace, events: PassEvents, should_stop: Callable[[], bool]) -> PartReport:
    """Run what is planned and record it; what it means is judged and published by who watches."""

    def make() -> PartReport:
        with place.open_store(create=True) as store, closing(place.open_http()) as http:
            runner = open_runner(place, http)
            left = recover(store, runner, events)
            smoking = Smoking(
                place=place, store=store, runner=runner, events=events, should_stop=should_stop, is_spare=True
            )
            runs = smoking.run_all()
        problems = (*left, *smoking.obstacles, *run_problems(runs))
        return PartReport(summary=f"runs: {_counted(runs)}", problems=problems)

    report, mended = in_good_order(place, events, (Work.SMOKE,), make)
    return replace(report, problems=(*mended, *report.problems))


def _counted(runs: tuple[Run, ...]) -> str:
    counts = [(sum(run.outcome is outcome for run in runs), outcome) for outcome in Outcome]
    return ", ".join(f"{count} {outcome}" for count, outcome in counts if count) or "none needed"
