"""A page for each thing that does not fit: the proof, since which version, how to see it, what to tell upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import escape, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import misfits, mistakes, neighbours, upstream, witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Culprit
    from tracker.render.knowledge import Knowledge

_MOST_CLEARED = 40
_SURE = {
    "proved": "It was alone under suspicion in two failures that share nothing else.",
    "named": "It is the only suspect left, so far only together with what all its failures share.",
    "flaky": "It was blamed twice and passed again twice; only a person can say more.",
}


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each culprit."""
    return (_page(known, culprit) for culprit in known.culprits)


def _page(known: Knowledge, culprit: Culprit) -> Page:
    document = Document(places.misfit(culprit.key))
    document.heading(1, misfits.name(known, culprit))
    document.paragraph(
        Md(f"**{culprit.standing.capitalize()}.** {_SURE[culprit.standing.value]}"), text(culprit.sentence)
    )
    document.paragraph(
        Md(f"First seen on {words.day(culprit.since)}, last on {words.day(culprit.observed_at)},"),
        Md(f"on {text(known.snapshot.host_title)}. What is inferred from it is stale after"),
        Md(f"{words.day(culprit.fresh_until)}."),
    )
    if culprit.cause:
        document.fence(culprit.cause)
    _waivers(document, known, culprit)
    neighbours.section(document, known, culprit)
    _proof(document, known, culprit)
    upstream.section(document, known, culprit)
    _reproduction(document, known, culprit)
    mistakes.section(document, known.snapshot.report)
    return document.page(" with ".join(f"{one.factor} {one.text}" for one in culprit.values), _PARENT)


_PARENT = (misfits.TITLE, places.MISFITS)


def _proof(document: Document, known: Knowledge, culprit: Culprit) -> None:
    document.heading(2, Md("Proof"))
    lines = [Md(f"It fails in {witnesses.told(document, known, culprit.failure)}.")]
    if culprit.second:
        where = witnesses.told(document, known, culprit.second)
        lines.append(Md(f"It fails as well in {where}, which shares nothing else with the first."))
    if culprit.twin:
        lines.append(Md(f"The nearest combination that passes: {witnesses.told(document, known, culprit.twin)}."))
    if culprit.context:
        shared = ", ".join(witnesses.name(known, value) for value in culprit.context)
        lines.append(Md(f"All its failures share {shared}: it is named together with these alone."))
    if culprit.partners:
        lines.append(Md(f"Tried with {culprit.tried} of {culprit.partners} partners."))
    if culprit.spent:
        lines.append(
            Md(f"{culprit.spent} runs told it from what else was suspected; the search needs {culprit.need} in theory.")
        )
    document.bullets(lines)
    _cleared(document, known, culprit)


def _cleared(document: Document, known: Knowledge, culprit: Culprit) -> None:
    if not culprit.cleared:
        return
    document.paragraph(Md("Passes that clear everything else in the first failure:"))
    document.table(
        (Md("Cleared"), Md("By")),
        [
            (
                Md(" with ".join(witnesses.name(known, value) for value in one.suspect)),
                witnesses.told(document, known, one.witness),
            )
            for one in culprit.cleared[:_MOST_CLEARED]
        ],
    )
    if len(culprit.cleared) > _MOST_CLEARED:
        document.paragraph(Md(f"{words.count(len(culprit.cleared) - _MOST_CLEARED, 'further pair')} not shown."))


def _reproduction(document: Document, known: Knowledge, culprit: Culprit) -> None:
    document.heading(2, Md("See it yourself"))
    if culprit.twin is None:
        document.paragraph(Md("No combination is known that passes it on this host."))
    else:
        failing, passing = culprit.failure.combination, culprit.twin.combination
        document.table(
            (Md("Part"), Md("Fails"), Md("Passes")),
            [
                (text(value.factor), known.value_link(document, value), known.value_link(document, other))
                for value in known.in_order(failing)
                if (other := passing[value.factor]) != value
            ],
        )
        document.paragraph(Md("All else is the same."))
    if told := known.snapshot.reproductions.get(culprit.key, "").strip():
        document.paragraph(Md(escape.below(escape.visible(told), 2)))
        return
    twins = [("fails", culprit.failure), *([("passes", culprit.twin)] if culprit.twin else [])]
    document.bullets(
        document.link(Md(f"How to do what {does} by hand"), places.combination(one.combination), "use-it")
        for does, one in twins
        if one.combination in known.snapshot.verdicts
    )


def _waivers(document: Document, known: Knowledge, culprit: Culprit) -> None:
    accepted = [
        one
        for one in known.snapshot.waivers
        if one.capability in {"", culprit.capability}
        and all(value in culprit.failure.combination for value in one.values)
    ]
    document.bullets(Md(f"Accepted by a person until {one.until}: {text(one.reason)}") for one in accepted)
