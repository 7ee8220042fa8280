"""Since which version something fails: last good and first bad with their neighbours, all else as in the failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.render import places, words
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Combination, Culprit, Value, Verdict
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_AROUND = 2


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A version in the place of the one that fails; all else equal."""

    value: Value
    combination: Combination
    verdict: Verdict | None

    @property
    def works(self) -> bool:
        """Whether a run showed that it works."""
        return self.verdict is not None and self.verdict.kind is VerdictKind.WORKS

    @property
    def is_bad(self) -> bool:
        """Whether it is broken, seen or inferred."""
        return self.verdict is not None and self.verdict.kind is VerdictKind.BROKEN


def section(document: Document, known: Knowledge, culprit: Culprit) -> None:
    """Add a table for each part that has versions; nothing where no other version of it was ever judged."""
    for value in culprit.values:
        around = neighbours(known, culprit, value)
        if not value.component or sum(one.verdict is not None for one in around) <= 1:
            continue
        document.heading(2, Md(f"Since which {text(value.component)}"))
        place = next(number for number, one in enumerate(around) if one.value == value)
        good, bad = edges(around, place)
        document.paragraph(_said(known, good, bad, around))
        shown = _shown(around, place, good, bad)
        document.table(
            (Md("Version"), Md("Released"), Md("Verdict"), Md("Seen")),
            [_row(document, known, culprit, around[number], (good, bad, number)) for number in shown],
        )
        document.paragraph(Md("Everything else is as in the first failure. Versions are in their own order."))


def neighbours(known: Knowledge, culprit: Culprit, value: Value) -> list[Neighbour]:
    """Return every known version of the value's component in its place, oldest first."""
    failing = culprit.failure.combination
    found = []
    for one in reversed(known.releases_of(value.component)):
        other = known.snapshot.profile.factor(value.factor).value(one.release.version, value.component)
        combination = failing.replace(other)
        found.append(Neighbour(other, combination, known.cell(combination, culprit.capability)))
    if all(one.value != value for one in found):
        found.append(Neighbour(value, failing, known.cell(failing, culprit.capability)))
    return found


def edges(around: Sequence[Neighbour], place: int) -> tuple[int | None, int]:
    """Return the places of the last good version before the one at ``place``, and of the first bad one after that.

    Versions of which nothing is known lie between the two: which of them is the first bad one is open.
    """
    good = next((number for number in range(place - 1, -1, -1) if around[number].works), None)
    start = 0 if good is None else good + 1
    bad = next((number for number in range(start, place) if around[number].is_bad), place)
    return good, bad


def _said(known: Knowledge, good: int | None, bad: int, around: Sequence[Neighbour]) -> Md:
    first = known.short(around[bad].value)
    newer = next((one for one in around[bad + 1 :] if one.works), None)
    again = f" It works {'again ' if good is not None else ''}with {known.short(newer.value)}." if newer else ""
    if good is None:
        return Md(f"First bad: {first}. No older version is known to work here with the same other parts.{again}")
    between = bad - good - 1
    open_ones = f"; {words.count(between, 'version')} between them not tried" if between else ", the very next one"
    return Md(f"Last good: {known.short(around[good].value)}. First bad: {first}{open_ones}.{again}")


def _shown(around: Sequence[Neighbour], place: int, good: int | None, bad: int) -> list[int]:
    """Return the places to show, newest first: both edges, the failing one, and what lies around each."""
    told = {place, bad, *(() if good is None else (good,))}
    near = {number + step for number in told for step in range(-_AROUND, _AROUND + 1)}
    return sorted((number for number in near if 0 <= number < len(around)), reverse=True)


def _row(
    document: Document, known: Knowledge, culprit: Culprit, one: Neighbour, edge: tuple[int | None, int, int]
) -> tuple[Md, ...]:
    good, bad, number = edge
    release = known.release(one.value.component, one.value.version)
    note = " (last good)" if number == good else " (first bad)" if number == bad else ""
    mark = words.mark(known.word(one.verdict))
    is_told = one.combination in known.snapshot.verdicts
    return (
        Md(f"{known.value_link(document, one.value)}{note}"),
        words.day(release.release.published_at if release else None),
        document.link(mark, places.combination(one.combination), culprit.capability)
        if is_told
        else document.link(mark, places.METHOD, words.anchor(known.word(one.verdict))),
        words.day(one.verdict.observed_at if one.verdict else None),
    )
