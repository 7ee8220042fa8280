"""One axis of the matrix, its values, and which of them never meet."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.model.combination import Value, same_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One axis of the matrix: either versions of components, or fixed variants.

    Attributes:
        name: lower-case, unique within the profile.
        title: one line for pages.
        components: names of the components whose versions are its values; more than one makes them alternatives.
        variants: fixed values, newest first; used when ``components`` is empty.
        may_be_absent: combinations without this part are live as well, after all others (a client that containers run
            without).
        absent_while_unknown: while no version of this part is known, combinations are tried without it.
    """

    name: str
    title: str
    components: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    may_be_absent: bool = False
    absent_while_unknown: bool = False

    @property
    def has_alternatives(self) -> bool:
        """Whether a value must name its component (``runc@1.1.5``)."""
        return len(self.components) > 1

    def value(self, version: str, component: str = "") -> Value:
        """Return the value of this factor with ``version``, of ``component`` where the factor has components."""
        owner = component or (self.components[0] if self.components else "")
        return same_value(self.name, version, owner, self.has_alternatives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A factor with its live values, newest first; the order is the component's version scheme's."""

    factor: Factor
    values: tuple[Value, ...]

    @property
    def name(self) -> str:
        """The factor's name."""
        return self.factor.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Two kinds of values that never meet in a plan, because together they mean nothing.

    Attributes:
        one: a factor's name.
        one_texts: its values as people write them; empty for all.
        other: another factor's name.
        other_texts: its values; empty for all.
        except_other: the values of ``other`` that are allowed nevertheless.
        reason: a sentence.
    """

    one: str
    other: str
    reason: str
    one_texts: frozenset[str] = frozenset()
    other_texts: frozenset[str] = frozenset()
    except_other: frozenset[str] = frozenset()

    def forbids(self, one: Value, other: Value) -> bool:
        """Return whether the two values, in either order, never meet."""
        if (one.factor, other.factor) == (self.other, self.one):
            one, other = other, one
        return (
            (one.factor, other.factor) == (self.one, self.other)
            and (not self.one_texts or one.text in self.one_texts)
            and (not self.other_texts or other.text in self.other_texts)
            and other.text not in self.except_other
        )
