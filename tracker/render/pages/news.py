"""What new versions changed: newly broken, newly fixed, always failed, as the runs of this host tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.newly import News, Novelty
from tracker.render import places, words
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Value
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_MOST = 100
_SHAPES = {Novelty.NEWLY_BROKEN: "✗", Novelty.NEWLY_FIXED: "✓", Novelty.ALWAYS_FAILED: "✗"}


def section(document: Document, known: Knowledge) -> None:
    """Add what each version changed beside the one before it, all else equal, newest first; nothing where none did."""
    found = told(known)
    if not found:
        return
    document.heading(2, Md("What versions changed here"))
    document.paragraph(
        Md("A version beside the next older one that was run with the same other parts. Only runs of this host count."),
    )
    document.table(
        (Md("Seen"), Md("Version"), Md("What"), Md("Capability"), Md("Before it"), Md("In")),
        [_row(document, known, same) for same in found[:_MOST]],
    )
    if len(found) > _MOST:
        document.paragraph(Md(f"{words.count(len(found) - _MOST, 'older entry', 'older entries')} not shown."))


def told(known: Knowledge) -> list[list[News]]:
    """Return what versions changed, newest first; the same change in several combinations is one."""
    found: dict[tuple[Novelty, str, Value, Value], list[News]] = {}
    for one in known.news:
        if one.novelty is Novelty.ALWAYS_FAILED and _is_for_another(one, known):
            continue
        found.setdefault((one.novelty, one.capability, one.value, one.before), []).append(one)
    return list(found.values())


def _row(document: Document, known: Knowledge, same: Sequence[News]) -> tuple[Md, ...]:
    newest = same[0]
    where = words.count(len(same), "combination")
    return (
        words.day(newest.observed_at),
        Md(f"{text(newest.value.factor)} {known.value_link(document, newest.value)}"),
        Md(f"{_SHAPES[newest.novelty]} {newest.novelty}"),
        text(newest.capability),
        known.value_link(document, newest.before),
        document.link(where, places.combination(newest.combination), newest.capability),
    )


def _is_for_another(one: News, known: Knowledge) -> bool:
    """Whether something else in the combination is known not to fit, which fails with any version of this part."""
    return any(
        culprit.capability == one.capability
        and one.value not in culprit.values
        and all(value in one.combination for value in culprit.values)
        for culprit in known.snapshot.culprits
    )
