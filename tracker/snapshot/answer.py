"""May I use these versions together? Answered from a verdict snapshot alone.

A factor that is not pinned means "some value": the best combination that holds all pins answers, and the answer
names its values. Pins are broken when the step that failed exercised nothing but pinned factors, or when nothing is
left to try; a combination that fails for the sake of a part that was not asked about says nothing of the pins. Ages
are told by the reader's clock, since a snapshot does not change by getting older.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from tracker.errors import ExitCode
from tracker.evidence.document import from_document
from tracker.evidence.judgement import aged
from tracker.model import Combination, Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.model import Culprit, Value
    from tracker.snapshot.content import SnapshotRow, VerdictSnapshot

_EXIT_CODES = {
    VerdictKind.WORKS: ExitCode.OK,
    VerdictKind.BROKEN: ExitCode.BROKEN,
    VerdictKind.STALE: ExitCode.STALE,
}
_BEST_FIRST = (
    (VerdictKind.WORKS, ""),
    (VerdictKind.STALE, "worked"),
    (VerdictKind.LIKELY, ""),
    (VerdictKind.EXPECTED, ""),
    (VerdictKind.FLAKY, ""),
    (VerdictKind.UNRESOLVED, ""),
    (VerdictKind.UNTESTED, ""),
    (VerdictKind.DOUBTFUL, ""),
    (VerdictKind.STALE, "was broken"),
    (VerdictKind.BROKEN, ""),
)
_MOST_COMPLETIONS = 1000
"""How many ways to fill in the factors that were not pinned are looked at, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of a set of pins.

    Attributes:
        verdict: of the capability that decides, for the combination that answers.
        pinned: the values that were asked about, in the profile's order.
        chosen: the values that the answer adds for factors that were not pinned.
        tried: how many combinations that hold all pins were ever run.
        nearest_good: the working combination that keeps most of the pins; ``None`` when there is none or the
            answer itself works.
        culprits: what is known not to fit and is in the combination that answers, pinned parts first.
        newer_good: working combinations in which no pinned value is older and at least one is newer; newest first.
    """

    verdict: Verdict
    pinned: tuple[Value, ...]
    chosen: tuple[Value, ...]
    tried: int
    nearest_good: Combination | None
    newer_good: tuple[Combination, ...]
    culprits: tuple[Culprit, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The code with which ``check`` ends."""
        return _EXIT_CODES.get(self.verdict.kind, ExitCode.UNKNOWN)


class _Ranks:
    """Where values stand among those of their factor: newest first, in the profile's order of factors."""

    def __init__(self, snapshot: VerdictSnapshot) -> None:
        self._places = {known.value: place for place, known in enumerate(snapshot.values)}
        self._factors = [factor.name for factor in snapshot.factors]

    def of_value(self, value: Value) -> int:
        return self._places.get(value, len(self._places))

    def of(self, combination: Combination) -> list[int]:
        return [self.of_value(combination[name]) for name in self._factors]


def answer(
    snapshot: VerdictSnapshot,
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
        needs: capabilities of the profile; at least one.
        now: aware UTC time by which ages are told.
        max_age: after which evidence is stale; ``None`` for what judging was told.
    """
    snapshot = _by_age(snapshot, max_age) if max_age is not None else snapshot
    pinned = {pin.factor: pin for pin in pins}
    ordered = tuple(pinned[factor.name] for factor in snapshot.factors if factor.name in pinned)
    rank = _Ranks(snapshot)
    holding = [row for row in snapshot.rows if all(pin in row.combination for pin in ordered)]
    tried = [_decisive([row.verdicts[need] for need in needs], now) for row in holding]
    working = [row.combination for row in snapshot.rows if _works(row, needs, now)]
    untried = _untried(snapshot, pinned, needs, now)
    # Of what was never run, the one that differs least from a working one is told: it is the one to try.
    untried.sort(key=lambda one: min((_difference(one.combination, good) for good in working), default=0))
    verdict = _speaks(tried, untried, pinned, rank)
    works = verdict.kind is VerdictKind.WORKS
    return Answer(
        verdict=verdict,
        pinned=ordered,
        chosen=tuple(
            value
            for factor in snapshot.factors
            for value in verdict.combination
            if value.factor == factor.name and factor.name not in pinned
        ),
        tried=len(holding),
        nearest_good=None if works else _nearest(working, ordered, rank),
        newer_good=_newer(working, ordered, rank),
        culprits=_culprits(snapshot, verdict, ordered, now),
    )


def _by_age(snapshot: VerdictSnapshot, max_age: timedelta) -> VerdictSnapshot:
    """Return the snapshot as it would be if evidence aged after ``max_age``."""

    def dated(verdict: Verdict) -> Verdict:
        if verdict.fresh_until is None or verdict.observed_at is None:
            return verdict
        return replace(verdict, fresh_until=verdict.observed_at + max_age)

    rows = (
        replace(row, verdicts={need: dated(verdict) for need, verdict in row.verdicts.items()}) for row in snapshot.rows
    )
    return replace(snapshot, rows=tuple(rows))


def _culprits(
    snapshot: VerdictSnapshot, verdict: Verdict, pinned: Sequence[Value], now: datetime
) -> tuple[Culprit, ...]:
    if verdict.kind is VerdictKind.WORKS or not snapshot.judgement:
        return ()
    known = from_document(snapshot.judgement, now=now).culprits
    held = [one for one in known if all(value in verdict.combination for value in one.values)]
    return tuple(sorted(held, key=lambda one: (not set(one.values) <= set(pinned), one.values)))


def _decisive(verdicts: Iterable[Verdict], now: datetime) -> Verdict:
    """The worst of the needed capabilities decides; among equals that fail the first, when all work the last."""
    ages = [aged(verdict, now) for verdict in verdicts]
    worst = max(ages, key=_badness)
    return ages[-1] if worst.kind is VerdictKind.WORKS else worst


def _badness(verdict: Verdict) -> int:
    return _BEST_FIRST.index((verdict.kind, verdict.was))


def _difference(one: Iterable[Value], other: Combination) -> int:
    return sum(value not in other for value in one)


def _works(row: SnapshotRow, needs: Sequence[str], now: datetime) -> bool:
    return all(aged(row.verdicts[need], now).kind is VerdictKind.WORKS for need in needs)


def _speaks(tried: list[Verdict], untried: list[Verdict], pinned: Mapping[str, Value], rank: _Ranks) -> Verdict:
    """Return the verdict that answers for all combinations that hold the pins."""

    def best(verdicts: list[Verdict]) -> Verdict:
        return min(verdicts, key=lambda one: (_badness(one), rank.of(one.combination)))

    found = min([*([best(tried)] if tried else []), *untried], key=_badness, default=None)
    if found is None:
        return _unknown(pinned.values())
    blamed = [one for one in tried if one.kind is VerdictKind.BROKEN and set(one.exercised) <= pinned.keys()]
    return best(blamed) if blamed and found.kind is not VerdictKind.WORKS else found


def _unknown(pins: Iterable[Value]) -> Verdict:
    """Return what is said where some factor has no live value, so that nothing can be made of the pins."""
    named = Combination.of(pins)
    return Verdict(
        combination=named,
        capability="",
        kind=VerdictKind.UNTESTED,
        sentence=f"Untested: no run holds {named}, and no live combination can be made with it.",
        would_change="A look at the upstreams of all parts, and a run.",
    )


def _untried(
    snapshot: VerdictSnapshot, pinned: Mapping[str, Value], needs: Sequence[str], now: datetime
) -> list[Verdict]:
    """Return what is thought of the combinations of live values that hold the pins and were never run."""
    ran = {row.combination for row in snapshot.rows}
    judgement = from_document(snapshot.judgement, now=now)
    completions = islice(_completions(snapshot, pinned), _MOST_COMPLETIONS)
    return [
        _decisive([judgement.verdict(combination, need) for need in needs], now)
        for combination in completions
        if combination not in ran
    ]


def _completions(snapshot: VerdictSnapshot, pinned: Mapping[str, Value]) -> Iterator[Combination]:
    axes = [
        [pinned[factor.name]]
        if factor.name in pinned
        else [one.value for one in snapshot.values if one.is_live and one.value.factor == factor.name]
        for factor in snapshot.factors
    ]
    return (Combination.of(values) for values in product(*axes))


def _nearest(working: Iterable[Combination], pinned: Sequence[Value], rank: _Ranks) -> Combination | None:
    def distance(combination: Combination) -> tuple[int, list[int]]:
        return _difference(pinned, combination), rank.of(combination)

    return min(working, key=distance, default=None)


def _newer(working: Iterable[Combination], pinned: Sequence[Value], rank: _Ranks) -> tuple[Combination, ...]:
    def is_newer(combination: Combination) -> bool:
        # Two components of one factor have no common order: only versions of the pinned one count as newer.
        pairs = [(combination[pin.factor], pin) for pin in pinned]
        comparable = all(value.component == pin.component for value, pin in pairs)
        places = [(rank.of_value(value), rank.of_value(pin)) for value, pin in pairs]
        return comparable and all(new <= old for new, old in places) and any(new < old for new, old in places)

    newer = [combination for combination in working if is_newer(combination)]
    return tuple(sorted(newer, key=rank.of))
