"""Which shared libraries a package needs besides the C library, and which packages of its suite hold them.

A library that cannot be found is no reason to distrust the look at the suite; it must stop the installation. So it
becomes an asset without a digest that nobody can fetch, named after the dependency: the run ends in an ERROR that
names the library, never in a FAIL of the software.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from debian.deb822 import PkgRelation
from debian.debian_support import NativeVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from .packages_index import PackagesIndex

_SECTIONS = frozenset({"libs", "oldlibs"})
_OF_THE_HOST = re.compile(r"libc[0-9.]+(-.*)?|libc-.*|libgcc-s[0-9]+|libgcc[0-9]+|gcc-.*-base|multiarch-support")
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">>": operator.gt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A package that was found, and the index it was found in (0: the package's own suite)."""

    stanza: Mapping[str, str]
    shelf: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Libraries:
    """What a package needs.

    Attributes:
        found: by package name.
        missing: dependencies that look like libraries and that no index offers, as the package writes them; sorted.
    """

    found: tuple[Found, ...]
    missing: tuple[str, ...]


class Shelves:
    """The indexes in which libraries are searched: the package's own suite first, then those that it builds upon.

    Args:
        openers: each opens one index, and is called only when the ones before it do not have what is needed.
    """

    def __init__(self, openers: Sequence[Callable[[], PackagesIndex]]) -> None:
        self._openers = openers
        self._open: list[PackagesIndex] = []

    def __iter__(self) -> Iterator[tuple[int, PackagesIndex]]:
        for number, opener in enumerate(self._openers):
            if number == len(self._open):
                self._open.append(opener())
            yield number, self._open[number]


def libraries_of(stanza: Mapping[str, str], shelves: Shelves) -> Libraries:
    """Return all libraries that the package of ``stanza`` needs, directly or through others."""
    found: dict[str, Found] = {}
    missing: set[str] = set()
    waiting = [stanza]
    while waiting:
        for group in _needs(waiting.pop()):
            choice = _choose(group, shelves)
            if choice is None:
                if any(one["name"].startswith("lib") for one in group):
                    missing.add(" | ".join(_text(one) for one in group))
            elif _is_library(choice.stanza) and choice.stanza["Package"] not in found:
                found[choice.stanza["Package"]] = choice
                waiting.append(choice.stanza)
    ordered = sorted(found.items())
    return Libraries(found=tuple(one for _, one in ordered), missing=tuple(sorted(missing)))


def _needs(stanza: Mapping[str, str]) -> Iterator[list[Any]]:
    """Yield the groups of alternatives, without those that the host's own C library or compiler runtime meets."""
    for field in ("Pre-Depends", "Depends"):
        # python-debian complains on the log about a field that is empty.
        for group in PkgRelation.parse_relations(stanza[field]) if stanza.get(field) else ():
            if not any(_OF_THE_HOST.fullmatch(one["name"]) for one in group):
                yield group


def _choose(group: list[Any], shelves: Shelves) -> Found | None:
    """Return the package that meets a group: the nearest shelf's, there the first alternative's newest version."""
    for number, index in shelves:
        for one in group:
            fitting = [stanza for stanza in index.named(one["name"]) if _fits(stanza["Version"], one["version"])]
            if fitting:
                return Found(stanza=max(fitting, key=lambda each: NativeVersion(each["Version"])), shelf=number)
        for one in group:
            for stanza, version in index.providing(one["name"]):
                if _fits(version, one["version"]):
                    return Found(stanza=stanza, shelf=number)
    return None


def _fits(version: str, wanted: tuple[str, str] | None) -> bool:
    if not wanted:
        return True
    return bool(version) and _OPERATORS[wanted[0]](NativeVersion(version), NativeVersion(wanted[1]))


def _is_library(stanza: Mapping[str, str]) -> bool:
    return stanza.get("Section", "").rpartition("/")[2] in _SECTIONS


def _text(relation: Mapping[str, Any]) -> str:
    wanted = relation["version"]
    return f"{relation['name']} ({wanted[0]} {wanted[1]})" if wanted else relation["name"]
