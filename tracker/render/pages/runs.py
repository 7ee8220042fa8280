"""The list of runs: the newest on one page, older ones on pages that stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render import places, words
from tracker.render.document import Document, Draft, Page
from tracker.render.escape import Md, code, text
from tracker.render.pages import run as one_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Run
    from tracker.render.knowledge import Knowledge

_BLOCK = 250
"""So many runs by their numbers are listed on one page, once so many newer ones are known."""


def index(known: Knowledge) -> Page:
    """Return the list of the newest runs, newest first, with the way to the older ones."""
    document = Document(places.RUNS)
    document.heading(1, Md("Runs"))
    runs = known.snapshot.runs
    if not runs:
        document.paragraph(Md("Nothing has been run yet."))
        return document.page("Runs")
    closed = _blocks(runs)
    _table(document, known, [run for run in runs if _block(run) not in closed])
    if closed:
        document.heading(2, Md("Older runs"))
        document.bullets(
            document.link(Md(_title(block)), places.run_list(*_numbers(block)))
            for block in sorted(closed, reverse=True)
        )
    return document.page("Runs")


def lists(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each block of older runs."""
    for block, runs in _blocks(known.snapshot.runs).items():
        document = Document(places.run_list(*_numbers(block)))
        document.heading(1, Md(_title(block)))
        _table(document, known, runs)
        yield document.page(_title(block), ("Runs", places.RUNS))


def pages(known: Knowledge) -> Iterable[Draft]:
    """Yield a page for each run."""
    return (one_run.draft(known, run) for run in known.snapshot.runs)


def _blocks(runs: Sequence[Run]) -> dict[int, list[Run]]:
    """Return the blocks of runs that are older than the newest ones, each newest first."""
    newest = max((run.id for run in runs), default=0)
    found: dict[int, list[Run]] = {}
    for run in runs:
        if _numbers(_block(run))[1] <= newest - _BLOCK:
            found.setdefault(_block(run), []).append(run)
    return found


def _block(run: Run) -> int:
    return (run.id - 1) // _BLOCK


def _numbers(block: int) -> tuple[int, int]:
    return block * _BLOCK + 1, (block + 1) * _BLOCK


def _title(block: int) -> str:
    first, last = _numbers(block)
    return f"Runs {first} to {last}"


def _table(document: Document, known: Knowledge, runs: Sequence[Run]) -> None:
    factors = [text(factor.name) for factor in known.factors]
    document.table(
        (Md("Run"), Md("Outcome"), *factors, Md("Ended"), Md("Cause")),
        [_row(document, known, run) for run in runs],
    )


def _row(document: Document, known: Knowledge, run: Run) -> tuple[Md, ...]:
    chosen = {value.factor: known.short(value) for value in run.combination}
    step = one_run.decisive(run)
    return (
        document.link(Md(f"run {run.id}"), places.run(run.id)),
        document.link(words.mark(run.outcome), places.run(run.id)) if run.finished_at else text(run.state.value),
        *(chosen.get(factor.name, Md("")) for factor in known.factors),
        words.minute(run.finished_at),
        (code(step.cause) if step.cause else text(step.reason)) if step else text(run.reason),
    )
