"""How pages name values and the runs that tell something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.escape import Md, text

if TYPE_CHECKING:
    from tracker.model import Value, Witness
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_MOST_RUNS = 3


def name(known: Knowledge, value: Value) -> Md:
    """Return a value with its factor."""
    return Md(f"{text(value.factor)} {known.short(value)}")


def told(document: Document, known: Knowledge, witness: Witness) -> Md:
    """Return the runs, each with a link where the site has its page, and the combination."""
    shown = ", ".join(run(document, known, run_id) for run_id in witness.runs[:_MOST_RUNS])
    label = Md(" + ".join(name(known, value) for value in known.in_order(witness.combination)))
    is_told = witness.combination in known.snapshot.verdicts
    where = document.link(label, places.combination(witness.combination)) if is_told else label
    return Md(f"{shown} of {where}")


def run(document: Document, known: Knowledge, run_id: int) -> Md:
    """Return a run's name, linked where the site has its page."""
    label = Md(f"run {run_id}")
    return document.link(label, places.run(run_id)) if known.run(run_id) else label
