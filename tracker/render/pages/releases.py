"""A page for each release: where it comes from, its files, and what it was tested with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, external_link, text
from tracker.render.pages import components

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Asset, Combination, Value
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteRelease

_MOST_ROWS = 500


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each release."""
    return (_page(known, one) for one in known.snapshot.releases)


def _page(known: Knowledge, one: SiteRelease) -> Page:
    release = one.release
    document = Document(places.release(release.component, release.version))
    title = f"{release.component} {release.version}"
    document.heading(1, Md(f"{text(release.component)} {code(release.version)}"))
    page_of_it = external_link(Md("Upstream's page"), release.url) if release.url else Md("")
    document.paragraph(
        Md(f"Version {text(release.upstream_version)}{', a pre-release' if release.is_prerelease else ''}."),
        Md(f"Published {words.day(release.published_at)}." if release.published_at else ""),
        Md(f"First seen here {words.minute(one.first_seen_at)}."),
        page_of_it,
    )
    if release.tag or release.commit:
        document.paragraph(
            Md(f"Made from tag {code(release.tag)}" if release.tag else "Made"),
            Md(f"at commit {code(release.commit)}." if release.commit else "."),
        )
    _offers(document, one)
    _assets(document, release.assets)
    _notes(document, release.notes)
    _tested_with(document, known, one)
    name = release.component
    return document.page(title, ("Components", places.COMPONENTS), (name, places.component(name)))


def _offers(document: Document, one: SiteRelease) -> None:
    if not one.offers:
        document.paragraph(Md("No upstream that is watched offers it any longer."))
        return
    document.heading(2, Md("Offered in"))
    document.table(
        (Md("Line"), Md("Channel"), Md("Since"), Md("Watched by")),
        [
            (text(offer.line), text(offer.channel), words.day(offer.since), text(offer.source))
            for offer in sorted(one.offers, key=lambda offer: (offer.line, offer.channel, offer.target))
        ],
    )


def _assets(document: Document, assets: Iterable[Asset]) -> None:
    document.heading(2, Md("Files"))
    rows = [
        (
            external_link(code(asset.name), asset.url),
            text(asset.role.value),
            words.size(asset.size),
            code(asset.digest) if asset.digest else Md("the upstream publishes none"),
            _checked(asset),
        )
        for asset in assets
    ]
    if rows:
        document.table((Md("File"), Md("For"), Md("Size"), Md("Digest"), Md("Checksum")), rows)
    else:
        document.paragraph(Md("It has none yet."))


def _checked(asset: Asset) -> Md:
    """Return what is known of the file's checksum before anybody runs it."""
    if asset.distrust:
        return Md(f"**not to be run**: {text(asset.distrust)}")
    if not asset.digest:
        return Md("cannot be checked: it is run only where the settings allow that")
    if asset.further_digests:
        return Md(f"checked before each run, with {words.count(len(asset.further_digests), 'further digest')}")
    return Md("checked before each run")


def _notes(document: Document, notes: str) -> None:
    if notes.strip():
        document.heading(2, Md("Upstream's notes"))
        document.fence(notes)


def _tested_with(document: Document, known: Knowledge, one: SiteRelease) -> None:
    mine = known.values_of(one)
    combinations = [combination for value in mine for combination in known.holding(value)]
    if not combinations:
        return
    tried = [combination for combination in combinations if _is_known(known, combination)]
    document.heading(2, Md("Tested with"))
    document.paragraph(components.summary(known, one), Md(f"for *{text(known.asked)}*."))
    others = [factor for factor in known.factors if one.release.component not in factor.components]
    if not tried:
        document.paragraph(Md("Nothing is known of any combination with it yet."))
        return
    document.table(
        (*(text(factor.name) for factor in others), *(text(capability) for capability in known.capabilities)),
        [
            (
                *(known.value_link(document, value) for factor in others for value in _of(combination, factor.name)),
                *(known.verdict_link(document, combination, capability) for capability in known.capabilities),
            )
            for combination in tried[:_MOST_ROWS]
        ],
    )
    hidden = len(combinations) - len(tried[:_MOST_ROWS])
    if hidden:
        document.paragraph(
            Md(f"Not shown: {words.count(hidden, 'combination')}, untested or beyond this page's bound.")
        )


def _of(combination: Combination, factor: str) -> tuple[Value, ...]:
    return tuple(value for value in combination if value.factor == factor)


def _is_known(known: Knowledge, combination: Combination) -> bool:
    verdicts = known.snapshot.verdicts.get(combination, {})
    return any(verdict.kind is not VerdictKind.UNTESTED for verdict in verdicts.values())
