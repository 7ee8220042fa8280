"""What to tell an upstream: one block to copy, and what is known there already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.model import Expectation, Outcome, PullRequest
from tracker.render import escape, places, words
from tracker.render.escape import Md, external_link, text
from tracker.render.pages import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Culprit, Release, Run, Value
    from tracker.render.document import Document
    from tracker.render.knowledge import Knowledge

_LINES = 10
_REFERENCE = re.compile(r"(?:github\.com/)?([\w.-]+/[\w.-]+)(?:#|/(?:pull|issues)/)(\d+)")


def section(document: Document, known: Knowledge, culprit: Culprit) -> None:
    """Add the block for an upstream's issue, and the issues and pull requests that are known to be about it."""
    document.heading(2, Md("Tell upstream"))
    document.fence("\n".join(_issue(known, culprit)), "markdown")
    about = list(_known_there(known, culprit))
    if about:
        document.paragraph(Md("Known to be about it:"))
        document.bullets(about)


def _issue(known: Knowledge, culprit: Culprit) -> Iterator[str]:
    shown = " with ".join(f"{_part(value)} {_plain(known, value)}" for value in culprit.values)
    runs = len(culprit.failure.runs) + (len(culprit.second.runs) if culprit.second else 0)
    yield f"{shown}: `{culprit.capability}` does not work on {escape.one_line(known.snapshot.host_title)}"
    yield f"({words.count(runs, 'run')}, {words.day(culprit.since)} to {words.day(culprit.observed_at)})."
    yield ""
    yield "The whole combination:"
    yield ""
    for value in known.in_order(culprit.failure.combination):
        yield f"- {_part(value)} {value.version}{_commit(known, value)}"
    yield ""
    for value in culprit.values:
        yield from _since(known, culprit, value)
    log = ten_lines(known.run(culprit.failure.runs[0]), culprit)
    if log:
        yield "```"
        yield from log
        yield "```"
        yield ""
    if culprit.twin:
        changed = [
            f"{_part(one)} {one.version}"
            for one in known.in_order(culprit.twin.combination)
            if one not in culprit.failure.combination
        ]
        yield f"With {' and '.join(changed) or 'the same versions'} and all else the same it works."
    if known.snapshot.address:
        yield f"Proof, logs and how to see it: {permalink(known, culprit)}"


def permalink(known: Knowledge, culprit: Culprit) -> str:
    """Return the address of the misfit's page for people elsewhere."""
    return f"{known.snapshot.address.rstrip('/')}/{places.misfit(culprit.key)}.html"


def _part(value: Value) -> str:
    return value.component or value.factor


def _plain(known: Knowledge, value: Value) -> str:
    found = known.release(value.component, value.version)
    return found.release.upstream_version if found else value.version


def _commit(known: Knowledge, value: Value) -> str:
    found = known.release(value.component, value.version)
    return f" (commit {found.release.commit})" if found and found.release.commit else ""


def _since(known: Knowledge, culprit: Culprit, value: Value) -> Iterator[str]:
    """Yield the last good and the first bad version of a part with what lies between them; nothing where none is."""
    if not value.component:
        return
    around = neighbours.neighbours(known, culprit, value)
    place = next(number for number, one in enumerate(around) if one.value == value)
    good, bad = neighbours.edges(around, place)
    if good is None:
        return
    last, first = (known.release(one.value.component, one.value.version) for one in (around[good], around[bad]))
    yield f"{value.component}: last good {around[good].value.version}, first bad {around[bad].value.version}."
    if last and first and (link := compare_link(last.release, first.release)):
        yield f"What lies between: {link}"
    yield ""


def compare_link(older: Release, newer: Release) -> str:
    """Return the address that shows what lies between two releases of a repository; empty where none is known.

    GitHub's form, which others have taken over: ``REPOSITORY/compare/TAG...TAG``.
    """
    base, found, _ = newer.url.partition("/releases/")
    if not found or not older.tag or not newer.tag or not older.url.startswith(f"{base}/"):
        return ""
    return f"{base}/compare/{older.tag}...{newer.tag}"


def ten_lines(run: Run | None, culprit: Culprit) -> list[str]:
    """Return the lines of the log that end with the cause, or the cause alone where no log holds it."""
    failed = [step for step in run.steps if step.outcome is Outcome.FAIL] if run else []
    for step in failed:
        lines = escape.visible(step.log).strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines) if culprit.cause and culprit.cause in line), None)
        if at is not None:
            return [line.replace("```", "'''") for line in lines[max(0, at - _LINES + 1) : at + 1]]
    return escape.visible(culprit.cause).replace("```", "'''").split("\n")[-_LINES:] if culprit.cause else []


def _known_there(known: Knowledge, culprit: Culprit) -> Iterator[Md]:
    """Yield what was declared of it beforehand and borne out by its runs, and the state of what that names."""
    runs = {*culprit.failure.runs, *(culprit.second.runs if culprit.second else ())}
    pulls = {
        (one.repository.lower(), one.number): one for one in known.snapshot.sightings if isinstance(one, PullRequest)
    }
    seen: set[tuple[str, int]] = set()
    for prediction in known.snapshot.predictions:
        declaration = prediction.declaration
        if declaration.expectation is not Expectation.FAILS or not runs & set(prediction.agreeing):
            continue
        yield Md(f"{text(declaration.sentence)} {text(declaration.kind.value)}: {_where(declaration.provenance)}")
        for name, number in _REFERENCE.findall(f"{declaration.provenance} {declaration.reason}"):
            pull = pulls.get((name.lower(), int(number)))
            if pull is not None and (pull.repository, pull.number) not in seen:
                seen.add((pull.repository, pull.number))
                label = text(f"{pull.repository}#{pull.number}: {pull.title}")
                yield Md(f"{external_link(label, pull.url) if pull.url else label} ({text(pull.state.value)})")


def _where(provenance: str) -> Md:
    flat = provenance.strip()
    return external_link(text(flat), flat) if flat.startswith("http") and " " not in flat else text(flat)
