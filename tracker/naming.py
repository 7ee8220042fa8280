"""How people name values, and which value they mean.

``containerd=1.7.24`` finds Debian's ``1.7.24~ds1-6+deb13u1`` when it is the only version that fits; a factor with
alternatives wants its component as well (``runtime=runc@1.1.5``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import ABSENT, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tracker.model import Combination, Factor


_VERSION = re.compile(r"[vV]?\d{1,9}(?:\.\d{1,9}){1,5}", re.ASCII)
_PRERELEASE = re.compile(r"\d[-.~]?(?:alpha|beta|rc)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownValue:
    """A value that can be named.

    Attributes:
        value: the value itself.
        upstream: the plain version that people say.
        is_live: whether it belongs to the live values; newest first among those of one factor.
        remarks: what somebody who pins it should know (it was withdrawn, it is a pre-release), as sentences.
        supported_until: last day on which upstream supports it; ``None`` where none is told.
        is_proposable: whether somebody who did not name it may be sent to it: it is final, offered, trusted, and no
            private file.
    """

    value: Value
    upstream: str
    is_live: bool
    remarks: tuple[str, ...] = ()
    supported_until: date | None = None
    is_proposable: bool = True


def in_order(combination: Combination, factors: Sequence[Factor]) -> str:
    """Return the combination as a person reads and types it: in the profile's order of factors."""
    places = {factor.name: place for place, factor in enumerate(factors)}
    return " ".join(map(str, sorted(combination, key=lambda value: places.get(value.factor, len(places)))))


def split_pin(text: str) -> tuple[str, str]:
    """Return factor and version of ``FACTOR=VALUE``.

    Raises:
        UsageError: the text has another form.
    """
    factor, equals, version = (part.strip() for part in text.partition("="))
    if not (factor and equals and version):
        message = f"'{text}' is no pin"
        raise UsageError(message, hint="Write FACTOR=VALUE, for instance containerd=1.7.24.")
    return factor, version


def split_pins(texts: Iterable[str]) -> dict[str, str]:
    """Return versions by factor.

    Raises:
        UsageError: one text is no pin, or two name the same factor with different versions.
    """
    pins: dict[str, str] = {}
    for text in texts:
        factor, version = split_pin(text)
        if pins.setdefault(factor, version) != version:
            message = f"two values for {factor}: {pins[factor]} and {version}"
            raise UsageError(message, hint="Name each factor once.")
    return pins


def find_factor(name: str, factors: Sequence[Factor]) -> Factor:
    """Return the factor called ``name``.

    Raises:
        UsageError: there is none; the message has the nearest name.
    """
    for factor in factors:
        if factor.name == name:
            return factor
    import difflib

    names = [factor.name for factor in factors]
    near = difflib.get_close_matches(name, names, n=1)
    meant = f" (did you mean '{near[0]}'?)" if near else ""
    message = f"there is no factor '{name}'{meant}"
    raise UsageError(message, hint=f"Factors: {', '.join(names)}")


def find_pinned(name: str, text: str, factors: Sequence[Factor], known: Sequence[KnownValue]) -> Value:
    """Return the value that the pin ``name=text`` means; ``runc=1.1.5`` is as good as ``runtime=runc@1.1.5``.

    Raises:
        UsageError: as for ``find_factor`` and ``find_value``.
    """
    for factor in factors:
        if name != factor.name and name in factor.components:
            return find_value(factor, f"{name}@{text}" if factor.has_alternatives else text, known)
    return find_value(find_factor(name, factors), text, known)


def find_value(factor: Factor, text: str, known: Sequence[KnownValue]) -> Value:
    """Return the value of ``factor`` that ``text`` means.

    An exact version wins over a plain one; among plain ones a live value wins when it is the only live one.

    Raises:
        UsageError: no value fits, or several do; the message lists the candidates.
    """
    component, _, version = text.rpartition("@") if factor.has_alternatives else ("", "", text)
    if version == ABSENT:
        return Value(factor.name, ABSENT)
    own = [one for one in known if one.value.factor == factor.name]
    if component:
        own = [one for one in own if one.value.component == component]
    exact = [one for one in own if one.value.version == version]
    fitting = exact or [one for one in own if one.upstream == version]
    live = [one for one in fitting if one.is_live]
    candidates = live if len(live) == 1 else fitting
    if len(candidates) == 1:
        return candidates[0].value
    if not candidates:
        raise _unknown_value(factor, text, own)
    choices = " ".join(f"{factor.name}={one.value.text}" for one in candidates)
    message = f"{factor.name}={text} fits several values"
    raise UsageError(message, hint=f"Name one of: {choices}")


def _unknown_value(factor: Factor, text: str, own: Sequence[KnownValue]) -> UsageError:
    names = {one.value.text: one for one in own}
    names |= {f"{one.value.component}@{one.upstream}" if factor.has_alternatives else one.upstream: one for one in own}
    near = _nearest(text, list(names))
    meant = f" (the nearest is {factor.name}={names[near].value.text})" if near else ""
    message = f"{factor.name}={text} is not known here{meant}"
    known = ", ".join(one.value.text for one in own) or "none"
    return UsageError(message, hint=f"Known values of {factor.name}: {known}")


def _nearest(text: str, names: Sequence[str]) -> str:
    """Return the one of ``names`` that is nearest to ``text``; empty where none is near.

    Of versions the one that shares the most leading numbers, is final, and whose next number is the nearest; of several
    the first one. To 1.7.99 that is the last 1.7, where 1.7.9 only looks alike.
    """
    asked = _numbers(text)
    shared = {name: _shared(asked, _numbers(name)) for name in names}
    most = max(shared.values(), default=0)
    if not most:
        import difflib

        return next(iter(difflib.get_close_matches(text, names, n=1, cutoff=0.3)), "")

    def distance(name: str) -> tuple[bool, int]:
        own = (*_numbers(name), *(0,) * (most + 1))[most]
        wanted = (*asked, 0)[most]
        return _PRERELEASE.search(name) is not None, abs(own - wanted)

    return min((name for name in names if shared[name] == most), key=distance)


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many numbers both begin with."""
    same = (mine == theirs for mine, theirs in zip(one, other, strict=False))
    return sum(1 for _ in takewhile(bool, same))


def _numbers(text: str) -> tuple[int, ...]:
    match = _VERSION.match(text.rpartition("@")[2])
    return tuple(int(one) for one in match[0].lstrip("vV").split(".")) if match else ()
