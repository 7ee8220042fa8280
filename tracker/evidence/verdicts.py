"""Says what one row is worth by itself: the verdict, its sentence, and what would change it.

Sentences are made of evidence alone, with absolute dates: what the reader's clock says changes the kind of a
verdict (``tracker.evidence.judgement``), never its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.belief import DoubtKind, Standing
from tracker.evidence.repeats import first_end, newest_runs, run_count
from tracker.evidence.trials import chronology
from tracker.model import Outcome, Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from tracker.evidence.belief import Belief, Doubt
    from tracker.evidence.trials import Record
    from tracker.model import Trial

_MISSING = {
    DoubtKind.LONG_RERUN: "it timed out, and no run with three times the limits has done so too",
    DoubtKind.REFERENCE: "no combination that is known to be good has passed since",
    DoubtKind.COLD_START: "no combination is known to be good for {capability} yet",
    DoubtKind.TOO_FLAKY: "runs of {capability} fail by chance too often to tell",
    DoubtKind.INCIDENT: "combinations that are known to be good failed at the same time",
}
_REMEDY = {
    DoubtKind.RERUN: "More failing runs and then a pass of a known-good combination, or a pass of this one.",
    DoubtKind.LONG_RERUN: "A run with three times the time limits.",
    DoubtKind.REFERENCE: "A pass of a known-good combination, or of this one.",
    DoubtKind.COLD_START: "The first combination that passes {capability}.",
    DoubtKind.TOO_FLAKY: "A pass of this combination, or a steadier test.",
    DoubtKind.INCIDENT: "A new run, once a known-good combination passes again.",
}


def dates(trials: Sequence[Trial]) -> str:
    """Return the UTC days on which ``trials`` ended: ``on 2026-11-23`` or ``from 2026-11-20 to 2026-11-23``."""
    last = max([trial.finished_at for trial in trials])
    if run_count(trials) == 1:
        return f"on {last.date().isoformat()}"
    first = first_end(trials)
    if first.date() == last.date():
        return f"on {last.date().isoformat()}"
    return f"from {first.date().isoformat()} to {last.date().isoformat()}"


def counted(trials: Sequence[Trial]) -> str:
    """Return how many runs ``trials`` are: ``1 run`` or ``2 runs``."""
    count = run_count(trials)
    return f"{count} run{'' if count == 1 else 's'}"


def present(record: Record, belief: Belief, max_age: timedelta) -> Verdict | None:
    """Return the verdict on a row of the current key; ``None`` where the row holds no pass and no failure."""
    match belief.standing:
        case Standing.FLAKY:
            return _flaky(record)
        case Standing.BROKEN:
            return _broken(record, max_age)
        case Standing.WORKS:
            return _works(record, max_age)
        case Standing.DOUBTED if belief.doubt is not None:
            return _unresolved(record, belief.doubt)
    return None


def past(record: Record, standing: Standing) -> Verdict | None:
    """Return ``stale`` for a row of an older key that worked or was broken; ``None`` where it was neither."""
    if standing is Standing.WORKS:
        trials, was, told = record.passes, "worked", "passed"
    elif standing is Standing.BROKEN:
        trials, was, told = record.fails, "was broken", "failed"
    else:
        return None
    return _verdict(
        record,
        VerdictKind.STALE,
        trials,
        f"{was.capitalize()}: {counted(trials)} {dates(trials)} {told}, with other files or an older scenario.",
        would_change="A run with the present files and scenario.",
        cause=trials[-1].cause if standing is Standing.BROKEN else "",
        was=was,
    )


def silent(record: Record) -> Verdict:
    """Return ``untested`` for a row of the current key whose runs say nothing about the software."""
    trials = record.row.trials
    newest = trials[-1]
    if all(trial.outcome is Outcome.ERROR for trial in trials):
        sentence = (
            f"Untested: {counted(trials)} {dates(trials)} ended in an error of the test or the host{_why(newest)}"
        )
    elif newest.outcome is Outcome.SKIP:
        sentence = f"Untested: it does not apply here{_why(newest)}"
    elif newest.outcome is Outcome.ERROR:
        sentence = f"Untested: the newest run ended in an error of the test or the host{_why(newest)}"
    else:
        sentence = "Untested: no run got this far."
    return _verdict(record, VerdictKind.UNTESTED, trials, sentence, would_change="A run that gets this far.")


def _works(record: Record, max_age: timedelta) -> Verdict:
    sentence = f"Works: {counted(record.passes)} {dates(record.passes)} passed."
    if record.slow:
        sentence = f"{sentence[:-1]}; {counted(record.slow)} timed out, which is not held against it."
    fresh_until = record.passes[-1].finished_at + max_age
    return _verdict(
        record,
        VerdictKind.WORKS,
        record.passes,
        sentence,
        would_change=f"A failing run, or none before {fresh_until.date().isoformat()}.",
        age=max_age,
    )


def _broken(record: Record, max_age: timedelta) -> Verdict:
    failed = record.fails
    sentence = f"Does not work together: {counted(failed)} {dates(failed)} failed{_why(failed[-1])}"
    return _verdict(
        record,
        VerdictKind.BROKEN,
        failed,
        sentence,
        would_change="A pass of this combination.",
        cause=failed[-1].cause,
        age=max_age,
    )


def _flaky(record: Record) -> Verdict:
    both = sorted((*record.passes, *record.fails), key=chronology)
    passed, failed = run_count(record.passes), run_count(record.fails)
    sentence = f"Flaky: of {counted(both)} {dates(both)} {passed} passed and {failed} failed"
    return _verdict(
        record,
        VerdictKind.FLAKY,
        both,
        f"{sentence}{_why(record.fails[-1])}",
        would_change="Other files or another scenario; more runs of these do not.",
        cause=record.fails[-1].cause,
    )


def _unresolved(record: Record, doubt: Doubt) -> Verdict:
    failed = sorted((*record.fails, *record.slow, *record.voided), key=chronology)
    if doubt.kind is DoubtKind.RERUN:
        missing = f"{doubt.reruns} more must fail before it is believed"
    else:
        missing = _MISSING[doubt.kind].format(capability=doubt.capability)
    verb = "timed out" if failed[-1].timed_out else "failed"
    return _verdict(
        record,
        VerdictKind.UNRESOLVED,
        failed,
        f"Unresolved: {counted(failed)} {dates(failed)} {verb}, but {missing}{_why(failed[-1])}",
        would_change=_REMEDY[doubt.kind].format(capability=doubt.capability),
        cause=failed[-1].cause,
    )


def _exercised(trials: Sequence[Trial]) -> tuple[str, ...]:
    failed = [trial for trial in trials if trial.outcome is Outcome.FAIL]
    return tuple(sorted(value.factor for value in failed[-1].exercised)) if failed else ()


def _why(trial: Trial) -> str:
    """Return the end of a sentence: the reason in words, else the log's own line, where there is one."""
    if reason := trial.reason.strip():
        return f": {reason}"
    return f": {trial.cause.strip()}" if trial.cause.strip() else "."


def _verdict(  # noqa: PLR0913
    record: Record,
    kind: VerdictKind,
    trials: Iterable[Trial],
    sentence: str,
    *,
    would_change: str,
    cause: str = "",
    was: str = "",
    age: timedelta | None = None,
) -> Verdict:
    backing = tuple(trials)
    observed_at = backing[-1].finished_at
    origins = {trial.origin for trial in backing}
    return Verdict(
        combination=record.row.combination,
        capability=record.row.capability,
        kind=kind,
        sentence=sentence,
        runs=newest_runs(backing),
        exercised=_exercised(backing),
        would_change=would_change,
        cause=cause,
        was=was,
        reported_by="" if "" in origins else ", ".join(sorted(origins)),
        observed_at=observed_at,
        fresh_until=None if age is None else observed_at + age,
    )
