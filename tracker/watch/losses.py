"""What an answer has lost against the one before: it may be an accident of the upstream. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from natsort import natsorted

from tracker.model import AssetRole, Branch, PullRequest, PullState, Repository, Tag
from tracker.watch.differences import newest, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model import Release, Sighting
    from tracker.watch.entries import Scribe
    from tracker.watch.knowledge import Knowledge, Order
    from tracker.watch.settling import Shown

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that was lost.

    Attributes:
        facts: what makes it the same loss at two looks.
        group: what it is told together with.
        name: which one of the group.
        said: what happened to it.
    """

    facts: tuple[str, ...]
    group: str
    name: str
    said: str


def find_losses(before: Shown, after: Shown, scribe: Scribe) -> tuple[Loss, ...]:
    """Return what is lost, in natural order.

    An upstream that keeps what it once published loses each release and each main file that is missing; another one
    only what makes the newest version a lower one. Every upstream loses a tag that is missing, a pull request or branch
    that the settings still name, a merge that is taken back, and a repository whose name another one has now.
    """
    found = [*_lower(before.releases, after.releases, scribe.order)]
    if scribe.keeps_old:
        told_of = {loss.facts[1:3] for loss in found}
        found += _missing([one for one in before.releases if place_of(one)[:2] not in told_of], after.releases)
    found += _sightings(before.sightings, after.sightings, scribe.knowledge)
    return tuple(natsorted(found, key=lambda loss: f"{loss.group}{loss.name} {loss.said}"))


def digest_of(losses: Sequence[Loss]) -> str:
    """Return what tells one set of losses from another; never empty."""
    return hashlib.sha256(json.dumps(sorted(loss.facts for loss in losses)).encode()).hexdigest()


def told(losses: Sequence[Loss]) -> str:
    """Return what is lost in one sentence, with few names for many things of one kind."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for loss in losses:
        groups[loss.group, loss.said].append(loss.name)
    said = [_told_group(group, said, names) for (group, said), names in groups.items()]
    return f"{'; '.join(said)}: nothing is changed until a second look shows the same"


def _told_group(group: str, said: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{group}{names[0]} is {said}"
    shown = ", ".join(names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{group}{shown}{more} are {said}"


def _lower(before: Sequence[Release], after: Sequence[Release], order: Order) -> Iterator[Loss]:
    for name in sorted({release.component for release in before}):
        old = newest([release for release in before if release.component == name], order)
        new = newest([release for release in after if release.component == name], order)
        if not new or order(name, new) < order(name, old):
            said = f"gone, the newest is now {new}" if new else "gone"
            yield Loss(facts=("newest", name, old, new), group=f"{name} ", name=old, said=said)


def _missing(before: Sequence[Release], after: Sequence[Release]) -> Iterator[Loss]:
    now = {place_of(release): release for release in after}
    for release in before:
        later = now.get(place_of(release))
        group = f"{release.component} "
        facts = place_of(release)
        if later is None:
            yield Loss(facts=("release", *facts), group=group, name=release.version, said="gone")
            continue
        if release.assets and not later.assets:
            yield Loss(facts=("files", *facts), group=group, name=release.version, said="without any file")
            continue
        for platform in sorted(_main_files(release) - _main_files(later)):
            said = f"without its file for {platform}" if platform else "without its file"
            yield Loss(facts=("file", *facts, platform), group=group, name=release.version, said=said)


def _main_files(release: Release) -> Counter[str]:
    return Counter(asset.platform for asset in release.assets if asset.role is AssetRole.MAIN)


def _sightings(before: Sequence[Sighting], after: Sequence[Sighting], knowledge: Knowledge) -> Iterator[Loss]:
    now = {one.place: one for one in after}
    for one in before:
        later = now.get(one.place)
        match one, later:
            case PullRequest(), None if knowledge.is_named(one.component, str(one.number)):
                yield _gone(one, f"pull request #{one.number}")
            case Branch(), None if knowledge.is_named(one.component, one.name):
                yield _gone(one, f"branch {one.name}")
            case Tag(), None:
                yield _gone(one, f"tag {one.name}")
            case PullRequest(), PullRequest() if one.state is PullState.MERGED is not later.state:
                yield Loss(
                    facts=("merge", *one.place, str(later.state)),
                    group=f"{one.repository}: ",
                    name=f"pull request #{one.number}",
                    said=f"{later.state}, although it was merged",
                )
            case Repository(), Repository() if one.number != later.number:
                yield Loss(
                    facts=("repository", *one.place, later.number),
                    group=f"{one.asked}: ",
                    name=f"repository number {one.number}",
                    said=f"gone, and number {later.number} has its name",
                )
            case _:
                continue


def _gone(one: PullRequest | Branch | Tag, name: str) -> Loss:
    return Loss(facts=("gone", *one.place), group=f"{one.repository}: ", name=name, said="gone")
