"""What declarations let one expect of a combination that nobody ran.

It never outranks what was observed or inferred, and paints no cell: it says "expected" or "doubtful", whose word that
is, and where it was read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import DeclarationKind, Expectation, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from tracker.model import Combination, Condition, Declaration, Value
    from tracker.protocols.ordering import Comparable

    Order = Callable[[str, str], Comparable]
    """From a component and one of its versions to a sort key; raises ``ValueError`` for what is no version of it."""
    LineOf = Callable[[str, str], str]
    """From a component and one of its versions to the line that it belongs to; empty when it has none."""

_STRENGTH = {kind: place for place, kind in enumerate(DeclarationKind)}
_PARTS = 2
"""A statement about one part alone says nothing of whether parts work together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is to be expected of one combination and capability by declarations alone.

    Attributes:
        kind: ``EXPECTED`` or ``DOUBTFUL``.
        sentence: what is declared, by whom, and where that was read.
        declarations: those that it rests on, the deciding ones first, the strongest kind first among them.
    """

    kind: VerdictKind
    sentence: str
    declarations: tuple[Declaration, ...]


def applies(declaration: Declaration, combination: Combination, order: Order, line_of: LineOf) -> bool:
    """Whether the declaration speaks of the combination: it has conditions, and all of them hold.

    Args:
        declaration: what is declared.
        combination: may lack factors; a condition on something that it does not name does not hold.
        order: sort key of a component's version.
        line_of: line of a component's version.
    """
    return bool(declaration.conditions) and all(
        any(holds(condition, value, order, line_of) for value in combination) for condition in declaration.conditions
    )


def holds(condition: Condition, value: Value, order: Order, line_of: LineOf) -> bool:
    """Whether ``value`` is what the condition names, and is as it demands.

    A condition with nothing but a name demands that this part is there. What cannot be ordered meets no bound.
    """
    if not is_about(condition, value):
        return False
    if value.is_absent:
        return condition.is_absent is True
    if condition.is_absent or (condition.any_of and value.version not in condition.any_of):
        return False
    if condition.lines and line_of(condition.name, value.version) not in condition.lines:
        return False
    return _is_within(condition, value.version, order)


def is_about(condition: Condition, value: Value) -> bool:
    """Whether the condition names the value's component, or its factor when the value has no component."""
    return condition.name == (value.component or value.factor)


def _is_within(condition: Condition, version: str, order: Order) -> bool:
    if not (condition.at_least or condition.below):
        return True
    try:
        key = order(condition.name, version)
        return not (
            (condition.at_least and key < order(condition.name, condition.at_least))
            or (condition.below and not key < order(condition.name, condition.below))
        )
    except ValueError:
        return False


class Expectations:
    """Declarations, indexed by the values that meet their conditions; build it once for many combinations.

    Args:
        declarations: in any order; ids are unique.
        order: sort key of a component's version.
        line_of: line of a component's version.
        capabilities: chain of requirements, earliest first.
        today: a declaration holds up to and including its last day.
    """

    def __init__(
        self,
        declarations: Iterable[Declaration],
        *,
        order: Order,
        line_of: LineOf,
        capabilities: Sequence[str],
        today: date,
    ) -> None:
        self._declarations = sorted(declarations, key=lambda one: (_STRENGTH[one.kind], one.id))
        self._order = order
        self._line_of = line_of
        self._places = {name: place for place, name in enumerate(capabilities)}
        self._today = today
        self._met: dict[Value, tuple[int, ...]] = {}

    def applying(self, combination: Combination) -> tuple[Declaration, ...]:
        """Return the declarations that speak of ``combination``, the strongest kind first; ended ones as well."""
        counts = Counter(number for value in combination for number in self._conditions_met(value))
        return tuple(
            self._declarations[number]
            for number, count in sorted(counts.items())
            if count == len(self._declarations[number].conditions)
        )

    def of(self, combination: Combination, capability: str) -> Expected | None:
        """Return what is to be expected; ``None`` when nobody declares anything that bears on it."""
        return expectation_of(
            [one for one in self.applying(combination) if self._bears_on(one, capability)], combination
        )

    def holds(self, condition: Condition, value: Value) -> bool:
        """Whether ``value`` is what the condition names, and is as it demands."""
        return holds(condition, value, self._order, self._line_of)

    def _bears_on(self, declaration: Declaration, capability: str) -> bool:
        if declaration.until is not None and declaration.until < self._today:
            return False
        first = self._places.get(declaration.capability, 0)
        return first <= self._places.get(capability, len(self._places))

    def _conditions_met(self, value: Value) -> tuple[int, ...]:
        """Return places of declarations, once for each of their conditions that ``value`` meets."""
        if value not in self._met:
            self._met[value] = tuple(
                number
                for number, declaration in enumerate(self._declarations)
                for condition in declaration.conditions
                if self.holds(condition, value)
            )
        return self._met[value]


def expectation_of(applying: Sequence[Declaration], combination: Combination) -> Expected | None:
    """Return what declarations that apply, and bear on the capability that is asked, let one expect.

    One that expects a failure is enough for a doubt, whatever others expect. For "expected" one must speak of at
    least two parts of the combination.

    Args:
        applying: the strongest kind first.
        combination: of which they speak.
    """
    against = [one for one in applying if one.expectation is Expectation.FAILS]
    known = [one for one in applying if one.expectation is Expectation.WORKS and _part_count(one) >= _PARTS]
    if against:
        sentence = f"Doubtful: {_told(against)}."
        if known:
            sentence += f" Others expect it to work: {_told(known)}."
        return Expected(kind=VerdictKind.DOUBTFUL, sentence=sentence, declarations=(*against, *known))
    if not known:
        return None
    return Expected(
        kind=VerdictKind.EXPECTED,
        sentence=f"Expected to work: {_told(known)}.{_unspoken(known, combination)}",
        declarations=tuple(known),
    )


def _part_count(declaration: Declaration) -> int:
    return len({condition.name for condition in declaration.conditions if not condition.is_absent})


def _told(declarations: Sequence[Declaration]) -> str:
    return "; ".join(f"{one.sentence} ({one.kind}: {one.provenance})" for one in declarations)


def _unspoken(declarations: Sequence[Declaration], combination: Combination) -> str:
    """Name the factors of which none of the declarations speaks, so that nobody takes a part for the whole."""
    conditions = [condition for one in declarations for condition in one.conditions]
    silent = [
        value.factor
        for value in combination
        if not value.is_absent and not any(is_about(condition, value) for condition in conditions)
    ]
    return f" Nothing of that speaks of {', '.join(silent)}." if silent else ""
