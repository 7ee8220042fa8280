"""The page of one run: the cause first, then every step and every log.

It is made from the run and from the little that stands in ``Beside``, and from nothing else: publishing makes it again
only when one of these has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tracker.model import Outcome, Run, StepResult
from tracker.render import ansi, logs, places, words
from tracker.render.document import Document, Draft, Page
from tracker.render.escape import Md, code, text
from tracker.render.pages import mistakes

if TYPE_CHECKING:
    from tracker.model import Retraction, Value
    from tracker.render.knowledge import Knowledge

_RUN = tuple(field.name for field in fields(Run))
_STEP = tuple(field.name for field in fields(StepResult))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the page of a run says that is not the run's own.

    Attributes:
        parts: the values in the order in which people read them, and whether each has a page.
        is_judged: the combination has a page.
        retractions: of this run.
        report: where a reader tells of a mistake.
    """

    parts: tuple[tuple[Value, bool], ...]
    is_judged: bool
    retractions: tuple[Retraction, ...]
    report: str

    @classmethod
    def of(cls, known: Knowledge, run: Run) -> Beside:
        """Return it for ``run``."""
        parts = known.in_order(run.combination)
        return cls(
            parts=tuple((value, known.release(value.component, value.version) is not None) for value in parts),
            is_judged=run.combination in known.snapshot.verdicts,
            retractions=tuple(one for one in known.snapshot.retractions if one.run_id == run.id),
            report=known.snapshot.report,
        )


def draft(known: Knowledge, run: Run) -> Draft:
    """Return the page as it can be made, with what it is made from."""
    beside = Beside.of(known, run)
    told = (_plain(run), [(str(value), exists) for value, exists in beside.parts], beside.is_judged)
    return Draft(
        path=places.run(run.id),
        title=f"Run {run.id}",
        inputs=repr((told, beside.retractions, beside.report)),
        make=lambda: page(run, beside),
    )


def _plain(run: Run) -> list[object]:
    """Return all of a run in values whose text is the same in every process."""
    own = {name: getattr(run, name) for name in _RUN}
    own["combination"] = run.combination.key
    own["steps"] = [[_sorted(getattr(step, name)) for name in _STEP] for step in run.steps]
    return [_sorted(value) for value in own.values()]


def _sorted(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return sorted(value.items()) if isinstance(value, Mapping) else value


def decisive(run: Run) -> StepResult | None:
    """The step that decided the run; ``None`` when every step passed or none was reached."""
    return next((step for step in run.steps if step.outcome is not Outcome.PASS), None)


def page(run: Run, beside: Beside) -> Page:
    """Return the page."""
    document = Document(places.run(run.id))
    document.heading(1, Md(f"Run {run.id}"))
    _outcome(document, run)
    _taken_back(document, beside)
    _combination(document, run, beside)
    _steps(document, run)
    _facts(document, "Installed files", ("File", "Digest"), run.artifacts)
    _facts(document, "Environment", ("Fact", "Value"), run.environment)
    _key(document, run)
    _logs(document, run)
    mistakes.section(document, beside.report)
    return document.page(f"Run {run.id}", ("Runs", places.RUNS))


def _outcome(document: Document, run: Run) -> None:
    if run.finished_at is None:
        document.paragraph(Md(f"This run is {text(run.state.value)}: it has no outcome."), text(run.reason))
        return
    step = decisive(run)
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


def _taken_back(document: Document, beside: Beside) -> None:
    document.paragraph(
        *(
            Md(f"**Taken back** on {words.day(one.retracted_at)}, nothing rests on it any more: {text(one.reason)}")
            for one in beside.retractions
        )
    )


def _combination(document: Document, run: Run, beside: Beside) -> None:
    document.table(
        (Md("Part"), Md("Version")),
        [(text(value.factor), _part(document, value, exists)) for value, exists in beside.parts],
    )
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    stretched = f" Time limits were stretched {run.limit_factor:g} times." if run.limit_factor != 1 else ""
    document.paragraph(
        document.link(Md("All that is known of this combination"), places.combination(run.combination))
        if beside.is_judged
        else Md(""),
        Md(f"· started {words.minute(run.started_at)}"),
        Md(f"· took {words.seconds(took)}.{stretched}" if took is not None else ""),
    )


def _part(document: Document, value: Value, has_page: bool) -> Md:  # noqa: FBT001 - a pair of one table
    shown = code(value.text)
    return document.link(shown, places.release(value.component, value.version)) if has_page else shown


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
    decided = decisive(run)
    steps = sorted((step for step in run.steps if step.log.strip()), key=lambda step: step is not decided)
    others = [name for name in sorted(run.logs) if run.logs[name].strip()]
    if steps or others:
        document.heading(2, Md("Logs"))
    for step in steps:
        _log(document, f"step {step.name}", step.log, step.cause, places.log(run.id, "step", step.name))
    for name in others:
        _log(document, name, run.logs[name], decided.cause if decided else "", places.log(run.id, "log", name))


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
