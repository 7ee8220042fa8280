"""May I use these versions together? Answered from a verdict snapshot alone.

A factor that is not pinned means "some value": the best combination that holds all pins answers, and the answer
names its values. Pins are broken when the step that failed exercised nothing but pinned factors, or when nothing is
left to try; a combination that fails for the sake of a part that was not asked about says nothing of the pins. Ages
are told by the reader's clock, since a snapshot does not change by getting older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import ExitCode
from tracker.model import Combination, Verdict, VerdictKind
from tracker.snapshot.ages import Clock, badness
from tracker.snapshot.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.judgement import Judgement
    from tracker.model import Culprit, Suspicion, Value
    from tracker.snapshot.opened import OpenSnapshot

_EXIT_CODES = {
    VerdictKind.WORKS: ExitCode.OK,
    VerdictKind.BROKEN: ExitCode.BROKEN,
    VerdictKind.STALE: ExitCode.STALE,
}
_MOST_NEWER = 10


class Answer(NamedTuple):
    """What is known of a set of pins.

    Attributes:
        verdict: of the capability that decides, for the combination that answers.
        pinned: the values that were asked about, in the profile's order.
        chosen: the values that the answer adds for factors that were not pinned.
        tried: how many combinations that hold all pins were ever run.
        nearest_good: the working combination that keeps most of the pins; ``None`` when there is none or the
            answer itself works. What it has beside the pins is offered, final and nobody's private file.
        newer_good: working combinations in which no pinned value is older and at least one is newer; newest first,
            at most ten, and as the nearest one without anything that nobody should be sent to.
        culprits: what is known not to fit and is in the combination that answers, pinned parts first.
        suspicions: what is under suspicion in it where the cause of its failure is not separated.
    """

    verdict: Verdict
    pinned: tuple[Value, ...]
    chosen: tuple[Value, ...]
    tried: int
    nearest_good: Combination | None
    newer_good: tuple[Combination, ...]
    culprits: tuple[Culprit, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The code with which ``check`` ends."""
        return _EXIT_CODES.get(self.verdict.kind, ExitCode.UNKNOWN)


def answer(
    snapshot: OpenSnapshot,
    pins: Sequence[Value],
    needs: Sequence[str],
    *,
    now: datetime,
    max_age: timedelta | None = None,
) -> Answer:
    """Return what is known of ``pins`` together, for all of the capabilities ``needs``.

    Args:
        snapshot: what judging left behind.
        pins: at most one value a factor.
        needs: capabilities of the profile in order of the chain; at least one.
        now: aware UTC time by which ages are told.
        max_age: after which evidence is stale; ``None`` for what judging was told.

    Raises:
        StoreError: the snapshot is damaged.
    """
    clock = Clock(now=now, max_age=max_age)
    pinned = {pin.factor: pin for pin in pins}
    ordered = tuple(pinned[factor.name] for factor in snapshot.factors if factor.name in pinned)
    rows = Rows(snapshot, pinned, needs, clock)
    best = rows.best()
    verdict = _of_row(snapshot, best, needs, clock) if best is not None else None
    judgement = None
    if verdict is None or verdict.kind is not VerdictKind.WORKS:
        from tracker.snapshot.untried import open_judgement

        judgement = open_judgement(snapshot)
        verdict = _speaks(snapshot, judgement, rows, verdict, pinned, needs=needs, clock=clock)
    works = verdict.kind is VerdictKind.WORKS
    nearest = [] if works else rows.nearest_working(1)
    return Answer(
        verdict=verdict,
        pinned=ordered,
        chosen=tuple(
            value
            for factor in snapshot.factors
            for value in verdict.combination
            if value.factor == factor.name and factor.name not in pinned
        ),
        tried=rows.holding_count(),
        nearest_good=snapshot.row(nearest[0]).combination if nearest else None,
        newer_good=tuple(snapshot.row(number).combination for number in rows.newer_working(_MOST_NEWER)),
        culprits=_culprits(judgement, verdict, ordered),
        suspicions=_suspicions(judgement, verdict),
    )


def _of_row(snapshot: OpenSnapshot, number: int, needs: Sequence[str], clock: Clock) -> Verdict:
    verdicts = snapshot.row(number).verdicts
    return _decisive([verdicts[need] for need in needs], clock)


def _decisive(verdicts: Iterable[Verdict], clock: Clock) -> Verdict:
    """The worst of the needed capabilities decides; among equals that fail the first, when all work the last."""
    ages = [clock.aged(verdict) for verdict in verdicts]
    worst = max(ages, key=badness)
    return ages[-1] if worst.kind is VerdictKind.WORKS else worst


def _speaks(  # noqa: PLR0913 - all that is known
    snapshot: OpenSnapshot,
    judgement: Judgement | None,
    rows: Rows,
    best: Verdict | None,
    pinned: Mapping[str, Value],
    *,
    needs: Sequence[str],
    clock: Clock,
) -> Verdict:
    """Return the verdict that answers for all combinations that hold the pins, where none that was run works."""
    from tracker.snapshot.untried import think

    blamed = rows.blamed()
    if blamed is not None:
        return _of_row(snapshot, blamed, needs, clock)
    found = [best] if best else []
    for verdicts in think(snapshot, judgement, rows, pinned, needs) if judgement is not None else ():
        found.append(_decisive(verdicts, clock))
        if found[-1].kind is VerdictKind.LIKELY:
            # Nothing better can be said of what was never run.
            break
    return min(found, key=badness) if found else _unknown(snapshot, pinned.values())


def _unknown(snapshot: OpenSnapshot, pins: Iterable[Value]) -> Verdict:
    """Return what is said where two pins never meet or some factor has no live value: nothing can be made of them."""
    from tracker.snapshot.untried import forbidden

    named = Combination.of(pins)
    if apart := forbidden(named, snapshot.exclusions):
        one, other, reason = apart
        return Verdict(
            combination=named,
            capability="",
            kind=VerdictKind.UNTESTED,
            sentence=f"Untested: {one} and {other} are never run together: {reason}",
        )
    return Verdict(
        combination=named,
        capability="",
        kind=VerdictKind.UNTESTED,
        sentence=f"Untested: no run holds {named}, and no live combination can be made with it.",
        would_change="A look at the upstreams of all parts, and a run.",
    )


def _culprits(judgement: Judgement | None, verdict: Verdict, pinned: Sequence[Value]) -> tuple[Culprit, ...]:
    if judgement is None:
        return ()
    held = [one for one in judgement.culprits if all(value in verdict.combination for value in one.values)]
    return tuple(sorted(held, key=lambda one: (not set(one.values) <= set(pinned), one.values)))


def _suspicions(judgement: Judgement | None, verdict: Verdict) -> tuple[Suspicion, ...]:
    if judgement is None:
        return ()
    asked = {verdict.capability, verdict.because_of}
    return tuple(
        one
        for one in judgement.suspicions
        if one.failure.combination == verdict.combination and one.capability in asked
    )
