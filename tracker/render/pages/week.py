"""What is newly broken and newly fixed since a week, and what could not be looked at: one line each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.evidence.newly import Novelty
from tracker.render import looks, places, words
from tracker.render.escape import Md, text
from tracker.render.pages import news

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.evidence.newly import News
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_WEEK = timedelta(days=7)
_MOST = 4
_BEFORE = {Novelty.NEWLY_BROKEN: "works", Novelty.NEWLY_FIXED: "does not"}


def section(document: Document, known: Knowledge) -> None:
    """Add what a returning reader asks first; a week ends with the newest evidence, not with the reader's day."""
    ended = known.newest_evidence
    document.heading(2, Md("New in the last week"))
    if ended is None:
        document.paragraph(Md("Nothing has been run yet."))
        return
    since = ended - _WEEK
    document.bullets(
        (*(_line(document, known, novelty, since) for novelty in _BEFORE), could_not_look(document, known))
    )
    document.paragraph(
        Md(f"The week ends with the newest result, of {words.day(ended)}."),
        Md(f"Newest result or change: {words.minute(known.known_at)}." if known.known_at else ""),
        document.link(Md("All that versions changed"), places.CHANGES),
    )


def _line(document: Document, known: Knowledge, novelty: Novelty, since: datetime) -> Md:
    found = [
        same
        for same in news.told(known)
        if same[0].novelty is novelty and same[0].observed_at and same[0].observed_at >= since
    ]
    label = f"**{novelty.capitalize()}**"
    if not found:
        return Md(f"{label} since {words.day(since)}: nothing.")
    shown = "; ".join(_entry(document, known, same) for same in found[:_MOST])
    rest = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return Md(f"{label} since {words.day(since)}: {shown}{rest}.")


def _entry(document: Document, known: Knowledge, same: list[News]) -> Md:
    one = same[0]
    way = document.link(text(one.capability), places.combination(one.combination), one.capability)
    value = known.value_link(document, one.value, known.short(one.value))
    return Md(f"{text(one.value.factor)} {value} at {way} ({known.short(one.before)} {_BEFORE[one.novelty]})")


def could_not_look(document: Document, known: Knowledge) -> Md:
    """Return how many upstreams could not be looked at, with their names."""
    missing = [look for look in known.snapshot.looks if looks.state(look) != looks.LOOKED]
    way = document.link(Md("health"), places.HEALTH)
    if not known.snapshot.looks:
        return Md(f"**Could not be looked at**: nothing was looked at yet ({way}).")
    if not missing:
        every = words.count(len(known.snapshot.looks), "upstream")
        return Md(f"**Could not be looked at**: nothing; {every} answered ({way}).")
    named = ", ".join(text(look.title or look.target) for look in missing[:_MOST])
    rest = f" and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
    return Md(f"**Could not be looked at**: {named}{rest}; what is said of these may be behind ({way}).")
