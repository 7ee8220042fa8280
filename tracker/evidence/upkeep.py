"""Jobs about combinations that were run before: references, reruns, retries and refreshes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.evidence.belief import DoubtKind
from tracker.evidence.outlook import culprits_of
from tracker.evidence.rest import rests
from tracker.evidence.trials import LONG_LIMIT_FACTOR
from tracker.model import Job, JobKind, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.belief import Doubt
    from tracker.evidence.board import Board
    from tracker.evidence.incidents import Incident
    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, Value

SUSPICIOUS_FAILURES = 3
"""So many failures of one capability wait for a reference before one is run ahead of other work."""
SUSPICIOUS_THOUGH_EXPECTED = 6
"""The same for failures of parts that have passed nothing, which are no surprise."""

_RERUN = {DoubtKind.RERUN, DoubtKind.INCIDENT}


def incident_jobs(
    board: Board, judgement: Judgement, resting: Collection[Combination], retry_after: timedelta
) -> tuple[Job, ...] | None:
    """Return what to run while the host fails everybody, or may do so; ``None`` where it does not.

    That is one known-good combination at a time: first those that have not failed yet, then each once more; after
    that one of them whenever ``retry_after`` has passed since the last.

    Args:
        board: the live values.
        judgement: the incidents and what is known to be good.
        resting: combinations that are left alone because their newest run was an ERROR.
        retry_after: how long a host that failed everybody is left alone.
    """
    ongoing = [incident for incident in judgement.incidents if incident.is_open]
    for incident in ongoing:
        good = judgement.known_good(incident.capability)
        live = [one for one in good if board.row(one) is not None and one not in resting]
        is_due = not rests(incident.last_at, judgement.now, retry_after)
        if live and (is_due or len(incident.references) < 2 * incident.asked_count):
            return (_incident_job(incident, live),)
    return () if ongoing else None


def _incident_job(incident: Incident, live: Sequence[Combination]) -> Job:
    untried = [one for one in live if one not in incident.failed_good]
    if untried and not incident.is_confirmed:
        combination = untried[0]
        reason = f"A known-good combination failed at {incident.capability}: is it, or is it the host?"
    else:
        combination = live[len(incident.references) % len(live)]
        reason = f"Not even what is known to be good passes {incident.capability}: has the host recovered?"
    return Job(combination=combination, kind=JobKind.REFERENCE, reason=reason)


def rerun_jobs(board: Board, judgement: Judgement, later: Collection[Doubt] = ()) -> Iterator[Job]:
    """Yield the reruns that failures of live combinations need to be believed.

    A time-out is always run again; other failures only once their capability has a known-good combination, before
    which no rerun could make them believed, and only where nothing in them is blamed already.

    Args:
        board: the live values.
        judgement: the doubts.
        later: doubts that can wait.
    """
    for doubt in judgement.doubts:
        if doubt in later or is_explained(judgement, doubt):
            continue
        is_long = doubt.kind is DoubtKind.LONG_RERUN
        is_due = is_long or (doubt.kind in _RERUN and judgement.known_good(doubt.capability))
        # What no longer gets as far as this capability cannot be told anything of it by another run.
        is_reached = not judgement.verdict(doubt.combination, doubt.capability).because_of
        if is_due and is_reached and board.row(doubt.combination) is not None:
            yield Job(
                combination=doubt.combination,
                kind=JobKind.RERUN,
                limit_factor=LONG_LIMIT_FACTOR if doubt.is_slow else 1.0,
                reason=_rerun_reason(doubt.kind, doubt.capability, doubt.fails),
            )


def is_explained(judgement: Judgement, doubt: Doubt) -> bool:
    """Whether something that the combination holds is blamed for such failures: it is broken by inference then."""
    return doubt.kind is DoubtKind.RERUN and any(
        one.capability == doubt.capability and one.is_in(doubt.combination)
        for one in culprits_of(judgement, (doubt.capability,))
    )


def _rerun_reason(kind: DoubtKind, capability: str, fails: int) -> str:
    if kind is DoubtKind.LONG_RERUN:
        return f"{capability} timed out: run it again with three times the limits."
    if kind is DoubtKind.INCIDENT:
        return f"{capability} failed while the host failed everybody: see what it does now."
    times = "once" if fails == 1 else f"{fails} times"
    return f"{capability} failed {times}: run it again, to tell a fault from a flake."


def reference_jobs(
    board: Board,
    judgement: Judgement,
    waiting: Collection[Combination],
    *,
    is_idle: bool,
    later: Collection[Doubt] = (),
) -> Iterator[Job]:
    """Yield the known-good combination that settles most of the failures that wait for a reference.

    Args:
        board: the live values.
        judgement: the doubts and what is known to be good.
        waiting: combinations whose newest run was an ERROR.
        is_idle: nothing else is planned. Otherwise other jobs may pass and so be the reference for nothing, and one
            of its own is planned only when several failures of one capability begin to look like the host's fault.
        later: doubts whose reruns can wait, and for which a reference does as well.
    """
    live = [one for one in judgement.doubts if board.row(one.combination) is not None]
    awaited = Counter(one.capability for one in live if one.kind is DoubtKind.REFERENCE)
    expected = Counter(one.capability for one in live if one in later and not one.has_reference)
    is_suspicious = (
        max(awaited.values(), default=0) >= SUSPICIOUS_FAILURES
        or max(expected.values(), default=0) >= SUSPICIOUS_THOUGH_EXPECTED
    )
    if not is_idle and not is_suspicious:
        return
    awaited += expected
    names = [name for name in judgement.capabilities if awaited[name]]
    known = {name: set(judgement.known_good(name)) for name in names}
    candidates = [
        one
        for name in reversed(names)
        for one in judgement.known_good(name)
        if board.row(one) is not None and one not in waiting
    ]
    if not candidates:
        return
    best = max(candidates, key=lambda one: sum(one in good for good in known.values()))
    served = [name for name in names if best in known[name]]
    failures = sum(awaited[name] for name in served)
    yield Job(
        combination=best,
        kind=JobKind.REFERENCE,
        reason=f"Known to be good for {', '.join(served)}: a pass now shows that {failures} "
        f"failure{' is' if failures == 1 else 's are'} not the host's.",
    )


def retry_jobs(board: Board, errors: Mapping[str, datetime], *, now: datetime, retry_after: timedelta) -> Iterator[Job]:
    """Yield the live combinations whose run ended in ERROR at least ``retry_after`` ago, longest ago first."""
    for key, ended_at in sorted(errors.items(), key=lambda item: (item[1], item[0])):
        row = board.named(key)
        if row is None or rests(ended_at, now, retry_after):
            continue
        yield Job(
            combination=board.combination(row),
            kind=JobKind.RETRY,
            reason="Its last run ended in an error of the test or the host, which says nothing about the software.",
        )


def refresh_jobs(board: Board, judgement: Judgement, pins: Collection[Value]) -> Iterator[Job]:
    """Yield the newest combination that worked, and the newest with all pins, where that evidence has aged."""
    for capability in judgement.capabilities:
        rows = worked_rows(board, judgement, capability)
        pinned = [row for row in rows if _holds_pins(board.combination(row), pins)] if pins else []
        for candidates, what in ((rows, "the newest versions that work together"), (pinned, "the pinned versions")):
            if not candidates:
                continue
            newest = board.combination(candidates[0])
            if _has_aged(judgement, newest, capability):
                yield Job(
                    combination=newest,
                    kind=JobKind.REFRESH,
                    reason=f"The evidence that {what} pass {capability} has aged.",
                )


def _holds_pins(combination: Combination, pins: Collection[Value]) -> bool:
    """Whether there are pins and ``combination`` keeps to one of them for each pinned factor."""
    factors = {value.factor for value in pins}
    return bool(factors) and all(combination[factor] in pins for factor in factors)


def _has_aged(judgement: Judgement, combination: Combination, capability: str) -> bool:
    """Whether a run could make evidence fresh again; one that was made meanwhile and said nothing could not."""
    verdict = judgement.verdict(combination, capability)
    if verdict.kind is not VerdictKind.STALE:
        return False
    attempt = next((one for one in judgement.attempts if one.combination == combination), None)
    if attempt is None:
        return True
    if verdict.fresh_until is None or verdict.observed_at is None:
        return False
    return attempt.last_at + (verdict.fresh_until - verdict.observed_at) <= judgement.now


def worked_rows(board: Board, judgement: Judgement, capability: str) -> list[tuple[int, ...]]:
    """Return the live rows that pass ``capability`` or once did, newest first."""
    rows = []
    for combination in judgement.verdicts:
        row = board.row(combination)
        if row is None:
            continue
        verdict = judgement.verdict(combination, capability)
        if verdict.kind is VerdictKind.WORKS or verdict.was == "worked":
            rows.append(row)
    return sorted(rows)
