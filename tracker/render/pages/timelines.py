"""The timeline of a component: its releases, breakages and the ends of its lines."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from tracker.model import DeclarationKind, VerdictKind
from tracker.render import places, timeline, words
from tracker.render.escape import Md, text
from tracker.render.pages import misfits
from tracker.render.timeline import Lane, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.model import Component, Declaration
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteRelease

_MOST_LANES = 10
_MOST_IN_LANE = 40


def section(document: Document, known: Knowledge, component: Component) -> None:
    """Add what does not fit with the component, its timeline, and when support for its lines ends."""
    _misfits(document, known, component)
    shown = lanes(known, component)
    if shown:
        document.heading(2, Md("Timeline"))
        picture = places.relative(document.path, places.timeline(component.name))
        document.paragraph(Md(f"![{text(_sentence(component, shown))}]({picture})"))
        document.paragraph(
            Md("Filled: works in some combination. Crossed: seen, and never to work. Hollow: not tried."),
            Md("A triangle: something was first seen not to fit with it."),
        )
    _ends(document, known, component)


def drawings(known: Knowledge) -> dict[str, bytes]:
    """Return the pictures of all components that have releases, by name."""
    found = {}
    for component in known.snapshot.components.values():
        shown = lanes(known, component)
        if shown:
            found[places.timeline(component.name)] = timeline.draw(_sentence(component, shown), shown)
    return dict(sorted(found.items()))


def _sentence(component: Component, shown: list[Lane]) -> str:
    releases = sum(mark.kind in _RELEASES for lane in shown for mark in lane.marks)
    return f"Timeline of {component.name}: {releases} releases in {words.count(len(shown), 'line')}"


_RELEASES = frozenset({"works", "broken", "open"})


def lanes(known: Knowledge, component: Component) -> list[Lane]:
    """Return the component's lines, that with the newest version first, each with what happened in it."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for one in known.releases_of(component.name):
        line = one.release.line or next((offer.line for offer in one.offers), "")
        if len(found[line]) < _MOST_IN_LANE:
            found[line] += [_release(known, one), *_breakages(known, one)]
    ends = {line: until for line, until, _ in declared_ends(known, component)}
    chosen = list(found)[:_MOST_LANES]
    return [Lane(line or component.name, (*found[line], *_end(ends.get(line)))) for line in chosen]


def _release(known: Knowledge, one: SiteRelease) -> Mark:
    kinds = {
        verdict.kind
        for value in known.values_of(one)
        for combination in known.holding(value)
        if (verdict := known.verdict(combination, known.asked)) is not None
    }
    kind = "works" if VerdictKind.WORKS in kinds else "broken" if VerdictKind.BROKEN in kinds else "open"
    return Mark(one.release.published_at or one.first_seen_at, kind, one.release.upstream_version)


def _breakages(known: Knowledge, one: SiteRelease) -> Iterator[Mark]:
    for culprit in known.culprits:
        if set(known.values_of(one)) & set(culprit.values):
            others = [value.text for value in culprit.values if value.component != one.release.component]
            fits = f"does not fit with {' '.join(others)}" if others else "fails with everything tried"
            yield Mark(culprit.since, "misfit", f"{one.release.upstream_version} {fits}")


def _end(until: date | None) -> tuple[Mark, ...]:
    return (Mark(datetime.combine(until, time(), tzinfo=UTC), "end", "end of life"),) if until else ()


def declared_ends(known: Knowledge, component: Component) -> list[tuple[str, date, Declaration]]:
    """Return the last day of support of each line of which one is declared; the latest where several are."""
    found: dict[str, tuple[date, Declaration]] = {}
    for one in known.snapshot.declarations:
        if one.kind is not DeclarationKind.SUPPORT or one.until is None:
            continue
        spoken_of = [condition for condition in one.conditions if condition.name == component.name]
        for line in (line for condition in spoken_of for line in condition.lines):
            if line not in found or found[line][0] < one.until:
                found[line] = (one.until, one)
    return sorted(((line, *rest) for line, rest in found.items()), key=lambda one: (one[1], one[0]), reverse=True)


def _ends(document: Document, known: Knowledge, component: Component) -> None:
    ends = declared_ends(known, component)
    if ends:
        document.heading(2, Md("End of life"))
        document.paragraph(Md("As upstream declares it; nobody here has checked it."))
        document.table(
            (Md("Line"), Md("Supported until"), Md("Read in")),
            [(text(line), Md(until.isoformat()), text(one.provenance)) for line, until, one in ends],
        )


def _misfits(document: Document, known: Knowledge, component: Component) -> None:
    own = known.culprits_of(component.name)
    if own:
        document.heading(2, Md("What it does not fit with, and since when"))
        misfits.table(document, known, own)
