"""Makes real repositories with git itself, and looks at them with the source."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from tracker.plugins.git.source import Git

from tracker.http import Client
from tracker.model import Component, TagRule
from tracker.protocols import NetworkSettings, NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from pathlib import Path

_T = TypeVar("_T")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
COMPONENT = Component(
    name="wcn",
    title="network plugins",
    source="git",
    scheme="semver",
    installer="",
    tags=TagRule(version=r"v(?P<version>\d+\.\d+\.\d+.*)", line=r"\d+\.\d+"),
)


@dataclass
class History:
    """A bare repository that is written with plumbing commands: no work tree, and times as the test says."""

    directory: Path
    count: int = 0

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=master", ".")
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.tree = self.git("mktree", content="")

    def git(self, *words: str, content: str | None = None, when: str = "2020-01-01") -> str:
        date = f"{when}T12:00:00Z"
        people = {
            f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _person(date).items()
        }
        done = subprocess.run(
            ["git", "-C", str(self.directory), *words],
            input=content,
            env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **people},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, subject: str, when: str, *parents: str, ref: str = "refs/heads/master") -> str:
        self.count += 1
        words = [word for parent in parents for word in ("-p", parent)]
        made = self.git("commit-tree", *words, "-m", subject, self.tree, when=when)
        self.git("update-ref", ref, made)
        return made

    def tag(self, name: str, commit: str, when: str = "", *, message: str = "") -> None:
        if message:
            self.git("tag", "-f", "-a", "-m", message, name, commit, when=when)
        else:
            self.git("update-ref", f"refs/tags/{name}", commit)


def wcn_like(directory: Path) -> History:
    """Return the shape of windows-container-networking's history, in which versions, dates and ancestry disagree."""
    made = History(directory)
    first = made.commit("Begin", "2019-01-01")
    made.tag("v0.2.0", first, "2019-06-04", message="Alpha release")
    released = made.commit("Merge pull request #66", "2022-04-19", first)
    made.tag("v0.3.0", released)
    made.tag("CNI_V1Schema", first, "2018-09-13", message="CNI workflow using the V1 Schema")
    patch = made.commit("Add autogen", "2023-03-02", first, ref="refs/heads/release-0.2")
    made.tag("v0.2.1", patch)
    made.commit("Support CNI 1.0.0 config", "2023-11-13", released, ref="refs/pull/96/head")
    made.commit("Allow plugins to read CNI 1.0.0", "2023-12-20", released, ref="refs/pull/101/head")
    squashed = made.commit("Add CNI config 1.0.0 support. (#101)", "2023-12-25", released)
    later = made.commit("Additional validations (#102)", "2024-01-19", squashed)
    bumped = made.commit("Bump hcsshim (#106)", "2024-07-05", later)
    made.tag("v0.3.1", bumped)
    made.tag("v0.2.2", later, "2025-02-24", message="includes dhcp timeout fix")
    made.commit("Fix", "2025-03-01", bumped)
    return made


@dataclass
class Look:
    """Looks at an address again and again, with one cache."""

    address: str
    cache: Path
    options: dict[str, object] = field(default_factory=dict)
    cursor: str = ""
    network: NetworkSettings = field(default_factory=NetworkSettings)
    commits: tuple[tuple[str, str], ...] = ()
    rule: TagRule | None = COMPONENT.tags

    def look(self, **asked: str) -> NoNews | Observed:
        component = replace(
            COMPONENT, tags=self.rule, options={"url": self.address, **asked} if self.address else asked
        )
        source = Git()
        (target,) = source.targets([component], self.options)
        with Client(self.network) as http:
            said = source.poll(
                PollRequest(
                    target=target,
                    http=http,
                    cursor=self.cursor,
                    options=self.options,
                    cache_dir=self.cache,
                    now=NOW,
                    network=self.network,
                    commits=self.commits,
                )
            )
        self.cursor = said.cursor
        assert isinstance(said, (NoNews, Observed))
        return said

    def see(self, **asked: str) -> Observed:
        said = self.look(**asked)
        assert isinstance(said, Observed)
        return said

    def sightings(self, kind: type[_T], **asked: str) -> list[_T]:
        return [one for one in self.see(**asked).sightings if isinstance(one, kind)]


def _person(date: str) -> dict[str, str]:
    return {"NAME": "A Person", "EMAIL": "person@example.com", "DATE": date}
