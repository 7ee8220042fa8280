"""Which live values can stand in one row, by exclusions and by what is blamed already."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from tracker.model import CulpritStanding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.model import Culprit, Exclusion, Value


class Meetings:
    """Tells whether a whole row can be made of some values and get as far as the capability that is looked at.

    Most values are *free*: no exclusion and no culprit holds them, so that they go with everybody. Only axes without
    any free value have to be searched.

    Args:
        live: the live values of each factor.
        exclusions: values that never meet.
    """

    def __init__(self, live: Mapping[str, Sequence[Value]], exclusions: Sequence[Exclusion]) -> None:
        self._live = live
        self._exclusions = exclusions
        self._excluded: dict[Value, bool] = {}
        self._known: list[Culprit] = []
        self._blamed: set[Value] = set()
        self._out: set[Value] = set()
        self._narrow = self._without_free_values()

    def learn(self, culprits: Iterable[Culprit]) -> None:
        """Take note of what is blamed at a capability, for the later ones; what is flaky keeps nobody away."""
        found = tuple(culprits)
        self._out.update(one.values[0] for one in found if len(one.values) == 1)
        steady = [one for one in found if one.standing is not CulpritStanding.FLAKY]
        self._known += steady
        self._blamed.update(value for one in steady for value in one.scope)
        self._narrow = self._without_free_values()

    def is_out(self, value: Value) -> bool:
        """Whether ``value`` is known to be at fault itself, so that nothing can be learned with it."""
        return value in self._out

    def is_feasible(self, values: tuple[Value, ...]) -> bool:
        """Whether a whole row can hold ``values``."""
        if not self._may_meet(values):
            return False
        taken = {value.factor for value in values}
        left = next((name for name in self._narrow if name not in taken), None)
        return left is None or any(self.is_feasible((*values, value)) for value in self._live[left])

    def _may_meet(self, values: Sequence[Value]) -> bool:
        bound = [value for value in values if not self._is_free(value)]
        if not bound:
            return True
        return not any(
            exclusion.forbids(one, other) for one, other in combinations(bound, 2) for exclusion in self._exclusions
        ) and not any(one.is_in(bound) for one in self._known)

    def _is_free(self, value: Value) -> bool:
        if value in self._blamed:
            return False
        if value not in self._excluded:
            self._excluded[value] = any(exclusion.is_about(value) for exclusion in self._exclusions)
        return not self._excluded[value]

    def _without_free_values(self) -> tuple[str, ...]:
        return tuple(name for name, values in self._live.items() if not any(map(self._is_free, values)))
