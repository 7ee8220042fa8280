"""A page for each combination: what is known of it, why, and how to get it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.render import escape, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, text
from tracker.render.pages import misfits, mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Combination, Run, Verdict
    from tracker.render.knowledge import Knowledge


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each judged combination."""
    return (_page(known, combination) for combination in sorted(known.snapshot.verdicts))


def _page(known: Knowledge, combination: Combination) -> Page:
    document = Document(places.combination(combination))
    document.heading(
        1, Md(" + ".join(f"{text(value.factor)} {known.short(value)}" for value in known.in_order(combination)))
    )
    titles = {factor.name: factor.title for factor in known.factors}
    document.table(
        (Md("Part"), Md("Version"), Md("What it is")),
        [
            (text(value.factor), known.value_link(document, value), text(titles.get(value.factor, "")))
            for value in known.in_order(combination)
        ],
    )
    for capability in known.capabilities:
        _capability(document, known, combination, capability)
    _runs(document, known.runs_of(combination))
    _by_hand(document, known, combination)
    mistakes.section(document, known.snapshot.report)
    return document.page(f"Combination {combination.slug}", ("Matrix", places.MATRIX))


def _capability(document: Document, known: Knowledge, combination: Combination, capability: str) -> None:
    verdict = known.verdict(combination, capability)
    word = known.word(verdict)
    document.heading(2, text(capability))
    mark = document.link(words.mark(word), places.METHOD, words.anchor(word))
    if verdict is None or verdict.kind is VerdictKind.UNTESTED:
        document.paragraph(mark, text(verdict.sentence if verdict else "No run of this combination is known."))
        document.paragraph(text(verdict.would_change) if verdict else Md(""))
        return
    document.paragraph(mark, text(verdict.sentence))
    if verdict.because_of:
        document.paragraph(
            Md("Because of"), document.link(text(verdict.because_of), document.path, verdict.because_of), Md("above.")
        )
    elif verdict.cause and verdict.cause not in verdict.sentence:
        document.fence(verdict.cause)
    _because_of_a_misfit(document, known, verdict)
    _waivers(document, known, verdict)
    _evidence(document, known, verdict)


def _because_of_a_misfit(document: Document, known: Knowledge, verdict: Verdict) -> None:
    for one in known.culprits:
        if one.capability == verdict.capability and one.is_in(verdict.combination):
            document.paragraph(
                Md("What does not fit:"), document.link(misfits.name(known, one), places.misfit(one.key))
            )


def _waivers(document: Document, known: Knowledge, verdict: Verdict) -> None:
    document.bullets(
        Md(f"Accepted by a person until {one.until}: {text(one.reason)}")
        for one in known.snapshot.waivers
        if verdict.kind is VerdictKind.BROKEN
        and one.capability in {"", verdict.capability}
        and all(value in verdict.combination for value in one.values)
    )


def _evidence(document: Document, known: Knowledge, verdict: Verdict) -> None:
    document.bullets(
        Md(f"{label}: {content}")
        for label, content in (
            ("Runs behind it", Md(", ".join(_run_link(document, known, run_id) for run_id in verdict.runs))),
            ("Newest of them", words.minute(verdict.observed_at)),
            ("Fresh until", words.minute(verdict.fresh_until)),
            ("What would change it", text(verdict.would_change)),
        )
        if content
    )


def _run_link(document: Document, known: Knowledge, run_id: int) -> Md:
    label = Md(f"run {run_id}")
    return document.link(label, places.run(run_id)) if known.run(run_id) else label


def _runs(document: Document, runs: Iterable[Run]) -> None:
    document.heading(2, Md("All runs of it"))
    rows = [
        (
            document.link(Md(f"run {run.id}"), places.run(run.id)),
            document.link(words.mark(run.outcome), places.run(run.id)) if run.finished_at else text(run.state.value),
            words.minute(run.finished_at or run.started_at),
            text(next((step.reason for step in run.steps if step.outcome == run.outcome), run.reason)),
        )
        for run in runs
    ]
    if rows:
        document.table((Md("Run"), Md("Outcome"), Md("When"), Md("Said")), rows)
    else:
        document.paragraph(Md("None yet."))


def _by_hand(document: Document, known: Knowledge, combination: Combination) -> None:
    named = " ".join(shlex.quote(str(value)) for value in known.in_order(combination))
    document.heading(2, Md("Use it"))
    if told := known.snapshot.recipes.get(combination):
        document.paragraph(Md(escape.visible(told).strip()))
    document.paragraph(Md("A script that installs exactly this by hand, with digests:"))
    document.fence(f"tracker recipe {named}", "sh")
    document.paragraph(Md("What is known of it, as an exit code:"))
    document.fence(f"tracker check {named}", "sh")
