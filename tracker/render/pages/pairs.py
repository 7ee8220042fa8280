"""A matrix for each pair of factors: what two values do together, with the recommended rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from tracker.model import Combination, VerdictKind
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Axis, Value, Verdict
    from tracker.render.knowledge import Knowledge

MOST_VALUES = 50
_MOST_CELLS = 2500
CHOOSER = "choose.js"
TIMES = "\N{MULTIPLICATION SIGN}"
NEVER = Md("never meet")


def names(known: Knowledge) -> list[tuple[Axis, Axis]]:
    """Return every pair of factors that have live values, in the profile's order."""
    return list(combinations([axis for axis in known.snapshot.axes if axis.values], 2))


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each pair of factors."""
    return (_page(known, one, other) for one, other in names(known))


def links(document: Document, known: Knowledge) -> None:
    """Add the way to each pair of factors."""
    pairs = names(known)
    if pairs:
        document.heading(2, Md("Any two parts across"))
        document.paragraph(Md("With the recommended version of everything else:"))
        document.bullets(
            document.link(Md(f"{text(one.name)} {TIMES} {text(other.name)}"), places.pair(one.name, other.name))
            for one, other in pairs
        )


def _page(known: Knowledge, down: Axis, across: Axis) -> Page:
    document = Document(places.pair(down.name, across.name))
    document.heading(1, Md(f"{text(down.name)} {TIMES} {text(across.name)}"))
    _intro(document, known, down, across)
    rows, columns = down.values[:MOST_VALUES], across.values[:MOST_VALUES]
    size = len(rows) * len(columns)
    shown = [known.asked, *(one for one in reversed(known.capabilities) if one != known.asked)]
    for capability in shown[: max(1, _MOST_CELLS // size)]:
        document.heading(2, text(capability))
        grid = _Grid(document, known, capability)
        document.table(
            (
                Md(f"{text(down.name)} ↓ {text(across.name)} →"),
                *(known.value_link(document, value, known.short(value)) for value in columns),
            ),
            [
                (known.value_link(document, row, known.short(row)), *(grid.cell(row, column) for column in columns))
                for row in rows
            ],
        )
    for axis in (down, across):
        if len(axis.values) > MOST_VALUES:
            hidden = words.count(len(axis.values) - MOST_VALUES, f"older value of {text(axis.name)}", "older values")
            document.paragraph(Md(f"{hidden} not shown."))
    _others(document, known, down, across)
    page = document.page(f"{down.name} {TIMES} {across.name}", ("Matrix", places.MATRIX))
    return replace(page, scripts=(places.CELLS, CHOOSER))


def _intro(document: Document, known: Knowledge, down: Axis, across: Axis) -> None:
    rest = [value for value in known.in_order(base_of(known)) if value.factor not in {down.name, across.name}]
    beside = ", ".join(witnesses.name(known, value) for value in rest)
    document.paragraph(Md(f"On {text(known.snapshot.host_title)}."), Md("Each cell leads to its evidence."))
    document.paragraph(Md(f"Everything else is as recommended: {beside}." if rest else ""))
    shown = [
        document.link(words.cell(word, ""), places.METHOD, words.anchor(word)) + f" {text(word)}"
        for word in words.LETTERS
    ]
    document.paragraph(
        Md(" · ".join(shown)),
        Md("· \\* it works, but with other parts than the recommended ones · the date is that of the newest run, of"),
        Md("this year where none is told · what is neither *works* nor *broken* was inferred, declared or not seen."),
    )


def _others(document: Document, known: Knowledge, down: Axis, across: Axis) -> None:
    document.heading(2, Md("Other pairs"))
    document.paragraph(
        Md(
            " · ".join(
                document.link(Md(f"{text(one.name)} {TIMES} {text(other.name)}"), places.pair(one.name, other.name))
                for one, other in names(known)
                if (one.name, other.name) != (down.name, across.name)
            )
        ),
        document.link(Md("All combinations"), places.MATRIX),
    )


def base_of(known: Knowledge) -> Combination:
    """The recommended combination; the newest of everything where nothing is known to work."""
    return known.base or Combination.of(axis.values[0] for axis in known.snapshot.axes if axis.values)


class _Grid:
    def __init__(self, document: Document, known: Knowledge, capability: str) -> None:
        self._document = document
        self._known = known
        self._capability = capability
        self._base = base_of(known)
        newest = known.newest_evidence
        self._year = newest.year if newest else 0
        self._working = known.working(capability)

    def cell(self, one: Value, other: Value) -> Md:
        """Return what is known of two values: with the recommended rest, else with the newest rest that works."""
        if any(exclusion.forbids(one, other) for exclusion in self._known.snapshot.profile.exclusions):
            return NEVER
        combination = self._base.replace(one).replace(other)
        verdict = self._known.cell(combination, self._capability)
        is_aside = False
        if verdict is None or verdict.kind is not VerdictKind.WORKS:
            working = self._working.get((one, other))
            if working is not None:
                combination, is_aside = working, True
                verdict = self._known.verdict(combination, self._capability)
        return self._link(combination, verdict, is_aside=is_aside)

    def _link(self, combination: Combination, verdict: Verdict | None, *, is_aside: bool) -> Md:
        word = self._known.word(verdict)
        label = words.cell(word, self._seen(verdict), is_aside=is_aside)
        target, fragment = self._where(combination, verdict, word)
        path = places.relative(self._document.path, f"{target}.md")
        return Md(f'[{label}]({path}#{fragment} "{self._told(word, verdict, is_aside=is_aside)}")')

    def _where(self, combination: Combination, verdict: Verdict | None, word: str) -> tuple[str, str]:
        if combination in self._known.snapshot.verdicts:
            return places.combination(combination), self._capability
        culprit = self._known.culprit_behind(verdict) if verdict else None
        if culprit is not None:
            return places.misfit(culprit.key), "proof"
        return places.METHOD, words.anchor(word)

    def _seen(self, verdict: Verdict | None) -> str:
        when = verdict.observed_at if verdict else None
        if when is None:
            return ""
        return str(words.day(when))[5:] if when.year == self._year else str(words.day(when))[:7]

    @staticmethod
    def _told(word: str, verdict: Verdict | None, *, is_aside: bool) -> str:
        """What a reader hears or sees on the cell; no word of it is foreign."""
        when = verdict.observed_at if verdict else None
        parts = [word, f"newest run {words.day(when)}" if when else "", "with other parts" if is_aside else ""]
        return ", ".join(part for part in parts if part)
