"""The order of semantic versions (semver.org 2.0.0, section 11; read 2026-11-24), forgiving in how they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.api import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Comparable, VersionScheme

_SHAPE = re.compile(r"[vV]?([0-9]+(?:\.[0-9]+)+)(?:[-_~]?([0-9A-Za-z.~_-]+?))?(?:\+(.*))?", re.ASCII)
_NUMBERS = 3
_LONGEST = 1000


class SemanticScheme:
    """Orders versions by semver 2.0; what differs in build metadata alone is ordered by that, last.

    Upstreams are not as strict as the rule, and one odd tag must not hide all others. So a leading ``v``, a missing
    third number, further numbers (``0.0.2.1``), leading zeros and a missing hyphen (``1.0.0beta2``) are understood.
    ``v1.2``, ``1.2`` and ``1.2.0`` are one version. Numbers inside an identifier are letters, as the rule has it:
    ``rc10`` is before ``rc9``, and ``rc.10`` after ``rc.9``.
    """

    name = "semver"

    def key(self, version: str) -> Comparable:
        """Return a sort key.

        Raises:
            ValueError: the text does not begin with at least two numbers, or holds what no version holds.
        """
        match = _SHAPE.fullmatch(version) if len(version) <= _LONGEST else None
        if match is None:
            message = f"{version[:100]!r} is no semantic version, which looks like 1.7.24 or 2.0.0-rc.1"
            raise ValueError(message)
        numbers, prerelease, build = match.groups()
        # A version sorts after its pre-releases, and before itself with build metadata.
        return (
            _release(numbers),
            (0, _identifiers(prerelease)) if prerelease is not None else (1, ()),
            (1, _identifiers(build)) if build is not None else (0, ()),
        )

    def upstream(self, version: str) -> str:
        """Return the version itself."""
        return version


def _release(numbers: str) -> tuple[int, ...]:
    release = [int(number) for number in numbers.split(".")]
    release += [0] * (_NUMBERS - len(release))
    while len(release) > _NUMBERS and release[-1] == 0:
        release.pop()
    return tuple(release)


def _identifiers(text: str) -> tuple[tuple[int, int, str], ...]:
    """Numeric identifiers sort before others, by number; the others by their letters in ASCII order."""
    parts = text.split(".")
    return tuple((0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts)


@hookimpl
def tracker_version_schemes() -> Iterable[VersionScheme]:
    """Register the order of semantic versions."""
    return (SemanticScheme(),)
