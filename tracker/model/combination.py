"""Values of factors and combinations of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ABSENT = "absent"
"""The version of a value that means: this factor is not there in this combination."""


@dataclass(frozen=True, order=True)
class Value:
    """One choice for one factor.

    Judging and planning look values and combinations up by the million: hash and text are worked out once for each.

    Attributes:
        factor: name of the factor (``runtime``).
        version: a release's exact version, a variant (``1.0.0``), or ``absent``.
        component: the component that the version belongs to; empty for a variant and for ``absent``.
        is_alternative: true when the factor offers several components, so that the component is part of the name.
    """

    factor: str
    version: str
    component: str = ""
    is_alternative: bool = False

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Value], tuple[str, str, str, bool]]:
        # Without what was worked out: another process hashes texts otherwise.
        return type(self), (self.factor, self.version, self.component, self.is_alternative)

    @cached_property
    def _hash(self) -> int:
        return hash((self.factor, self.version, self.component, self.is_alternative))

    @property
    def text(self) -> str:
        """The choice as people write it: ``1.7.24~ds1-6+deb13u1`` or ``runc@1.1.5+ds1-1+deb12u1``."""
        return f"{self.component}@{self.version}" if self.is_alternative and self.component else self.version

    @cached_property
    def is_absent(self) -> bool:
        """Whether the factor is missing; such a value clears nothing and is never blamed."""
        return self.version == ABSENT

    def __str__(self) -> str:
        return self._name

    @cached_property
    def _name(self) -> str:
        return f"{self.factor}={self.text}"


@dataclass(frozen=True, order=True)
class Combination:
    """One value for each factor, kept in order of the factors' names. Build it with ``Combination.of``."""

    values: tuple[Value, ...]

    @classmethod
    def of(cls, values: Iterable[Value]) -> Combination:
        """Return the combination of ``values``, whatever their order.

        Raises:
            ValueError: two values are for the same factor.
        """
        ordered = tuple(sorted(values))
        factors = [value.factor for value in ordered]
        if len(set(factors)) != len(factors):
            message = f"two values for one factor: {' '.join(map(str, ordered))}"
            raise ValueError(message)
        return cls(ordered)

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Combination], tuple[tuple[Value, ...]]]:
        # Without what was worked out: another process hashes texts otherwise.
        return type(self), (self.values,)

    @cached_property
    def _hash(self) -> int:
        return hash(self.values)

    @cached_property
    def key(self) -> str:
        """The canonical text of the combination, its identity in the store: ``a=1 b=x@2``."""
        return " ".join(map(str, self.values))

    @cached_property
    def slug(self) -> str:
        """Sixteen hex digits of the key's SHA-256: the permanent name of its page."""
        import hashlib

        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def __getitem__(self, factor: str) -> Value:
        for value in self.values:
            if value.factor == factor:
                return value
        raise KeyError(factor)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __contains__(self, value: object) -> bool:
        return value in self.values

    def __str__(self) -> str:
        return self.key

    def replace(self, value: Value) -> Combination:
        """Return this combination with ``value`` in the place of its factor's present one."""
        return Combination.of([value, *(other for other in self.values if other.factor != value.factor)])


@lru_cache(maxsize=1 << 16)
def same_value(factor: str, version: str, component: str = "", is_alternative: bool = False) -> Value:  # noqa: FBT001, FBT002 - the fields of a value, in their order
    """Return the value with these fields, the same object every time: looking it up compares no texts."""
    return Value(factor, version, component, is_alternative)
