"""What to install: the newest set that is known to be good, the smallest change that reaches one, and what is newer.

Newest is lexicographic in the order of the axes, as everywhere (``tracker.evidence.newest``). Good means that runs show
it now for everything that is needed: what is likely, declared, waived or stale is not recommended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.newer import Newer, newer_values
from tracker.evidence.outlook import known_good
from tracker.model import Axis, Combination, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Exclusion, Value, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The smallest change of a given set.

    Attributes:
        combination: the good combination that it reaches.
        replaced: each given value that has to go, with what takes its place, in order of the axes; empty where the
            given values work as they are.
    """

    combination: Combination
    replaced: tuple[tuple[Value, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What is worth installing.

    Attributes:
        needs: the capabilities that are needed.
        best: the newest known-good combination; ``None`` where nothing is known to be good.
        verdicts: the verdicts on it, one for each need.
        behind: for each factor how many newer live values the best one leaves out, of the same component; what is
            never recommended does not count.
        formerly: where nothing is known to be good, the newest combination that once was; else ``None``.
        set_aside: where nothing can be recommended, the newest known-good combination of which a value is never
            recommended; else ``None``.
        newer: the values that are newer than the best one's, in order of the axes, newest first.
        is_newest_of_all: nothing newer is left to try: every newer value is ruled out by what is known, or is never
            recommended.
        change: the smallest change that makes the given values work; ``None`` where none were given or none is known.
    """

    needs: tuple[str, ...]
    best: Combination | None
    verdicts: tuple[Verdict, ...]
    behind: Mapping[str, int]
    formerly: Combination | None
    set_aside: Combination | None
    newer: tuple[Newer, ...]
    is_newest_of_all: bool
    change: Replacement | None


def recommend(  # noqa: PLR0913 - all that decides
    axes: Sequence[Axis],
    judgement: Judgement,
    needs: Sequence[str],
    *,
    given: Sequence[Value] = (),
    held: Sequence[Value] = (),
    exclusions: Sequence[Exclusion] = (),
    never: Mapping[Value, str] | None = None,
    order: Sequence[Value] = (),
) -> Recommendation:
    """Return what is worth installing.

    Args:
        axes: the live values, newest first, in the profile's order of factors.
        judgement: of all evidence on this host; its ``now`` decides what has become stale.
        needs: capabilities of the profile; at least one.
        given: what somebody uses; at most one value a factor.
        held: values that the answer must hold; at most one a factor.
        exclusions: values that never meet.
        never: what is never recommended (pre-releases, files of this machine, withdrawn releases), each with a
            sentence that says why. A given value is no reason against a change that keeps it.
        order: all values that have a name, newest first among those of a factor; where it is empty, the live ones.
    """
    barred = never or {}
    ranks = _Ranks(axes, order)
    good = [one for one in known_good(judgement, needs) if ranks.has(one) and all(value in one for value in held)]
    sound = [one for one in good if not any(value in barred for value in one)]
    best = min(sound, key=ranks.of, default=None)
    newer: tuple[Newer, ...] = ()
    if best is not None:
        around = tuple(_narrowed(axis, best[axis.name], held, ranks) for axis in axes)
        newer = newer_values(around, judgement, needs, base=best, exclusions=exclusions, never=barred)
    return Recommendation(
        needs=tuple(needs),
        best=best,
        verdicts=tuple(judgement.verdict(best, need) for need in needs) if best else (),
        behind={axis.name: _behind(axis, best[axis.name], barred, ranks) for axis in axes} if best else {},
        formerly=None if best else _formerly(judgement, needs, held, barred, ranks),
        set_aside=None if best else min(good, key=ranks.of, default=None),
        newer=newer,
        is_newest_of_all=best is not None and not any(one.is_open for one in newer),
        change=_smallest_change(good, given, barred, ranks) if given else None,
    )


class _Ranks:
    """Where values stand among those of their factor, newest first."""

    def __init__(self, axes: Sequence[Axis], order: Sequence[Value]) -> None:
        self.names = [axis.name for axis in axes]
        named = [*order, *(value for axis in axes for value in axis.values)]
        self._places = {value: place for place, value in enumerate(dict.fromkeys(named))}

    def has(self, combination: Combination) -> bool:
        """Whether it has a value of every factor, and all of them have a rank."""
        factors = {value.factor for value in combination}
        return factors == set(self.names) and all(value in self._places for value in combination)

    def of(self, combination: Combination) -> list[int]:
        return [self._places[combination[name]] for name in self.names]

    def in_order(self, values: Iterable[Value]) -> list[Value]:
        return sorted(values, key=self._places.__getitem__)


def _narrowed(axis: Axis, base: Value, held: Sequence[Value], ranks: _Ranks) -> Axis:
    """Return the axis with the base's own value on it, which need not be live, or with nothing but that if it is held.

    The absence of a part stays last, whatever its rank.
    """
    if base in held:
        return Axis(factor=axis.factor, values=(base,))
    values = ranks.in_order({*axis.values, base})
    return Axis(factor=axis.factor, values=tuple(sorted(values, key=lambda value: value.is_absent)))


def _behind(axis: Axis, base: Value, barred: Mapping[Value, str], ranks: _Ranks) -> int:
    values = ranks.in_order({*axis.values, base})
    return sum(value.component == base.component and value not in barred for value in values[: values.index(base)])


def _formerly(
    judgement: Judgement, needs: Sequence[str], held: Sequence[Value], barred: Mapping[Value, str], ranks: _Ranks
) -> Combination | None:
    """Return the newest combination that once worked for all needs."""

    def once_worked(combination: Combination, need: str) -> bool:
        verdict = judgement.verdict(combination, need)
        return verdict.kind is VerdictKind.WORKS or verdict.was == "worked"

    rows = [
        one
        for one in judgement.verdicts
        if ranks.has(one)
        and all(value in one for value in held)
        and not any(value in barred for value in one)
        and all(once_worked(one, need) for need in needs)
    ]
    return min(rows, key=ranks.of, default=None)


def _smallest_change(
    good: Sequence[Combination], given: Sequence[Value], barred: Mapping[Value, str], ranks: _Ranks
) -> Replacement | None:
    """Return the known-good combination that keeps most of ``given``, the newest of several."""
    usable = [one for one in good if all(value not in barred or value in given for value in one)]
    reached = min(usable, key=lambda one: (sum(value not in one for value in given), ranks.of(one)), default=None)
    if reached is None:
        return None
    wanted = {value.factor: value for value in given}
    ordered = sorted(reached, key=lambda value: ranks.names.index(value.factor))
    return Replacement(
        combination=reached,
        replaced=tuple(
            (wanted[value.factor], value)
            for value in ordered
            if value.factor in wanted and wanted[value.factor] != value
        ),
    )
