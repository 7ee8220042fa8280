"""Watches the history of repositories with git alone: no account, no token, no interface of any forge."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tracker.api import (
    NoNews,
    Observed,
    SourceError,
    Target,
    UnreachableError,
    hookimpl,
    proxy_for,
    proxy_secrets,
    write_trusted,
)

from .advertised import parse_refs
from .command import Command, GitError, find_git
from .environment import REMOTE, local_environment, remote_environment
from .history import History, sightings
from .options import NAMES, OPTIONS, merged, read_component, read_source_options
from .store import CommitStore
from .way import is_moved, moved_to, way_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.api import Component, PollRequest, Source

    from .addresses import Address
    from .advertised import Advertised
    from .options import Asked

_PATIENCE = 3
_FORM = 1
"""Grows whenever the same refs lead to other sightings, so that every repository is looked at anew."""


class Git:
    """Reads repositories.

    One target for each address, with all that components ask of it. The cursor is a digest of the refs that matter
    and of what was asked. A copy of the repository's commits lies in the cache, and is made anew when it is lost or
    damaged.
    """

    name = "git"
    option_names = NAMES
    options = OPTIONS

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return one target for each repository, in the order in which components name them."""
        base_url = read_source_options(options).base_url
        by_address: dict[str, list[Asked]] = {}
        for component in components:
            one = read_component(component, base_url)
            by_address.setdefault(one.address.shown, []).append(one)
        found = []
        for shown, several in by_address.items():
            asked = merged(several)
            found.append(
                Target(
                    name=shown,
                    title=shown,
                    components=tuple(one.component for one in asked),
                    details={"address": asked[0].address, "asked": asked},
                    is_follow_up=True,
                    addresses=(shown,),
                )
            )
        return tuple(found)

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one repository."""
        try:
            return _Look(request).make()
        except OSError as error:
            reason = error.strerror or error
            message = f"{request.target.title}: its copy at {request.cache_dir} cannot be kept: {reason}"
            raise SourceError(message) from error


class _Look:
    def __init__(self, request: PollRequest) -> None:
        self.address = cast("Address", request.target.details["address"])
        self._request = request
        self._asked = cast("tuple[Asked, ...]", request.target.details["asked"])
        options = read_source_options(request.options)
        way = way_to(self.address, request.network)
        program = find_git()
        home = request.cache_dir / hashlib.sha256(self.address.shown.encode()).hexdigest()[:32]
        home.mkdir(parents=True, exist_ok=True)
        self._home, self._program, self._options = home, program, options
        self._go(way)

    def _go(self, way: Address) -> None:
        """Read the repository at ``way`` from now on."""
        network, home, seconds = self._request.network, self._home, self._options.time_limit_seconds
        ca_file = None if way.is_local else network.ca_file
        bundle = write_trusted(ca_file, home / "trusted.pem") if ca_file else None
        local = Command(program=self._program, env=local_environment(home), directory=home, seconds=seconds)
        remote = replace(local, env=remote_environment(way, network, home, bundle))
        # A list of refs needs no long work at the other end: a host that is silent has nothing to say.
        self._asking = replace(remote, seconds=min(seconds, _PATIENCE * network.timeout_seconds))
        self._store = CommitStore(home / "commits.git", local, remote, most_bytes=self._options.cache_mb << 20)

    def make(self) -> NoNews | Observed:
        advertised = self._advertised()
        cursor = self._cursor(advertised)
        if cursor == self._request.cursor:
            return NoNews(cursor=cursor)
        try:
            observed = self._observed(advertised)
        except GitError as error:
            if error.is_stopped:
                self._store.tidy()
                raise self._failed(error) from error
            # The host has answered a moment ago: the copy may be damaged, and costs little to make anew.
            self._store.discard()
            try:
                observed = self._observed(advertised)
            except GitError as again:
                raise self._failed(again) from again
        if self._store.is_too_large():
            self._store.discard()
        return replace(observed, cursor=cursor)

    def _advertised(self) -> Advertised:
        try:
            answer = self._listed()
        except GitError as error:
            raise self._failed(error) from error
        return parse_refs(
            answer,
            branches={name for one in self._asked for name in one.branches},
            pulls={number for one in self._asked for number in one.numbers},
        )

    def _listed(self) -> bytes:
        try:
            return self._asking.run("ls-remote", "--symref", REMOTE)
        except GitError as error:
            if not is_moved(error.line):
                raise
        self._go(way_to(moved_to(self.address, self._request.http), self._request.network))
        return self._asking.run("ls-remote", "--symref", REMOTE)

    def _observed(self, advertised: Advertised) -> Observed:
        tips = {advertised.default_id, *advertised.branches.values(), *advertised.pulls.values()}
        wanted = {*advertised.tags.values(), *tips} - {""}
        if not wanted:
            return Observed(releases=(), cursor="", keeps_old=True)
        self._store.prepare(next(iter(wanted)))
        self._store.fetch(wanted)
        named = {one for _, one in self._request.commits if one} | {id_ for one in self._asked for id_ in one.commits}
        lost = self._store.fetch_lost(sorted(named - set(self._store.kinds(named))))
        lost |= {one: "it is no commit" for one, kind in self._store.kinds(named).items() if kind != "commit"}
        hidden = {one: self._hidden(reason) for one, reason in lost.items()}
        history = History(advertised, self._store, hidden)
        seen, remarks = sightings(history, self._asked, self._request.commits)
        return Observed(
            releases=(),
            cursor="",
            sightings=seen,
            keeps_old=True,
            unknown=() if advertised.default else ("default branch",),
            reason="" if advertised.default else "The repository does not say which branch is its default.",
            remarks=remarks,
        )

    def _cursor(self, advertised: Advertised) -> str:
        told = [
            _FORM,
            [advertised.default, advertised.default_id],
            sorted(advertised.branches.items()),
            sorted(advertised.pulls.items()),
            sorted(advertised.tags.items()),
            [
                [
                    one.component.name,
                    one.repository,
                    one.page,
                    one.branches,
                    one.pull_requests,
                    one.contains,
                    one.commits,
                    repr(one.component.tags),
                ]
                for one in self._asked
            ],
            sorted(self._request.commits),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _failed(self, error: GitError) -> UnreachableError:
        message = f"{self.address.shown}: git cannot read it: {self._hidden(error.line)}"
        return UnreachableError(message, hint=_hint(error))

    def _hidden(self, text: str) -> str:
        """Return git's words with nothing in them that is secret, and with the address as people know it."""
        text = self.address.without_secrets(text)
        for secret in proxy_secrets(proxy_for(self.address.shown, self._request.network)):
            text = text.replace(secret, "...")
        return text


_HINTS = (
    ("within", "Raise sources.git.time_limit_seconds where the repository is large or the line is slow."),
    ("MB", "Raise sources.git.cache_mb."),
    ("dubious ownership", "git reads no repository of another user of this machine: change its owner, or serve it."),
    ("Authentication", "It does not exist, or is not public."),
    ("Username", "It does not exist, or is not public."),
    ("not found", "Look at the component's options repository and url."),
    ("does not appear to be", "Look at the component's options repository and url."),
    ("certificate", "If a proxy opens TLS here, name the company's certificate authority in network.ca_file."),
    ("407", "Write NAME:PASSWORD into a file of your own and name that in network.proxy_login."),
    (
        "CONNECT tunnel failed",
        "The proxy refuses the host: ask whoever runs it, or name a mirror in [network.rewrite].",
    ),
    ("Could not resolve", "Look at [network] in tracker.toml when a proxy is in the way."),
    ("unable to connect", "Look at [network] in tracker.toml when a proxy is in the way."),
    ("Failed to connect", "Look at [network] in tracker.toml when a proxy is in the way."),
)


def _hint(error: GitError) -> str:
    return next((hint for sign, hint in _HINTS if sign in error.line), "")


@hookimpl
def tracker_sources() -> Iterable[Source]:
    """Register the source of repositories' histories."""
    return (Git(),)
