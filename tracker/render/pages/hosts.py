"""The hosts of which there is evidence, and a page for each: what to install there, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text
from tracker.render.pages import misfits, today, witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model import Combination, Verdict
    from tracker.render.hosts import SiteHost
    from tracker.render.knowledge import Knowledge

_TITLE = "Hosts"
_MOST_ROWS = 300


def index(known: Knowledge) -> Page:
    """Return the list of hosts."""
    document = Document(places.HOSTS)
    document.heading(1, Md(_TITLE))
    document.paragraph(Md("What is seen on one host says nothing about another: nothing clears or proves across them."))
    if not known.hosts:
        document.paragraph(Md("Nothing was run on any host."))
        return document.page(_TITLE)
    document.table(
        (Md("Host"), Md("Newest that does all"), Md("Verdict"), Md("Last seen"), Md("Misfits")),
        [_host_row(document, known, one) for one in known.hosts],
    )
    return document.page(_TITLE)


def _host_row(document: Document, known: Knowledge, host: SiteHost) -> tuple[Md, ...]:
    pick = host.picks[0] if host.picks else None
    best = pick.combination if pick else None
    shown = Md(" + ".join(witnesses.name(known, value) for value in known.in_order(best))) if best else Md("none")
    return (
        document.link(text(host.title), places.host(host.key)),
        shown,
        today.mark(document, known, host, pick) if pick else Md(""),
        words.day(pick.verdict.observed_at if pick and pick.verdict else None),
        Md(str(len(host.culprits))),
    )


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each host."""
    return (_page(known, host) for host in known.hosts)


def _page(known: Knowledge, host: SiteHost) -> Page:
    document = Document(places.host(host.key))
    document.heading(1, text(host.title))
    document.paragraph(Md(f"Two hosts are the same when these facts are: {code(host.key)}."))
    document.heading(2, Md("What to install today"))
    today.table(document, known, host)
    if host.picks and host.picks[0].combination:
        document.heading(2, Md("Files"))
        today.files(document, known, host.picks[0])
    document.heading(2, Md("What does not fit"))
    _culprits(document, known, host)
    if host.is_own:
        facts = known.snapshot.host_facts
        if facts:
            document.heading(2, Md("Facts"))
            document.table((Md("Fact"), Md("Value")), [(code(key), code(facts[key])) for key in sorted(facts)])
    else:
        _verdicts(document, known, host.verdicts)
    return document.page(host.title, (_TITLE, places.HOSTS))


def _culprits(document: Document, known: Knowledge, host: SiteHost) -> None:
    if not host.culprits:
        document.paragraph(Md("Nothing is known not to fit here."))
    elif host.is_own:
        misfits.table(document, known, known.culprits)
    else:
        document.table(
            (Md("What"), Md("Fails at"), Md("First seen"), Md("How sure"), Md("Why")),
            [
                (
                    misfits.name(known, one),
                    text(one.capability),
                    words.day(one.since),
                    Md(one.standing.value),
                    code(one.cause) if one.cause else text(one.sentence),
                )
                for one in sorted(host.culprits, key=lambda one: one.key)
            ],
        )


def _verdicts(document: Document, known: Knowledge, verdicts: Mapping[Combination, Mapping[str, Verdict]]) -> None:
    """Add what was run there: this site has no page of its own for it."""
    rows = [
        (
            *(known.value_link(document, value, known.short(value)) for value in known.in_order(combination)),
            *(_word(document, known, own.get(capability)) for capability in known.capabilities),
        )
        for combination, own in sorted(verdicts.items())
        if any(one.kind is not VerdictKind.UNTESTED for one in own.values())
    ]
    if not rows:
        return
    document.heading(2, Md("What was run there"))
    document.table(
        (*(text(factor.name) for factor in known.factors), *(text(capability) for capability in known.capabilities)),
        rows[:_MOST_ROWS],
    )
    if len(rows) > _MOST_ROWS:
        document.paragraph(Md(f"{words.count(len(rows) - _MOST_ROWS, 'further combination')} not shown."))


def _word(document: Document, known: Knowledge, verdict: Verdict | None) -> Md:
    word = known.word(verdict)
    return document.link(words.mark(word), places.METHOD, words.anchor(word))
