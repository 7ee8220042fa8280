"""Tells what one look at a repository showed: tags, branches, pull requests, and which tags hold which commits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.api import Branch, Containment, PullRequest, PullState, SourceError, Tag, read_tags

from .commits import entry, moment, oldest_first
from .pulls import searched, squashed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.api import Sighting

    from .advertised import Advertised
    from .commits import Commit
    from .options import Asked
    from .store import CommitStore

_MOST_OWN = 500
_MOST_NAMED = 500


class History:
    """What was advertised, and the commits behind it.

    Args:
        advertised: the refs of the repository.
        store: holds the commits of all of them.
        lost: why a commit that no ref holds could not be had, by id.
    """

    def __init__(self, advertised: Advertised, store: CommitStore, lost: Mapping[str, str]) -> None:
        self._advertised = advertised
        self._store = store
        self._lost = lost
        self._dates = store.dates()
        self._commits = store.peeled({*advertised.tags.values(), *advertised.pulls.values()})
        self._tags = {name: one for name, one in advertised.tags.items() if one in self._commits}
        self._tag_dates = {name: self._dates.get(one) for name, one in self._tags.items()}
        self._merged: dict[int, Commit | None] = {}
        self._held: dict[str, frozenset[str]] = {}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What of the repository is left out, in sentences."""
        others = (name for name in self._advertised.tags if name not in self._tags)
        return tuple(f"The tag {name} names no commit, and is left out." for name in others)

    def tags(self, asked: Asked) -> tuple[tuple[Tag, ...], tuple[str, ...]]:
        """Return all tags as the component reads them, and remarks.

        Of two tags for one version the older one is the version.
        """
        names = oldest_first(self._tag_dates, self._tag_dates)
        remarks: tuple[str, ...] = ()
        versions: dict[str, str] = {}
        aside: dict[str, str] = {}
        if asked.component.tags is not None:
            try:
                told = read_tags(asked.component, names)
            except SourceError as error:
                # This source tells of no release: that no tag is a version is a fact about them, and no failure.
                remarks = (f"{error.message}.",)
                aside = dict.fromkeys(names, f"does not fit {asked.component.tags.version}")
            else:
                versions = {each.tag: each.version for each in told.read}
                aside = {each.tag: each.reason for each in told.aside}
        seen = tuple(
            Tag(
                component=asked.component.name,
                repository=asked.repository,
                name=name,
                commit=self._commits[self._tags[name]],
                version=versions.get(name, ""),
                set_aside=aside.get(name, ""),
                tagged_at=moment(self._tag_dates[name]),
            )
            for name in names
        )
        return seen, remarks

    def branches(self, asked: Asked) -> Iterable[Branch]:
        """Yield the branches that the component watches and that exist."""
        for name in asked.branches:
            head = self._advertised.branches.get(name)
            if head is not None:
                yield Branch(
                    component=asked.component.name,
                    repository=asked.repository,
                    name=name,
                    head=head,
                    committed_at=moment(self._dates.get(head)),
                    url=f"{asked.page}/tree/{quote(name)}" if asked.page else "",
                )

    def pulls(self, asked: Asked) -> Iterable[PullRequest]:
        """Yield the pull requests that the component watches and that have a head."""
        for number in asked.pull_requests:
            head = self._advertised.pulls.get(number)
            if head is None:
                continue
            commit = self._landing(number)
            yield PullRequest(
                component=asked.component.name,
                repository=asked.repository,
                number=number,
                state=PullState.UNKNOWN if commit is None else PullState.MERGED,
                head=head,
                merge_commit="" if commit is None else commit.id,
                merged_at=None if commit is None else moment(commit.committed_at),
                url=f"{asked.page}/pull/{number}" if asked.page else "",
            )

    def contained(self, asked: Asked, commits: Iterable[tuple[str, str]]) -> Iterable[Containment]:
        """Yield which tags hold each commit that the component asks for.

        Args:
            asked: what the component asks for.
            commits: what else is wanted: what each is, and its id. It is what the upstream itself says, and so counts
                more than what the history lets one conclude of the same pull request.
        """
        wanted = {one: one for one in asked.commits} | {of: one for of, one in commits if one}
        told = set(wanted.values())
        for number in asked.contains:
            name, of_head = f"#{number}", f"head of #{number}"
            if name in wanted:
                continue
            landing, head = self._landing(number), self._advertised.pulls.get(number)
            if head is None:
                yield Containment(
                    component=asked.component.name,
                    repository=asked.repository,
                    of=name,
                    commit="",
                    missing=f"the repository has no refs/pull/{number}/head",
                )
            elif (landing.id if landing else head) not in told:
                wanted[name if landing else of_head] = landing.id if landing else head
        for of, commit in wanted.items():
            yield self._containment(asked, of, commit)

    def _containment(self, asked: Asked, of: str, commit: str) -> Containment:
        names: tuple[str, ...] = ()
        branches: tuple[str, ...] = ()
        missing = self._lost.get(commit, "")
        if missing:
            missing = f"the repository does not give out the commit {commit}: {missing}"
        else:
            holders = self._holders(commit)
            held = (name for name, one in self._tags.items() if one in holders)
            names = oldest_first(held, self._tag_dates)
            branches = (self._advertised.default,) if self._advertised.default_id in holders else ()
        return Containment(
            component=asked.component.name,
            repository=asked.repository,
            of=of,
            commit="" if missing else commit,
            tags=names,
            branches=branches,
            missing=missing,
        )

    def _holders(self, commit: str) -> frozenset[str]:
        if commit not in self._held:
            self._held[commit] = self._store.holders(commit)
        return self._held[commit]

    def _landing(self, number: int) -> Commit | None:
        """Return the commit that brought the pull request into the default branch; ``None`` when it is not known."""
        if number not in self._merged:
            head = self._advertised.pulls.get(number, "")
            tip = self._advertised.default_id
            is_known = bool(tip) and head in self._commits
            self._merged[number] = self._found(number, head, tip) if is_known else None
        return self._merged[number]

    def _found(self, number: int, head: str, tip: str) -> Commit | None:
        if tip in self._holders(head):
            landed = entry(self._store.line_since(tip, head), self._store.between(head, tip), head)
            return self._store.commits([landed])[landed]
        return squashed(
            number,
            self._store.commits([head])[head],
            self._store.beyond(tip, head, most=_MOST_OWN),
            self._store.beyond(head, tip, most=_MOST_NAMED, texts=searched(number)),
        )


def sightings(
    history: History, asked: Iterable[Asked], commits: Iterable[tuple[str, str]]
) -> tuple[tuple[Sighting, ...], tuple[str, ...]]:
    """Return everything that the repository shows to the components, each place once, and remarks."""
    found: dict[tuple[str, ...], Sighting] = {}
    remarks = list(history.remarks)
    wanted = tuple(dict(reversed(tuple(commits))).items())
    for one in asked:
        tags, said = history.tags(one)
        remarks += said
        seen: list[Sighting] = [*tags, *history.branches(one), *history.pulls(one), *history.contained(one, wanted)]
        found |= {each.place: each for each in seen}
    return tuple(found.values()), tuple(remarks)
