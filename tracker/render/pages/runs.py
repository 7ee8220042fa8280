"""The list of runs, and a page for each: the cause first, then every step and every log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Outcome
from tracker.render import ansi, logs, places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text
from tracker.render.pages import mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model import Run, StepResult
    from tracker.render.knowledge import Knowledge

_MOST = 1000


def index(known: Knowledge) -> Page:
    """Return the list of runs, newest first."""
    document = Document(places.RUNS)
    document.heading(1, Md("Runs"))
    runs = known.snapshot.runs[:_MOST]
    if not runs:
        document.paragraph(Md("Nothing has been run yet."))
        return document.page("Runs")
    factors = [text(factor.name) for factor in known.factors]
    document.table(
        (Md("Run"), Md("Outcome"), *factors, Md("Ended"), Md("Cause")),
        [_row(document, known, run) for run in runs],
    )
    if len(known.snapshot.runs) > _MOST:
        document.paragraph(Md(f"{words.count(len(known.snapshot.runs) - _MOST, 'older run')} not listed."))
    return document.page("Runs")


def _row(document: Document, known: Knowledge, run: Run) -> tuple[Md, ...]:
    chosen = {value.factor: known.short(value) for value in run.combination}
    step = _decisive(run)
    return (
        document.link(Md(f"run {run.id}"), places.run(run.id)),
        document.link(words.mark(run.outcome), places.run(run.id)) if run.finished_at else text(run.state.value),
        *(chosen.get(factor.name, Md("")) for factor in known.factors),
        words.minute(run.finished_at),
        (code(step.cause) if step.cause else text(step.reason)) if step else text(run.reason),
    )


def pages(known: Knowledge) -> Iterable[Page]:
    """Yield a page for each run."""
    return (_page(known, run) for run in known.snapshot.runs)


def _decisive(run: Run) -> StepResult | None:
    """The step that decided the run; ``None`` when every step passed or none was reached."""
    return next((step for step in run.steps if step.outcome is not Outcome.PASS), None)


def _page(known: Knowledge, run: Run) -> Page:
    document = Document(places.run(run.id))
    document.heading(1, Md(f"Run {run.id}"))
    _outcome(document, run)
    _taken_back(document, known, run)
    _combination(document, known, run)
    _steps(document, run)
    _facts(document, "Installed files", ("File", "Digest"), run.artifacts)
    _facts(document, "Environment", ("Fact", "Value"), run.environment)
    _key(document, run)
    _logs(document, run)
    mistakes.section(document, known)
    return document.page(f"Run {run.id}", ("Runs", places.RUNS))


def _outcome(document: Document, run: Run) -> None:
    if run.finished_at is None:
        document.paragraph(Md(f"This run is {text(run.state.value)}: it has no outcome."), text(run.reason))
        return
    step = _decisive(run)
    mark = document.link(words.mark(run.outcome), places.METHOD, words.anchor(run.outcome))
    if step is None:
        document.paragraph(mark, text(run.reason) or Md("Every step passed."))
        return
    document.paragraph(mark, Md(f"at *{text(step.name)}*:"), text(step.reason or run.reason))
    if step.cause:
        document.fence(step.cause)
        known = f"Known cause {code(step.cause_name)}" if step.cause_name else "No registered cause matches this line"
        document.paragraph(
            Md(f"{known}{', which the same bytes always show on this host' if step.is_deterministic else ''}."),
        )


def _taken_back(document: Document, known: Knowledge, run: Run) -> None:
    document.paragraph(
        *(
            Md(f"**Taken back** on {words.day(one.retracted_at)}, nothing rests on it any more: {text(one.reason)}")
            for one in known.snapshot.retractions
            if one.run_id == run.id
        )
    )


def _combination(document: Document, known: Knowledge, run: Run) -> None:
    document.table(
        (Md("Part"), Md("Version")),
        [(text(value.factor), known.value_link(document, value)) for value in known.in_order(run.combination)],
    )
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    stretched = f" Time limits were stretched {run.limit_factor:g} times." if run.limit_factor != 1 else ""
    document.paragraph(
        document.link(Md("All that is known of this combination"), places.combination(run.combination))
        if run.combination in known.snapshot.verdicts
        else Md(""),
        Md(f"· started {words.minute(run.started_at)}"),
        Md(f"· took {words.seconds(took)}.{stretched}" if took is not None else ""),
    )


def _steps(document: Document, run: Run) -> None:
    document.heading(2, Md("Steps"))
    if not run.steps:
        document.paragraph(Md("No step was recorded."))
        return
    document.table(
        (Md("Step"), Md("Capability"), Md("Outcome"), Md("Time"), Md("Exercises"), Md("Said")),
        [
            (
                text(step.name),
                text(step.capability),
                document.link(words.mark(step.outcome), places.METHOD, words.anchor(step.outcome)),
                words.seconds(step.seconds) if step.outcome is not Outcome.NOT_REACHED else Md(""),
                text(", ".join(sorted(step.exercises))),
                Md(f"{text(step.reason)}{' (ended at its time limit)' if step.timed_out else ''}"),
            )
            for step in run.steps
        ],
    )


def _facts(document: Document, title: str, header: tuple[str, str], facts: Mapping[str, str]) -> None:
    if facts:
        document.heading(2, Md(title))
        document.table([Md(name) for name in header], [(code(key), code(facts[key])) for key in sorted(facts)])


def _key(document: Document, run: Run) -> None:
    document.heading(2, Md("Comparable with"))
    document.paragraph(Md("Runs are compared only when all of these are the same:"))
    document.bullets(
        Md(f"{label}: {code(content)}")
        for label, content in (
            ("scenario", run.key.scenario_digest),
            ("artifacts", run.key.artifact_digest),
            ("host", run.key.host_key),
        )
    )


def _logs(document: Document, run: Run) -> None:
    """Add every log, that of the step which decided the run first."""
    decisive = _decisive(run)
    steps = sorted((step for step in run.steps if step.log.strip()), key=lambda step: step is not decisive)
    others = [name for name in sorted(run.logs) if run.logs[name].strip()]
    if steps or others:
        document.heading(2, Md("Logs"))
    for step in steps:
        _log(document, f"step {step.name}", step.log, step.cause, places.log(run.id, "step", step.name))
    for name in others:
        _log(document, name, run.logs[name], decisive.cause if decisive else "", places.log(run.id, "log", name))


def _log(document: Document, title: str, log: str, cause: str, whole: str) -> None:
    document.heading(3, text(title))
    excerpt = logs.excerpt(log, cause)
    for part in excerpt.parts:
        if part.skipped:
            document.paragraph(Md(f"*{words.count(part.skipped, 'line')} left out here.*"))
        document.log(part.text)
    if excerpt.is_whole and not logs.is_overwritten(log):
        return
    content = f"{ansi.plain(log).strip(chr(10))}\n"
    document.file(whole, content)
    document.paragraph(
        document.file_link(Md("The whole log as a text file"), whole),
        Md(f"({words.count(content.count(chr(10)), 'line')}, {words.size(len(content.encode()))})."),
        Md(f"{words.count(excerpt.cut_lines, 'line')} above cut after {logs.LONGEST:,} characters.")
        if excerpt.cut_lines
        else Md(""),
    )
