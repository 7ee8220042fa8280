"""The list of components, and a page for each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, external_link, text
from tracker.render.pages import changes, sightings, timelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Component
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteRelease

_NEWS = 20


def index(known: Knowledge) -> Page:
    """Return the list of components."""
    document = Document(places.COMPONENTS)
    document.heading(1, Md("Components"))
    document.table(
        (Md("Component"), Md("What it is"), Md("Offered now")),
        [
            (
                document.link(text(component.name), places.component(component.name)),
                text(component.title),
                Md(", ".join(_version_link(document, one) for one in known.releases_of(component.name) if one.offers)),
            )
            for component in _ordered(known)
        ],
    )
    return document.page("Components")


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each component."""
    return (_page(known, component) for component in _ordered(known))


def _ordered(known: Knowledge) -> list[Component]:
    names = known.snapshot.profile.component_names
    listed = [known.snapshot.components[name] for name in names if name in known.snapshot.components]
    return [*listed, *(one for name, one in sorted(known.snapshot.components.items()) if name not in names)]


def _page(known: Knowledge, component: Component) -> Page:
    document = Document(places.component(component.name))
    document.heading(1, text(component.name))
    homepage = external_link(Md("Home page"), component.homepage) if component.homepage else Md("")
    document.paragraph(Md(f"{text(component.title)}."), homepage)
    releases = known.releases_of(component.name)
    offered = [one for one in releases if one.offers]
    timelines.section(document, known, component)
    document.heading(2, Md("Versions offered now"))
    if offered:
        document.table(
            (Md("Line"), Md("Version"), Md("Plain version"), Md("Offered in"), Md("First seen"), Md("Verdicts")),
            list(_offered_rows(document, known, offered)),
        )
        _say_which_capability(document, known)
    else:
        document.paragraph(Md("None is known: the upstream has not been looked at, or offers none."))
    gone = [one for one in releases if not one.offers]
    if gone:
        document.heading(2, Md("No longer offered"))
        document.table(
            (Md("Version"), Md("First seen"), Md("Verdicts")),
            [(_version_link(document, one), words.day(one.first_seen_at), summary(known, one)) for one in gone],
        )
    sightings.section(document, known, component)
    _news(document, known, component)
    return document.page(component.name, ("Components", places.COMPONENTS))


def _offered_rows(document: Document, known: Knowledge, releases: Sequence[SiteRelease]) -> Iterable[tuple[Md, ...]]:
    lines: dict[str, list[SiteRelease]] = defaultdict(list)
    for one in releases:
        for line in dict.fromkeys(offer.line for offer in one.offers):
            lines[line].append(one)
    for line, members in lines.items():
        for one in members:
            channels = sorted({offer.channel for offer in one.offers if offer.line == line})
            yield (
                text(line),
                Md(f"{_version_link(document, one)}{' (pre-release)' if one.release.is_prerelease else ''}"),
                text(one.release.upstream_version),
                Md(", ".join(map(text, channels))),
                words.day(one.first_seen_at),
                summary(known, one),
            )


def _say_which_capability(document: Document, known: Knowledge) -> None:
    document.paragraph(
        Md(f"Verdicts count the live combinations with that version, asked whether *{text(known.asked)}*"),
        Md("works."),
    )


def _version_link(document: Document, one: SiteRelease) -> Md:
    return document.link(code(one.release.version), places.release(one.release.component, one.release.version))


def summary(known: Knowledge, one: SiteRelease) -> Md:
    """Return how often each verdict on the asked capability is given to combinations that hold the release."""
    last = known.asked
    combinations = [combination for value in known.values_of(one) for combination in known.holding(value)]
    tally = known.tally(known.verdict(combination, last) for combination in combinations)
    return Md(" · ".join(f"{words.mark(word)} {number}" for word, number in tally.items()))


def _news(document: Document, known: Knowledge, component: Component) -> None:
    news = [one for one in known.snapshot.changes if one.component == component.name and not one.is_baseline]
    if news:
        document.heading(2, Md("Latest changes"))
        changes.table(document, known, news[:_NEWS])
