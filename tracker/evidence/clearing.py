"""What passes clear: items and pairs of values (rule 1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.evidence.trials import Record
    from tracker.model import Combination, Suspect, Value


@dataclass(frozen=True, kw_only=True)
class Clearings:
    """The items and pairs that passes of one capability have cleared on this host.

    Attributes:
        capability: what passed.
        values: the cleared items, sorted.
        partners: for each value a bit mask: bit j says that it passed together with ``values[j]``.
        idle: factors that passes held and did not exercise. Every other factor counts as exercised, also one that
            no pass has held yet: a value of it cannot have been cleared, so nothing with it is ever ``likely``.
    """

    capability: str
    values: tuple[Value, ...]
    partners: tuple[int, ...]
    idle: frozenset[str]

    @cached_property
    def _index(self) -> Mapping[Value, int]:
        return {value: number for number, value in enumerate(self.values)}

    def has_item(self, value: Value) -> bool:
        """Whether ``value`` has passed with anything."""
        return value in self._index

    def has_pair(self, one: Value, other: Value) -> bool:
        """Whether ``one`` and ``other`` have passed together."""
        first, second = self._index.get(one), self._index.get(other)
        return first is not None and second is not None and bool(self.partners[first] >> second & 1)

    def has(self, suspect: Suspect) -> bool:
        """Whether an item has passed with anything, or the two of a pair together."""
        return self.has_item(suspect[0]) if len(suspect) == 1 else self.has_pair(*suspect)

    def exercised(self, combination: Combination) -> tuple[Value, ...]:
        """Return the values of ``combination`` that the capability would exercise, in order of their factors."""
        return tuple(value for value in combination if not value.is_absent and value.factor not in self.idle)

    def uncleared(self, values: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
        """Return the items (one value) and then the pairs (two values) of ``values`` that no pass has cleared."""
        places = [self._index.get(value) for value in values]
        known = sum(1 << place for place in places if place is not None)
        items = [(value,) for value, place in zip(values, places, strict=True) if place is None]
        pairs: list[tuple[Value, Value]] = []
        for one, (value, place) in enumerate(zip(values, places, strict=True)):
            # Most rows have passed with all their pairs: one look at the mask tells.
            if place is not None and len(items) == 0 and self.partners[place] & known == known:
                continue
            mask = 0 if place is None else self.partners[place]
            pairs += [
                (value, values[other])
                for other in range(one + 1, len(values))
                if (there := places[other]) is None or not mask >> there & 1
            ]
        return (*items, *pairs)


def clear(capability: str, good: Iterable[Record]) -> Clearings:
    """Return what the passes of ``good`` clear.

    Args:
        capability: the capability of all records.
        good: records of unmixed rows on their current keys; mixed rows clear nothing and must not be among them.
    """
    together: list[tuple[Combination, frozenset[Value]]] = [
        (record.row.combination, exercised)
        for record in good
        for exercised in {trial.exercised for trial in record.passes}
    ]
    present: set[Value] = set().union(*(exercised for _, exercised in together))
    values = tuple(sorted(value for value in present if not value.is_absent))
    places = {value: number for number, value in enumerate(values)}
    bits = [1 << number for number in range(len(values))]
    partners = [0] * len(values)
    for _, exercised in together:
        # Values are looked up once: where thousands of rows passed, that is most of the time.
        members = [place for place in map(places.get, exercised) if place is not None]
        mask = sum([bits[place] for place in members])
        for place in members:
            partners[place] |= mask
    run: set[Value] = set().union(*(combination.values for combination, _ in together))
    held = {value.factor for value in run if not value.is_absent}
    idle = frozenset(held - {value.factor for value in values})
    return Clearings(capability=capability, values=values, partners=tuple(partners), idle=idle)
