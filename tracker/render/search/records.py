"""What a search finds: names, and what does not change with every run; so one more run leaves the index as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.render import escape, places
from tracker.render.document import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.render.document import Draft
    from tracker.render.knowledge import Knowledge

_LONGEST = 20_000
_BY_TITLE = (
    (places.FRONT, "what to install today, recommended versions"),
    (places.MATRIX, "which versions work together"),
    (places.COMPONENTS, "all components"),
    (places.RUNS, "all runs, by date"),
    (places.CHANGES, "what changed upstream, newly broken, newly fixed"),
    (places.HEALTH, "when each upstream was last looked at; whether this site is still updated"),
    (places.HOSTS, "all hosts of which there is evidence"),
    (places.PULLS, "pull requests, and the first release that contains them"),
    (places.CORRECTIONS, "waivers, retractions, what was taken back"),
    (places.METHOD, "how verdicts are made, what their words and shapes mean"),
    (places.CONTENTS, "everything by name"),
    (places.BADGES, "badges, feeds, JSON documents"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One result.

    Attributes:
        page: its path, without suffix.
        title: plain text.
        content: the words by which it is found, plain text.
    """

    page: str
    title: str
    content: str


def records(known: Knowledge, pages: Mapping[str, Page | Draft]) -> tuple[Record, ...]:
    """Return the records in order of their pages, those of ``pages`` alone."""
    found = {one.page: one for one in _records(known, pages) if one.page in pages}
    return tuple(found[page] for page in sorted(found))


def _records(known: Knowledge, pages: Mapping[str, Page | Draft]) -> Iterator[Record]:
    added = [pages[one.name] for one in known.snapshot.plugin_pages]
    named = [*_BY_TITLE, *((one.path, one.body) for one in added if isinstance(one, Page))]
    yield from (_record(path, pages[path].title, content) for path, content in named if path in pages)
    yield from _of_parts(known)
    yield from _of_findings(known)


def _of_parts(known: Knowledge) -> Iterator[Record]:
    for component in known.snapshot.components.values():
        versions = " ".join(one.release.version for one in known.releases_of(component.name))
        yield _record(places.component(component.name), component.name, f"{component.title} {versions}")
    for one in known.snapshot.releases:
        release = one.release
        content = f"{release.upstream_version} {release.line} {release.tag} {release.commit} {release.notes}"
        yield _record(
            places.release(release.component, release.version), f"{release.component} {release.version}", content
        )
    for combination in known.snapshot.verdicts:
        if known.runs_of(combination):
            yield _record(places.combination(combination), combination.key, "combination")


def _of_findings(known: Knowledge) -> Iterator[Record]:
    if known.snapshot.culprits:
        yield _record(places.MISFITS, "What does not fit", "all misfits")
    for culprit in known.snapshot.culprits:
        parts = " with ".join(map(str, culprit.values))
        title = f"{culprit.capability}: {parts}"
        yield _record(places.misfit(culprit.key), title, f"does not fit {culprit.sentence} {culprit.cause}")
    for story in known.snapshot.stories:
        title = f"{story.repository} #{story.number}: {story.title}"
        yield _record(places.pull(story.repository, story.number), title, f"pull request {story.component}")
    for host in known.hosts:
        yield _record(places.host(host.key), host.title, host.key)


def _record(page: str, title: str, content: str) -> Record:
    return Record(page=page, title=escape.one_line(title), content=escape.one_line(content[:_LONGEST]))
