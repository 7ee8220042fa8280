"""The front page: what to install today, what does not work and why, and what could not be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.protocols.site_page import Answering
from tracker.render import escape, faults, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text
from tracker.render.pages import changes, misfits, stories, today, week
from tracker.render.snapshot import PluginView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Value
    from tracker.render.faults import Fault
    from tracker.render.knowledge import Knowledge

_FAULTS = 20
_MISFITS = 12
_NEWS = 8
_VALUES = 6


def page(known: Knowledge) -> Page:
    """Return the front page."""
    document = Document(places.FRONT)
    document.heading(1, text(known.snapshot.title))
    document.paragraph(Md(f"{text(known.snapshot.profile.title)}{_tried_on(known)}."))
    if known.snapshot.profile.scenario:
        today.first(document, known)
        week.section(document, known)
        today.needs(document, known)
        _misfits(document, known)
        _what_does_not_work(document, known)
        _what_is_open(document, known)
    else:
        document.paragraph(
            Md("This profile only watches: nothing of it was run."),
            Md(f"Newest change: {words.minute(known.known_at)}." if known.known_at else ""),
        )
        document.bullets((week.could_not_look(document, known),))
    _answers(document, known)
    stories.section(document, known)
    if known.snapshot.declarations:
        document.paragraph(
            document.link(Md("What upstreams and others declare"), places.DECLARED),
            Md("about versions that go together: nobody has tried it here."),
        )
    _news(document, known)
    return document.page(known.snapshot.title)


def _misfits(document: Document, known: Knowledge) -> None:
    """Add what is blamed, since when, with the way to the proof."""
    if not known.snapshot.culprits and not known.snapshot.suspicions:
        return
    document.heading(2, Md("What does not fit, and since when"))
    if known.culprits:
        misfits.table(document, known, known.culprits[:_MISFITS])
    rest = len(known.culprits) - _MISFITS
    open_ones = len(known.snapshot.suspicions)
    document.paragraph(
        document.link(Md("What does not fit, and how we know"), places.MISFITS),
        Md(f"· {words.count(rest, 'more')}" if rest > 0 else ""),
        Md(f"· {words.count(open_ones, 'failure')} not explained" if open_ones else ""),
    )


def _answers(document: Document, known: Knowledge) -> None:
    """Add what the pages of plugins answer, each with the way to the whole of it."""
    view = PluginView.of(known.snapshot)
    for page in sorted(known.snapshot.plugin_pages, key=lambda one: one.name):
        if isinstance(page, Answering) and (answer := escape.visible(page.answer(view)).strip()):
            document.heading(2, text(page.title))
            document.paragraph(Md(answer), document.link(Md("All of it"), page.name))


def _tried_on(known: Knowledge) -> Md:
    return Md(f", tried on **{text(known.snapshot.host_title)}**" if known.snapshot.profile.scenario else "")


def _what_does_not_work(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("What does not work, and why"))
    found = faults.group(known)
    if not found:
        document.paragraph(Md("Nothing is known to be broken with the present files and the present scenario."))
        return
    document.table(
        (Md("Fails at"), Md("What was seen"), Md("Each of them has"), Md("Combinations"), Md("Example"), Md("Run")),
        [_fault_row(document, known, fault) for fault in found[:_FAULTS]],
    )
    if len(found) > _FAULTS:
        document.paragraph(
            Md(f"{words.count(len(found) - _FAULTS, 'further cause')} in the"),
            document.link(Md("matrix"), places.MATRIX),
        )


def _fault_row(document: Document, known: Knowledge, fault: Fault) -> tuple[Md, ...]:
    example = fault.combinations[0]
    run = known.run(fault.run_id) if fault.run_id else None
    shown = document.link(Md(str(run.id)), places.run(run.id)) if run else Md("")
    return (
        text(fault.capability),
        code(fault.cause) if fault.cause else text(fault.sentence),
        Md(", ".join(_one_of(known, values) for values in fault.held)),
        Md(str(len(fault.combinations))),
        known.verdict_link(document, example, fault.capability),
        shown,
    )


def _one_of(known: Knowledge, values: Sequence[Value]) -> Md:
    shown = " or ".join(known.short(value) for value in values[:_VALUES])
    rest = len(values) - _VALUES
    return Md(f"{text(values[0].factor)} {shown}{f' or one of {rest} more' if rest > 0 else ''}")


def _what_is_open(document: Document, known: Knowledge) -> None:
    last = known.asked
    tally = known.tally(verdicts.get(last) for verdicts in known.snapshot.verdicts.values())
    untested = tally.pop(VerdictKind.UNTESTED, 0) + max(0, known.snapshot.live_total - len(known.snapshot.verdicts))
    document.heading(2, Md("How much is known"))
    if untested:
        tally[VerdictKind.UNTESTED] = untested
    legend = [
        Md(f"{document.link(words.mark(word), places.METHOD, words.anchor(word))} {words.count(number, 'combination')}")
        for word, number in tally.items()
    ]
    document.paragraph(
        Md(f"Of {words.count(known.snapshot.live_total or len(known.snapshot.verdicts), 'live combination')},"),
        Md(f"asked whether *{text(last)}* works:"),
    )
    document.bullets(legend)
    document.paragraph(document.link(Md("The whole matrix"), places.MATRIX))


def _news(document: Document, known: Knowledge) -> None:
    news = [change for change in known.snapshot.changes if not change.is_baseline][:_NEWS]
    document.heading(2, Md("Latest changes upstream"))
    if news:
        changes.table(document, known, news)
    else:
        document.paragraph(Md("None since the first look."))
    document.paragraph(document.link(Md("All changes"), places.CHANGES))
