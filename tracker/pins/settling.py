"""Whether a candidate is a pin, an unresolved one, or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.pins.expansion import printable
from tracker.pins.reading import FoundPin, Reading, UnresolvedPin
from tracker.pins.versions import plain, read_version, why_no_version

if TYPE_CHECKING:
    from tracker.pins.candidates import Candidate
    from tracker.pins.unknowns import Unknowns

_TAG = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}")
"""What registries take for a tag, as clients of the OCI distribution API check it."""
_MOVING_TAGS = frozenset({"", "latest"})


class Settling:
    """Collects the pins of one text; the same one twice on a line counts once."""

    def __init__(self, unknowns: Unknowns, path: str) -> None:
        self._unknowns = unknowns
        self._path = path
        self._found: dict[tuple[int, str, str], FoundPin] = {}
        self._unresolved: dict[tuple[int, str, str], UnresolvedPin] = {}

    def take(self, candidate: Candidate) -> None:
        """Settle what one candidate is."""
        version, why = self._settle(candidate)
        place = candidate.place + max(0, candidate.text.find(version))
        if version:
            pin = FoundPin(
                name=candidate.subject.owner_of(version),
                version=version,
                path=self._path,
                line=candidate.within.line,
                column=candidate.within.column(place),
                form=candidate.form,
                text=candidate.within.excerpt(place),
                written_on=candidate.within.written_on(place),
            )
            self._found.setdefault((candidate.within.line, pin.name, version), pin)
        elif why:
            unresolved = UnresolvedPin(
                name=candidate.subject.name,
                path=self._path,
                line=candidate.within.line,
                column=candidate.within.column(candidate.place),
                form=candidate.form,
                text=candidate.within.excerpt(place),
                why=printable(why),
            )
            self._unresolved.setdefault((candidate.within.line, unresolved.name, why), unresolved)

    def reading(self) -> Reading:
        """Return all that was settled, by line and column."""
        return Reading(
            pins=tuple(sorted(self._found.values(), key=lambda pin: (pin.line, pin.column))),
            unresolved=tuple(sorted(self._unresolved.values(), key=lambda pin: (pin.line, pin.column))),
        )

    def _settle(self, candidate: Candidate) -> tuple[str, str]:
        """Return the version, or why there is none; both empty where it is no pin at all."""
        if candidate.why:
            return "", candidate.why
        text = candidate.text
        if unknown := self._unknowns.first_in(plain(text)):
            return "", unknown.sentence if candidate.is_sure else ""
        subject = candidate.subject
        version = read_version(text, subject.versions)
        if version and (not subject.is_strict or version in subject.versions):
            return version, ""
        if candidate.takes_any and text.lower() not in _MOVING_TAGS and _TAG.fullmatch(text):
            return text, ""
        return "", why_no_version(text) if candidate.is_sure else ""
