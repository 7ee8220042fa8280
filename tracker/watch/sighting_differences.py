"""The ledger's entries for what two looks at a target show besides releases. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Branch, ChangeKind, Containment, PullRequest, Repository, Tag, WatchedFile
from tracker.watch.entries import each_with, in_order_of_events
from tracker.watch.pull_differences import pull_entries
from tracker.watch.tag_differences import tag_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Change, Release, Sighting
    from tracker.watch.entries import Scribe


def sighting_entries(
    scribe: Scribe,
    before: Sequence[Sighting],
    after: Sequence[Sighting],
    releases: tuple[Sequence[Release], Sequence[Release]],
) -> Iterator[tuple[datetime, Change]]:
    """Yield entries in natural order of the things, tags first, each with the time that it stands at.

    Args:
        scribe: of the look.
        before: what the target showed.
        after: what it shows now.
        releases: what it offered, and what it offers now; a tag of a release is told as that release.
    """
    old_tags, new_tags = _tags(before), _tags(after)
    for entry in tag_entries(scribe, old_tags.values(), new_tags.values(), releases):
        yield from in_order_of_events([entry])
    others = [one for one in after if not isinstance(one, Tag)]
    for old, new in each_with([one for one in before if not isinstance(one, Tag)], others):
        if isinstance(new, PullRequest):
            yield from pull_entries(scribe, old if isinstance(old, PullRequest) else None, new)
        else:
            yield from in_order_of_events(_entries(scribe, old, new, new_tags))


def _entries(
    scribe: Scribe, old: Sighting | None, new: Sighting | None, tags: Mapping[tuple[str, str, str], Tag]
) -> Iterator[Change]:
    match old, new:
        case Branch(), Branch() if old.head != new.head and all(o.head != new.head for o in scribe.elsewhere(new)):
            yield scribe.of_sighting(
                ChangeKind.BRANCH_MOVED,
                new,
                old.head,
                new.head,
                subject=new.name,
                happened_at=new.committed_at,
            )
        case Branch(), None if scribe.knowledge.is_named(old.component, old.name) and not scribe.elsewhere(old):
            yield scribe.of_sighting(ChangeKind.BRANCH_REMOVED, old, old.head, subject=old.name)
        case WatchedFile(), WatchedFile() if old.digest != new.digest and not _is_told(scribe, new):
            yield _content_changed(scribe, old, new)
        case _, Repository():
            yield from _renamed(scribe, old if isinstance(old, Repository) else None, new)
        case _, Containment():
            yield from _contained(scribe, old if isinstance(old, Containment) else None, new, tags)
        case _:
            return


def _is_told(scribe: Scribe, one: WatchedFile) -> bool:
    return any(other.digest == one.digest for other in scribe.elsewhere(one))


def _content_changed(scribe: Scribe, old: WatchedFile, new: WatchedFile) -> Change:
    was = dict(old.named)
    named = [
        f"{name} {was[name]} -> {version}" if name in was else f"{name} {version}"
        for name, version in new.named
        if was.get(name) != version
    ]
    before, after = ("", ", ".join(named)) if named else (old.digest, new.digest)
    return scribe.of_sighting(ChangeKind.CONTENT_CHANGED, new, before, after, subject=new.name, channel=new.url)


def _renamed(scribe: Scribe, old: Repository | None, new: Repository) -> Iterator[Change]:
    before = old.name if old else new.asked
    others = scribe.elsewhere(new)
    if old and old.number != new.number and all(one.number != new.number for one in others):
        yield scribe.of_sighting(
            ChangeKind.REPOSITORY_REPLACED, new, old.number, new.number, subject=new.asked, channel=new.asked
        )
    if before != new.name and all(one.name != new.name for one in others):
        yield scribe.of_sighting(
            ChangeKind.REPOSITORY_RENAMED,
            new,
            before,
            new.name,
            subject=new.asked,
            channel=new.asked,
            is_history=old is None,
        )


def _contained(
    scribe: Scribe, old: Containment | None, new: Containment, tags: Mapping[tuple[str, str, str], Tag]
) -> Iterator[Change]:
    told = {tag for one in (old, *scribe.elsewhere(new)) if one for tag in one.tags}
    found = [tag for tag in new.tags if tag not in told]
    if not found:
        return
    times = [tag.tagged_at for name in found for tag in [tags.get((new.component, new.repository, name))] if tag]
    happened_at = min((at for at in times if at), default=None)
    yield scribe.of_sighting(
        ChangeKind.CONTAINED,
        new,
        after=", ".join(found),
        subject=new.of,
        happened_at=happened_at,
        is_history=old is None and (scribe.is_baseline or not _was_awaited(scribe, new)),
    )


def _was_awaited(scribe: Scribe, held: Containment) -> bool:
    """Whether the pull request was watched before its commit was found, so that what holds it is news."""
    number = held.of.rpartition("#")[2]
    return ("pull request", held.component, held.repository, number) in scribe.knowledge.sighted_before


def _tags(shown: Sequence[Sighting]) -> dict[tuple[str, str, str], Tag]:
    return {(one.component, one.repository, one.name): one for one in shown if isinstance(one, Tag)}
