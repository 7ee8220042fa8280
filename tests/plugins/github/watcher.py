"""Looks at the double of GitHub as the tracker does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from githubdouble import GOOD_TOKEN
from tracker.plugins.github.source import GitHub

from tracker.errors import SourceError
from tracker.http import Client
from tracker.model import AssetRule, Component, TagRule
from tracker.protocols import NetworkSettings, NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from pathlib import Path

    from githubdouble import GitHubDouble

    from tracker.model import PullRequest, Release

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
COMPONENT = Component(
    name="thing",
    title="a thing",
    source="github",
    scheme="semver",
    installer="",
    options={"repository": "o/r"},
    tags=TagRule(version=r"v(?P<version>\d+\.\d+\.\d+.*)", line=r"\d+\.\d+"),
    assets=(AssetRule(platform="windows/amd64", pattern="thing-{version}.zip"),),
    checksums=("{name}.sha256",),
)


@dataclass
class Watcher:
    """Looks at the double again and again, with what it remembers between two looks on disk."""

    github: GitHubDouble
    directory: Path
    token: str = GOOD_TOKEN
    component: Component = COMPONENT
    options: dict[str, object] = field(default_factory=dict)
    cursor: str = ""
    now: datetime = NOW

    def wanting(self, **options: str) -> Watcher:
        self.component = replace(self.component, options={**self.component.options, **options})
        return self

    def look(self) -> NoNews | Observed:
        """Look once as a process of its own would; the cursor is kept when the look succeeds."""
        source = GitHub()
        options = {"api_url": self.github.api_url, "web_url": self.github.web_url, **self.options}
        (target,) = source.targets([self.component], options)
        assert target.credential is not None
        with Client(NetworkSettings(timeout_seconds=5), cache=self.directory / "http.sqlite") as client:
            http = client.authorized(target.credential, self.token) if self.token else client
            request = PollRequest(
                target=target,
                http=http,
                cursor=self.cursor,
                options=options,
                cache_dir=self.directory / "github",
                now=self.now,
                platforms=("windows/amd64",),
                is_authorized=bool(self.token),
            )
            try:
                hints = source.survey([request])
            except SourceError:
                # As the host does: a survey saves requests and decides nothing.
                hints = {}
            said = source.poll(replace(request, hint=hints.get(target.name, "")))
        self.cursor = said.cursor
        assert isinstance(said, (NoNews, Observed))
        return said

    def see(self) -> Observed:
        said = self.look()
        assert isinstance(said, Observed)
        return said

    def releases(self) -> dict[str, Release]:
        return {one.version: one for one in self.see().releases}

    def pull(self, number: int) -> PullRequest:
        found = [one for one in self.see().sightings if one.place == ("pull request", "thing", "o/r", str(number))]
        (pull,) = found
        return pull  # type: ignore[return-value]
