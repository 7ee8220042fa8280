"""With whom an item could be tried, and with whom it was: what a proof of one part alone rests on (rule 5).

Two failures that share nothing else do not show that an item itself is at fault: "new A needs newer B" and "new A
needs newer C" make one row fail for B and the other for C, and A is good with a new B and a new C. So an item counts
as tried only when no live partner is left that it has not met, and when either every row of live values that it could
be in has failed, or so many different ones that a row which works would be a rare exception.

A row may have failed only once, where others fail beside it: that a part works with a partner, and failed by chance
in each of the rows that hold both, is as rare as that one row fails by chance as often. So each partner must be in as
many failing runs as belief takes, and where rows are few every two partners; the newest partners together, and the
oldest, are believed by themselves, since parts that move in lockstep fail in any other row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING

from tracker.evidence.repeats import run_count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from tracker.evidence.clearing import Clearings
    from tracker.evidence.suspects import Failing
    from tracker.model import Axis, Combination, Culprit, Value

MANY_ROWS = 12
"""So many rows with different partners stand for all of them."""
HOPELESS = 2
"""So many runs that ended in ERROR, and not one that finished, show that a row cannot be tried."""
MOST_ROWS = 1000
"""Where more rows could be made of an item's partners, nobody asks whether all of them were tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How thoroughly an item was tried with others.

    Attributes:
        met: live partners with which a run was finished.
        partners: all live partners of the factors that its failures exercised.
        is_thorough: nothing more can reasonably be tried.
        is_exhausted: they were not many, but not one more row can be tried.
    """

    met: int
    partners: int
    is_thorough: bool
    is_exhausted: bool


class Partners:
    """The live values of each factor, and which of them have met.

    Args:
        axes: the live values; where it is empty, those that any combination holds.
        combinations: every combination with a finished run on its current key.
        erred: how many runs ended in ERROR, of each combination of which no run has finished.
        may_meet: whether nothing known keeps values from standing in one row and getting this far.
        is_out: whether a value is known to be at fault itself, so that nothing can be learned with it.
    """

    def __init__(
        self,
        axes: Sequence[Axis],
        combinations: Iterable[Combination],
        *,
        erred: Mapping[Combination, int],
        may_meet: Callable[[Sequence[Value]], bool],
        is_out: Callable[[Value], bool],
    ) -> None:
        self._rows = tuple(combinations)
        self._finished = frozenset(value for row in self._rows for value in row)
        self._erred = erred
        self._may_meet = may_meet
        self._is_out = is_out
        self._live: Mapping[str, Sequence[Value]] = {axis.name: axis.values for axis in axes} or _seen(self._rows)

    def tried(  # noqa: PLR0913 - all that decides
        self,
        item: Value,
        failures: Sequence[Failing],
        clearings: Clearings,
        *,
        doubted: Sequence[Failing] = (),
        vouched: Sequence[Failing] = (),
        enough: int = 1,
        pairs: Sequence[Culprit] = (),
    ) -> Tried:
        """Return how thoroughly ``item`` was tried.

        Args:
            item: has passed with nobody.
            failures: those that hold it, with all else cleared; they are believed.
            clearings: of the capability at which they failed.
            doubted: such as have not failed often enough to be believed.
            vouched: those among them after which a reference has passed.
            enough: how often something fails before it is believed.
            pairs: those that are blamed at this capability: a row with one of them tells nothing of the item.
        """
        factors = sorted({value.factor for failure in failures for value in failure.exercised} - {item.factor})
        held = [row for row in self._rows if item in row]
        met = {value for row in held for value in row}
        live = [self._partners_of(item, factor, met) for factor in factors]
        usable = [[value for value in values if not self._is_out(value)] for values in live]
        done = {_partners_in(row, factors) for row in held}
        done |= {_partners_in(row, factors) for row, runs in self._erred.items() if item in row and runs >= HOPELESS}
        open_ = {_partners_in(one.combination, factors) for one in doubted}
        open_ -= {_partners_in(one.combination, factors) for one in failures}
        backed = {_partners_in(one.combination, factors) for one in vouched}
        sound = [[value for value in values if clearings.has_item(value)] for values in usable]
        rows = {failure.exercised for failure in (*failures, *vouched)}
        are_many = len(rows) >= MANY_ROWS and _have_failed_with_each(item, 1, failures, vouched, enough)
        is_exhausted = (
            not are_many
            and frozenset(values[-1] for values in sound if values) not in open_
            and _have_failed_with_each(item, 2, failures, vouched, enough)
            and self._is_exhausted(item, sound, done - (open_ - backed), pairs)
        )
        return Tried(
            met=sum(value in met for values in live for value in values),
            partners=sum(map(len, live)),
            is_thorough=all(value in met for values in usable for value in values)
            and self._were_the_newest_tried(item, usable, done - open_)
            and (are_many or is_exhausted),
            is_exhausted=is_exhausted,
        )

    def _partners_of(self, item: Value, factor: str, met: Collection[Value]) -> tuple[Value, ...]:
        """Return the values of ``factor`` that ``item`` has met, or that it could meet."""
        values = [value for value in self._live.get(factor, ()) if not value.is_absent]
        return tuple(value for value in values if value in met or self._is_within_reach(item, value))

    def _is_within_reach(self, item: Value, value: Value) -> bool:
        """Whether a row with both can be run; not where such rows, or all with ``value``, end in ERROR every time."""
        is_new = value not in self._finished
        errors = sum(runs for row, runs in self._erred.items() if value in row and (is_new or item in row))
        return errors < HOPELESS and self._is_feasible((item, value))

    def _were_the_newest_tried(
        self, item: Value, usable: Sequence[Sequence[Value]], done: Collection[frozenset[Value]]
    ) -> bool:
        """Whether the newest partners were tried all together: parts that move in lockstep fail in any other row."""
        newest = [values[0] for values in usable if values]
        return frozenset(newest) in done or not self._is_feasible((item, *newest))

    def _is_exhausted(
        self,
        item: Value,
        sound: Sequence[Sequence[Value]],
        done: Collection[frozenset[Value]],
        pairs: Sequence[Culprit],
    ) -> bool:
        """Whether no row of partners that pass with others is left to try."""
        if prod(map(len, sound)) > MOST_ROWS:
            return False
        return all(
            frozenset(row) in done or any(pair.is_in(row) for pair in pairs) or not self._is_feasible((item, *row))
            for row in product(*sound)
        )

    def _is_feasible(self, values: tuple[Value, ...]) -> bool:
        """Whether a whole row can hold ``values``."""
        if not self._may_meet(values):
            return False
        taken = {value.factor for value in values}
        left = next((name for name in self._live if name not in taken), None)
        return left is None or any(self._is_feasible((*values, value)) for value in self._live[left])


def _have_failed_with_each(
    item: Value, size: int, believed: Sequence[Failing], vouched: Sequence[Failing], enough: int
) -> bool:
    """Whether each ``size`` partners in a ``vouched`` failure are in a believed one, or in ``enough`` failing runs."""

    def partners(failure: Failing) -> Iterator[tuple[Value, ...]]:
        others = sorted(failure.exercised - {item})
        return combinations(others, min(size, len(others)))

    sure = {values for failure in believed for values in partners(failure)}
    fails: Counter[tuple[Value, ...]] = Counter()
    for failure in vouched:
        fails.update(dict.fromkeys(partners(failure), run_count(failure.record.fails)))
    return all(count >= enough for values, count in fails.items() if values not in sure)


def _partners_in(row: Combination, factors: Collection[str]) -> frozenset[Value]:
    return frozenset(value for value in row if value.factor in factors and not value.is_absent)


def _seen(rows: Iterable[Combination]) -> dict[str, tuple[Value, ...]]:
    values: dict[str, set[Value]] = {}
    for row in rows:
        for value in row:
            values.setdefault(value.factor, set()).add(value)
    return {factor: tuple(sorted(found, reverse=True)) for factor, found in values.items()}
