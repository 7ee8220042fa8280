"""Which of the combinations that were run answer a question, found by the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.snapshot.ages import BROKEN, WAS_BROKEN, WORKED, WORKS, microseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model import Combination, Value
    from tracker.snapshot.ages import Clock
    from tracker.snapshot.opened import OpenSnapshot

_NOWHERE = -1
_MICROSECOND = timedelta(microseconds=1)


class _Column(NamedTuple):
    """A pinned factor.

    Attributes:
        number: of its column.
        place: of the pinned value; one that no row has, where the value is not known.
        newest: place of the newest value of the same component.
    """

    number: int
    place: int
    newest: int


class Rows:
    """The rows of a snapshot on one host, seen from one question.

    Args:
        snapshot: whose rows they are; it is asked about one host.
        pinned: values by factor.
        needs: capabilities of the profile, in order of the chain; at least one.
        clock: tells ages.
    """

    def __init__(self, snapshot: OpenSnapshot, pinned: Mapping[str, Value], needs: Sequence[str], clock: Clock) -> None:
        self._snapshot = snapshot
        self._columns = [
            _column(number, pinned[factor.name], snapshot.places(factor.name))
            for number, factor in enumerate(snapshot.factors)
            if factor.name in pinned
        ]
        self._needs = [snapshot.capabilities.index(need) for need in needs]
        self._values: dict[str, Any] = {
            "host": snapshot.host,
            "now": microseconds(clock.now),
            "age": None if clock.max_age is None else clock.max_age // _MICROSECOND,
            "pinned": sum(1 << column.number for column in self._columns),
        }
        ages = [_aged(need) for need in self._needs]
        # With one argument, max() is the aggregate.
        self._badness = f"max({', '.join(ages)})" if len(ages) > 1 else ages[0]
        self._works = " AND ".join(f"{age} = {WORKS}" for age in ages)
        held = " | ".join(f"((f{one.number} IS {one.place}) << {one.number})" for one in self._columns) or "0"
        self._is_proposable = f"(shy & ~({held})) = 0"

    def holding_count(self) -> int:
        """Return how many rows hold all pins."""
        ((found,),) = self._ask("count(*)", self._holds())
        return int(found)

    def best(self) -> int | None:
        """Return the best row that holds all pins, the newest among equals; ``None`` when there is none."""
        order = f"{self._badness}, (shy & ~:pinned) <> 0, number"
        return self._first(f"{self._holds()} ORDER BY {order}")

    def blamed(self) -> int | None:
        """Return the newest row that is broken by a step that exercised nothing but pinned factors."""
        broken = []
        for place, need in enumerate(self._needs):
            earlier = "".join(f" AND {_aged(other)} < {BROKEN}" for other in self._needs[:place])
            broken.append(f"({_aged(need)} = {BROKEN} AND (x{need} & ~:pinned) = 0{earlier})")
        return self._first(f"{self._holds()} AND ({' OR '.join(broken)}) ORDER BY number")

    def nearest_working(self, most: int) -> list[int]:
        """Return working rows, those that keep most pins first, then the newest; at most ``most`` of them."""
        # A number alone would name a column to order by.
        matches = " + ".join(["shy * 0", *(f"(f{one.number} IS {one.place})" for one in self._columns)])
        return self._numbers(f"{self._works} AND {self._is_proposable} ORDER BY {matches} DESC, number", most)

    def newer_working(self, most: int) -> list[int]:
        """Return working rows in which no pinned value is older and one is newer, newest first."""
        if not self._columns:
            return []
        spans = " AND ".join(f"f{one.number} BETWEEN {one.newest} AND {one.place}" for one in self._columns)
        another = " OR ".join(f"f{one.number} <> {one.place}" for one in self._columns)
        return self._numbers(
            f"{spans} AND ({another}) AND {self._works} AND {self._is_proposable} ORDER BY number", most
        )

    def was_run(self, combination: Combination) -> bool:
        """Whether this very combination is among the rows."""
        numbers = []
        for number, factor in enumerate(self._snapshot.factors):
            place = self._place(combination[factor.name])
            numbers.append(f"f{number} IS {place}")
        return bool(self._numbers(" AND ".join(numbers), 1))

    def _place(self, value: Value) -> int:
        return self._snapshot.places(value.factor).get(value, _NOWHERE)

    def _holds(self) -> str:
        return " AND ".join(f"f{one.number} = {one.place}" for one in self._columns) or "1"

    def _first(self, clauses: str) -> int | None:
        return next(iter(self._numbers(clauses, 1)), None)

    def _numbers(self, clauses: str, most: int) -> list[int]:
        return [number for (number,) in self._ask("number", f"{clauses} LIMIT {most}")]

    def _ask(self, what: str, clauses: str) -> list[Any]:
        # All that is put into the text is made here from numbers and names of columns.
        return self._snapshot.ask(f"SELECT {what} FROM verdict_rows WHERE host = :host AND {clauses}", self._values)  # noqa: S608


def _column(number: int, value: Value, places: Mapping[Value, int]) -> _Column:
    place = places.get(value, _NOWHERE)
    # Two components of one factor have no common order: only versions of the pinned one count as newer.
    own = [other for known, other in places.items() if known.component == value.component and not known.is_absent]
    newest = place if value.is_absent else min([place, *own])
    return _Column(number=number, place=place, newest=newest)


def _aged(need: int) -> str:
    """Return how good the verdict on a capability is by the reader's clock."""
    limit = f"CASE WHEN :age IS NULL OR o{need} IS NULL THEN u{need} ELSE o{need} + :age END"
    is_fresh = f"u{need} IS NULL OR :now < {limit}"
    aged = f"CASE b{need} WHEN {WORKS} THEN {WORKED} WHEN {WORKED} THEN {WORKED} ELSE {WAS_BROKEN} END"
    return f"(CASE WHEN {is_fresh} THEN b{need} ELSE {aged} END)"
