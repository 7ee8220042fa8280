"""A small upstream that answers what a test tells it, and everything else real."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.http import Client
from tracker.model import Asset, AssetRole, Component, Factor, Profile, Release
from tracker.protocols import NoNews, Observed, Target
from tracker.registry import Registry, build_registry
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tracker.config import Config
    from tracker.protocols import PollRequest
    from tracker.protocols.ordering import Comparable
    from tracker.store import Look, Store

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Numbers:
    """Orders versions such as 1.10."""

    name = "numbers"

    def __init__(self, oldest: int = 0) -> None:
        self._oldest = oldest

    def key(self, version: str) -> Comparable:
        if int(version.partition(".")[0]) < self._oldest:
            message = f"{version} is too old"
            raise ValueError(message)
        return tuple(int(part) for part in version.split("."))

    def upstream(self, version: str) -> str:
        return version


Answer = NoNews | Observed | Exception


@dataclass
class Upstream:
    """A source whose targets answer what they are told to."""

    name: str
    answers: dict[str, Answer] = field(default_factory=dict)
    option_names: frozenset[str] = frozenset()
    cursors: dict[str, list[str]] = field(default_factory=dict)
    refusal: Exception | None = None

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        del options
        if self.refusal:
            raise self.refusal
        return tuple(
            Target(name=name, title=f"{self.name} {name}", components=tuple(components)) for name in self.answers
        )

    def poll(self, request: PollRequest) -> NoNews | Observed:
        self.cursors.setdefault(request.target.name, []).append(request.cursor)
        answer = self.answers[request.target.name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def release(
    component: str, version: str, *, line: str = "one", digest: str = "", libraries: Sequence[str] = ()
) -> Release:
    main = Asset(
        name=f"{component}.tar", url="https://upstream.example/a", size=1, digest=f"sha256:{digest or version}"
    )
    extra = [
        Asset(name=name, url="https://upstream.example/l", size=1, digest="sha256:1", role=AssetRole.LIBRARY)
        for name in libraries
    ]
    return Release(
        component=component,
        version=version,
        upstream_version=version,
        line=line,
        channel=line,
        assets=(main, *extra),
    )


def observed(*releases: Release, cursor: str = "cursor") -> Observed:
    return Observed(releases=releases, cursor=cursor)


@dataclass
class World:
    """Components ``a`` and ``b`` of one upstream and ``c`` of another, watched with the real store."""

    store: Store
    config: Config
    upstreams: dict[str, Upstream] = field(
        default_factory=lambda: {name: Upstream(name) for name in ("first", "second")}
    )
    now: datetime = START
    live_lines: dict[str, int] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    optional_factors: set[str] = field(default_factory=set)
    oldest: int = 0
    events: list[Look] = field(default_factory=list)

    @property
    def first(self) -> Upstream:
        return self.upstreams["first"]

    @property
    def second(self) -> Upstream:
        return self.upstreams["second"]

    @property
    def profile(self) -> Profile:
        return Profile(
            name="world",
            title="world",
            factors=tuple(
                replace(factor, may_be_absent=factor.name in self.optional_factors)
                for factor in (
                    Factor(name="either", title="", components=("a", "b")),
                    Factor(name="c", title="", components=("c",)),
                    Factor(name="shape", title="", variants=("round", "square")),
                )
            ),
            asset_platforms=self.platforms,
            scenario="none",
            capabilities=(),
            required=(),
            host_key=(),
        )

    @property
    def registry(self) -> Registry:
        sources = {"a": "first", "b": "first", "c": "second"}
        components = {
            name: Component(
                name=name,
                title=name,
                source=source,
                scheme="numbers",
                installer="none",
                live_lines=self.live_lines.get(name, 0),
            )
            for name, source in sources.items()
        }
        return replace(
            build_registry(),
            components=components,
            sources=self.upstreams,
            version_schemes={"numbers": Numbers(self.oldest)},
        )

    def look(self, on_event: Callable[[Look], None] | None = None) -> dict[str, Look]:
        self.now += timedelta(minutes=1)
        with Client(self.config.network) as http:
            looks = poll_all(
                self.registry,
                self.profile,
                self.config,
                self.store,
                http,
                now=lambda: self.now,
                on_event=on_event or self.events.append,
            )
        return {f"{look.source} {look.target}".strip(): look for look in looks}
