"""Tells what became of a pull request, from what several upstreams showed. Pure.

Three orders are kept apart: the tags that hold a commit (ancestry), their dates, and their version numbers. Nothing is
said to be merged or contained that no upstream's own record shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.model import Basis, Chapter, Containment, PullRequest, PullState, Stage, Story, Tag
from tracker.watch.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Release, Sighting, StoryRequest, Succession
    from tracker.protocols.ordering import Comparable

_CERTAINTY = {Basis.UPSTREAM: 0, Basis.PERSON: 1, Basis.GUESS: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """What is known when a story is told.

    Attributes:
        sightings: the last state of everything that was seen.
        releases: of the component, in any order.
        order: sort key of a version of the component.
        platform: whose asset makes a release useful; empty when any will do.
        passes: by version, the first run that passed with it: its id and aware UTC end.
    """

    sightings: Sequence[Sighting]
    releases: Sequence[Release]
    order: Callable[[str], Comparable]
    platform: str = ""
    passes: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)


def tell_story(request: StoryRequest, seen: Observations) -> Story:
    """Return the story of the pull request, through those that took its place, to the first run that passed."""
    return _Teller(request, seen).tell()


class _Teller:
    def __init__(self, request: StoryRequest, seen: Observations) -> None:
        self._request = request
        self._seen = seen
        own = [one for one in seen.sightings if getattr(one, "repository", "") == request.repository]
        self._pulls = _by_number(one for one in own if isinstance(one, PullRequest))
        self._held = [one for one in own if isinstance(one, Containment)]
        # Several sources tell of a tag; not all know its time.
        tags = sorted((one for one in own if isinstance(one, Tag)), key=lambda one: one.tagged_at is not None)
        self._tags = {one.name: one for one in tags}

    def tell(self) -> Story:
        chapters = list(self._chapters())
        first = self._pulls.get(self._request.number)
        last = [one for one in chapters if one.stage is not Stage.REPLACES]
        stage = next((one.stage for one in reversed(last) if one.stage is not Stage.MISSING), Stage.UNSEEN)
        return Story(
            component=self._request.component,
            repository=self._request.repository,
            number=self._request.number,
            title=(first.title if first else "") or self._request.wanted,
            stage=stage,
            summary=self._summary(chapters),
            chapters=tuple(chapters),
        )

    def _chapters(self) -> Iterator[Chapter]:
        number, told = self._request.number, {self._request.number}
        while True:
            pull = self._pulls.get(number)
            if pull is None:
                yield Chapter(stage=Stage.UNSEEN, sentence=f"Nothing was seen of #{number} yet.")
            else:
                yield from _standing(pull)
            if pull is not None and pull.state is PullState.MERGED:
                yield from self._after_merge(pull)
                return
            following = self._successor(number)
            if following is None or following.number in told:
                return
            told.add(following.number)
            yield _superseded(number, following)
            number = following.number

    def _successor(self, number: int) -> Succession | None:
        """Return the most certain one; what a person declared of the first pull request counts for that alone."""
        pull = self._pulls.get(number)
        found = [*(pull.succession if pull else ())]
        if number == self._request.number:
            found += self._request.succession
        return min(found, key=lambda one: (_CERTAINTY[one.basis], one.number), default=None)

    def _after_merge(self, pull: PullRequest) -> Iterator[Chapter]:
        held = next((one for one in self._held if one.of == f"#{pull.number}"), None)
        if held is None and pull.merge_commit:
            held = next((one for one in self._held if one.commit == pull.merge_commit), None)
        if held is None or held.missing:
            why = held.missing if held else "the repository's history was not looked at yet"
            yield Chapter(stage=Stage.MERGED, sentence=f"Which tags contain it is not known: {why}.")
            return
        reach = Reach(held=held, tags=self._tags, releases=self._seen.releases, order=self._seen.order)
        yield from reach.chapters(self._seen.platform, self._seen.passes)
        if self._request.replaces and reach.first_useful(self._seen.platform):
            sentence = f"That release takes the place of {self._request.replaces}."
            yield Chapter(stage=Stage.REPLACES, sentence=sentence)

    def _summary(self, chapters: Sequence[Chapter]) -> str:
        wanted = f" ({self._request.wanted})" if self._request.wanted else ""
        told = []
        for one in chapters:
            if one.stage in {Stage.CLOSED, Stage.OPEN, Stage.UNSEEN, Stage.SUPERSEDED, Stage.MERGED, Stage.RELEASED}:
                short = one.sentence.partition(":")[0] if one.stage is Stage.SUPERSEDED else one.sentence
                told.append(short.rstrip("."))
        return f"#{self._request.number}{wanted}: {'; '.join(told)}."


def _by_number(pulls: Iterable[PullRequest]) -> dict[int, PullRequest]:
    """Return each pull request once; one whose state is known speaks before one that only git told of."""
    found: dict[int, PullRequest] = {}
    for pull in sorted(pulls, key=lambda one: (one.state is PullState.UNKNOWN, not one.title, one.component)):
        found.setdefault(pull.number, pull)
    return found


def _standing(pull: PullRequest) -> Iterator[Chapter]:
    title = f' "{pull.title}"' if pull.title else ""
    author = f" by {pull.author}" if pull.author else ""
    opened = f" was opened on {pull.opened_at:%Y-%m-%d}" if pull.opened_at else " is there"
    if title or author or pull.opened_at:
        yield Chapter(
            stage=Stage.OPENED,
            sentence=f"#{pull.number}{title}{author}{opened}.",
            happened_at=pull.opened_at,
            url=pull.url,
        )
    match pull.state:
        case PullState.CLOSED:
            when = f" on {pull.closed_at:%Y-%m-%d}" if pull.closed_at else ""
            sentence, stage, at = f"#{pull.number} was closed unmerged{when}.", Stage.CLOSED, pull.closed_at
        case PullState.MERGED:
            when = f" on {pull.merged_at:%Y-%m-%d}" if pull.merged_at else ""
            commit = f" as commit {pull.merge_commit[:7]}" if pull.merge_commit else ""
            sentence, stage, at = f"#{pull.number} was merged{when}{commit}.", Stage.MERGED, pull.merged_at
        case PullState.OPEN:
            sentence, stage, at = _open(pull), Stage.OPEN, pull.updated_at
        case _:
            sentence = f"Whether #{pull.number} is open is not known: only the repository's refs could be asked."
            stage, at = Stage.OPEN, None
    yield Chapter(stage=stage, sentence=sentence, happened_at=at, url=pull.url)


def _open(pull: PullRequest) -> str:
    kind = "an open draft" if pull.is_draft else "open"
    since = f", with no activity since {pull.updated_at:%Y-%m-%d}" if pull.updated_at else ""
    marks = [f"review: {pull.review}"] if pull.review not in {"", "none"} else []
    marks += [f"checks: {pull.checks}"] if pull.checks not in {"", "none"} else []
    told = f" ({', '.join(marks)})" if marks else ""
    return f"#{pull.number} is {kind}{since}{told}."


def _superseded(number: int, by: Succession) -> Chapter:
    reason = by.reason.rstrip(".")
    return Chapter(
        stage=Stage.SUPERSEDED,
        sentence=f"#{by.number} took the place of #{number}, {by.basis}: {reason}.",
        url=by.url,
        basis=by.basis,
    )
