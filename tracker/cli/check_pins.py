"""What ``tracker check`` is asked about: pins from arguments, from [pins], and out of files, each with its place."""

from __future__ import annotations

import sys
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import UsageError
from tracker.local_files import named_by_digest
from tracker.naming import find_pinned, split_pins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tracker.model import Value
    from tracker.pins import FoundPin, UnresolvedPin
    from tracker.snapshot.opened import OpenSnapshot

STANDARD_INPUT = "-"
_MOST_BYTES = 20_000_000
_MOST_SETS = 16


class UnknownPinError(UsageError):
    """A file pins a version that is not known, or that several fit.

    Args:
        path: the file.
        line: counted from 1.
    """

    def __init__(self, message: str, *, hint: str, path: str, line: int) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line


class Pinned(NamedTuple):
    """A version that was asked about.

    Attributes:
        value: which one it is.
        place: file and line, an argument, or tracker.toml.
        path: the file; empty where it is none.
        line: counted from 1; 0 where there is no file.
        form: how it is written there; empty where there is no file.
    """

    value: Value
    place: str
    path: str = ""
    line: int = 0
    form: str = ""


class Asked(NamedTuple):
    """All that was asked about.

    Attributes:
        pins: one for each place that names a version.
        unresolved: what files name without a version that could be told.
    """

    pins: tuple[Pinned, ...]
    unresolved: tuple[UnresolvedPin, ...] = ()

    @property
    def sets(self) -> tuple[tuple[Value, ...], ...]:
        """What is asked about, in order: one set of values, or one for each way to choose among alternatives.

        Files may need several alternatives of a factor at once: a Dockerfile that builds on one image and runs on
        another one. Each alternative then has to work with all the rest.

        Raises:
            UsageError: two values are for one part, or there are too many sets; the message has their places.
        """
        chosen: dict[str, dict[str, Pinned]] = {}
        for one in self.pins:
            own = chosen.setdefault(one.value.factor, {})
            for other in own.values():
                if other.value != one.value and not _are_apart(other, one):
                    raise _two_values(other, one)
            own.setdefault(one.value.component, one)
        several = [tuple(one.value for one in own.values()) for own in chosen.values()]
        if prod(map(len, several)) > _MOST_SETS:
            message = f"these files name more than {_MOST_SETS} sets of versions"
            raise UsageError(message, hint="Name fewer files at a time; `# tracker: ignore` leaves a line out.")
        return tuple(product(*several))


def _are_apart(one: Pinned, other: Pinned) -> bool:
    """Whether two pins can be meant side by side: files name them, and they are of two components."""
    is_in_files = bool(one.path and other.path)
    return is_in_files and bool(one.value.component) and one.value.component != other.value.component


def _two_values(one: Pinned, other: Pinned) -> UsageError:
    message = f"two values for {one.value.factor}: {one.value.text} and {other.value.text}"
    hint = f"{one.place} says {one.value}, {other.place} says {other.value}."
    if one.path or other.path:
        hint += " `# tracker: ignore` leaves a line out; --upgrade FACTOR=VALUE asks about a change."
    return UsageError(message, hint=hint)


def asked_about(
    snapshot: OpenSnapshot,
    words: Sequence[str],
    configured: Mapping[str, str],
    *,
    read: Callable[[str], bytes | None] | None = None,
    is_lenient: bool = False,
    place: str = "the command line",
) -> Asked:
    """Return what ``words`` (``FACTOR=VALUE`` or files) name; where there are none, what is configured.

    Args:
        snapshot: whose names count.
        words: from the command line.
        configured: [pins] of tracker.toml.
        read: gives a file's bytes, ``None`` for one that is not there; for files of another time.
        place: what names the words themselves.
        is_lenient: leave out of the files what is not known, instead of an error.

    Raises:
        UsageError: a word is neither pin nor file, a version is not known, or nothing is pinned.
    """
    arguments = [word for word in words if _is_pin(word)]
    files = [word for word in words if not _is_pin(word)]
    found: list[Pinned] = []
    unresolved: list[UnresolvedPin] = []
    if files:
        from tracker.pins import decode, is_text, read_pins

        for name in files:
            data = (read or _bytes)(name)
            if data is None or not is_text(data):
                continue
            reading = read_pins(decode(data), path=name, vocabulary=snapshot.vocabulary)
            found += [one for pin in reading.pins if (one := _resolved(snapshot, pin, is_lenient=is_lenient))]
            unresolved += reading.unresolved
    named = split_pins(arguments) if words else dict(configured)
    place = place if arguments else "tracker.toml"
    found += [
        Pinned(value=find_pinned(name, text, snapshot.factors, snapshot.named(name)), place=place)
        for name, text in named_by_digest(named).items()
    ]
    return Asked(pins=tuple(found), unresolved=tuple(unresolved))


def _is_pin(word: str) -> bool:
    return "=" in word and not Path(word).exists()


def _bytes(name: str) -> bytes:
    if name == STANDARD_INPUT:
        data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise _too_large(name)
        return data
    path = Path(name)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _too_large(name)
        return path.read_bytes()
    except OSError as error:
        message = f"{name}: is neither FACTOR=VALUE nor a file that can be read: {error.strerror or error}"
        raise UsageError(message, hint="Write FACTOR=VALUE, for instance containerd=1.7.24, or name a file.") from error


def _too_large(name: str) -> UsageError:
    message = f"{name}: is larger than {_MOST_BYTES} bytes"
    return UsageError(message, hint="Name the files that pin versions.")


def _resolved(snapshot: OpenSnapshot, pin: FoundPin, *, is_lenient: bool) -> Pinned | None:
    place = f"{pin.path}:{pin.line}"
    try:
        value = find_pinned(pin.name, pin.version, snapshot.factors, snapshot.named(pin.name))
    except UsageError as error:
        if is_lenient:
            return None
        message = f"{place}: {error.message}"
        raise UnknownPinError(message, hint=error.hint, path=pin.path, line=pin.line) from error
    return Pinned(value=value, place=place, path=pin.path, line=pin.line, form=str(pin.form))
