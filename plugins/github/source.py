"""Watches repositories on GitHub, or on a GitHub Enterprise Server."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import msgspec

from tracker.api import (
    Branch,
    NoNews,
    Observed,
    RateLimitedError,
    RefusedError,
    Repository,
    SourceError,
    Target,
    hookimpl,
)

from . import answers
from .checksums import Checksums
from .cursor import Cursor, read_cursor, write_cursor
from .fallback import look_around
from .options import (
    OPTION_NAMES,
    OPTIONS,
    Ask,
    credential_hint,
    full_look_hours,
    read_asks,
    read_endpoints,
    wants_attestations,
)
from .pulls import read_pulls
from .releases import merge_pages, read_releases, read_tag_sightings
from .rest import Rest, quoted
from .statements import Statements
from .survey import survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Component, PollRequest, Release, Sighting, Source

_NOT_FOUND = 404


class GitHub:
    """Releases, tags, branches and pull requests, one target for each repository."""

    name = "github"
    option_names = OPTION_NAMES
    options = OPTIONS

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return one target for each repository.

        Raises:
            ConfigError: an option is missing or wrong.
        """
        endpoints = read_endpoints(options)
        hint = credential_hint(options, endpoints)
        full_look_hours(options)
        wants_attestations(options)
        return tuple(
            Target(
                name=ask.repository,
                title=f"{endpoints.web}/{ask.repository}",
                components=_owners(ask),
                details={"ask": ask},
                credential=hint,
                addresses=(endpoints.api, endpoints.web),
            )
            for ask in read_asks(components)
        )

    def survey(self, requests: Sequence[PollRequest]) -> Mapping[str, str]:
        """Return a digest of each repository, where there is a token; see ``BatchSource``."""
        asked = [request for request in requests if request.is_authorized]
        if not asked:
            return {}
        endpoints = read_endpoints(asked[0].options)
        return survey(asked[0].http, endpoints, {request.target.name: _ask_of(request) for request in asked})

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one repository once.

        Raises:
            SourceError: it could not be looked at; also when the API's limit is reached and nothing else answers.
        """
        try:
            return _Look(request).make()
        except RateLimitedError as limit:
            try:
                ask, before = _ask_of(request), read_cursor(request.cursor)
                return look_around(request, ask, before.name if before else ask.repository, limit)
            except SourceError:
                raise limit from None


class _Look:
    def __init__(self, request: PollRequest) -> None:
        self._request = request
        self._ask = _ask_of(request)
        self._endpoints = read_endpoints(request.options)
        self._before = read_cursor(request.cursor)
        self._asked = _fingerprint(self._ask, request.platforms)

    def make(self) -> NoNews | Observed:
        if self._is_recent():
            before = self._before
            if before and self._request.hint and self._request.hint == before.hint:
                return NoNews(cursor=self._request.cursor)
            if not self._request.hint and self._seems_unchanged():
                return NoNews(cursor=self._request.cursor)
        number = self._before.number if self._before else ""
        try:
            first = Rest(self._request.http, self._endpoints, self._ask.repository, number)
            return self._whole(first, is_named=not number)
        except RefusedError as error:
            if not number or error.status not in {404, 410}:
                raise
            # The number is of a repository that was deleted; another one may have taken its name.
            return self._whole(Rest(self._request.http, self._endpoints, self._ask.repository), is_named=True)

    def _is_recent(self) -> bool:
        before = self._before
        if before is None or before.asked != self._asked:
            return False
        age = self._request.now - before.at
        return timedelta() <= age < timedelta(hours=full_look_hours(self._request.options))

    def _seems_unchanged(self) -> bool:
        """Ask for what changes first: the newest releases, or the watched things themselves."""
        before = self._before
        if before is None:
            return False
        rest = Rest(self._request.http, self._endpoints, self._ask.repository, before.number)
        for path, shape in _first_to_change(self._ask).items():
            try:
                rest.one(path, shape)
            except RefusedError:
                # What is gone was gone before, or the whole look says why it cannot be seen.
                continue
            if rest.seen.get(path) != before.quick.get(path):
                return False
        return rest.seen == before.quick

    def _whole(self, first: Rest, *, is_named: bool = False) -> Observed:
        repository = first.one("", answers.Repository)
        # From here on by number: what is remembered of an address must serve the next look as well.
        numbered = Rest(self._request.http, self._endpoints, self._ask.repository, str(repository.id))
        try:
            return self._read(repository, numbered)
        except RefusedError as error:
            if error.status != _NOT_FOUND or not is_named:
                raise
        # Every GitHub answers by number; what stands in for one may know names alone.
        return self._read(repository, Rest(self._request.http, self._endpoints, self._ask.repository))

    def _read(self, repository: answers.Repository, rest: Rest) -> Observed:
        sightings: list[Sighting] = [
            Repository(component=name, asked=self._ask.repository, name=repository.full_name, number=str(repository.id))
            for name in dict.fromkeys(wish.component.name for wish in self._ask.wishes)
        ]
        commits = self._commits(rest)
        releases, remarks = self._releases(rest, commits)
        for wish in self._ask.wishes:
            if wish.tags and commits:
                sightings += read_tag_sightings(wish.component, self._ask.repository, commits)
        sightings += self._branches(rest)
        pulls, missing = read_pulls(rest, self._ask)
        sightings += pulls
        cursor = Cursor(
            number=str(repository.id),
            name=repository.full_name,
            hint=self._request.hint,
            asked=self._asked,
            at=self._request.now.astimezone(UTC),
            quick={path: rest.seen[path] for path in _first_to_change(self._ask) if path in rest.seen},
        )
        return Observed(
            releases=tuple(releases),
            cursor=write_cursor(cursor),
            sightings=tuple(sightings),
            keeps_old=True,
            unknown=tuple(f"pull request #{number}" for number in missing),
            reason=f"{repository.full_name} shows no such number (answered 404)" if missing else "",
            remarks=tuple(remarks),
        )

    def _commits(self, rest: Rest) -> dict[str, str]:
        if not (self._ask.wants_tags or self._ask.wants_releases):
            return {}
        return {tag.name: tag.commit.sha for tag in rest.all("/tags", answers.Tag)}

    def _releases(self, rest: Rest, commits: Mapping[str, str]) -> tuple[list[Release], list[str]]:
        if not self._ask.wants_releases:
            return [], []
        found = merge_pages(list(rest.all("/releases", answers.Release)))
        releases: list[Release] = []
        remarks: list[str] = []
        for wish in self._ask.wishes:
            if wish.releases:
                read = read_releases(wish.component, self._ask.repository, found, commits, self._request.platforms)
                checksums = Checksums(self._request.http, self._request.cache_dir, self._request.platforms)
                held = checksums.hold(wish.component, read.releases)
                remarks += [*read.remarks, *checksums.remarks]
                if wants_attestations(self._request.options):
                    statements = Statements(
                        rest,
                        self._ask.repository,
                        self._endpoints.web,
                        self._request.platforms,
                        self._request.cache_dir,
                    )
                    held = statements.hold(held)
                    remarks += statements.remarks
                releases += held
        return releases, remarks

    def _branches(self, rest: Rest) -> list[Sighting]:
        found: list[Sighting] = []
        for name in self._ask.branches:
            try:
                branch = rest.one(f"/branches/{quoted(name)}", answers.Branch)
            except RefusedError as error:
                if error.status in {404, 410}:
                    # It is not there (any more), which is an answer.
                    continue
                raise
            committer = branch.commit.commit.committer if branch.commit.commit else None
            found += [
                Branch(
                    component=wish.component.name,
                    repository=self._ask.repository,
                    name=name,
                    head=branch.commit.sha,
                    committed_at=committer.date if committer else None,
                    url=f"{self._endpoints.web}/{self._ask.repository}/tree/{quoted(name)}",
                )
                for wish in self._ask.wishes
                if name in wish.branches
            ]
        return found


def _first_to_change(ask: Ask) -> dict[str, type[object]]:
    """Return the paths that show soonest that something changed, and the shapes of their answers."""
    found: dict[str, type[object]] = {}
    if ask.wants_releases:
        found["/releases?per_page=100"] = list[answers.Release]
    elif ask.wants_tags:
        found["/tags?per_page=100"] = list[answers.Tag]
    found |= {f"/pulls/{number}": answers.Pull for number in ask.pulls}
    return found | {f"/branches/{quoted(name)}": answers.Branch for name in ask.branches}


def _ask_of(request: PollRequest) -> Ask:
    ask = request.target.details["ask"]
    if not isinstance(ask, Ask):
        message = f"{request.target.name}: this target is none of GitHub's"
        raise TypeError(message)
    return ask


def _owners(ask: Ask) -> tuple[Component, ...]:
    return tuple({wish.component.name: wish.component for wish in ask.wishes}.values())


def _fingerprint(ask: Ask, platforms: Sequence[str]) -> str:
    """Return what was asked, so that another wish or another rule makes the next look a whole one."""
    wishes = [
        repr((one.component.name, one.component.tags, one.component.assets, one.component.checksums, one.releases))
        + repr((one.tags, one.pulls, one.branches))
        for one in ask.wishes
    ]
    return msgspec.json.encode([wishes, list(platforms)]).decode()


@hookimpl
def tracker_sources() -> tuple[Source, ...]:
    """Return the source ``github``."""
    return (GitHub(),)
