"""What a world of repositories is made of; plain records that the world's methods change and the answers read.

All times are aware and in UTC. Identifiers are given by the world, rising, so that a newer thing has a larger one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - dataclasses keep their annotations readable


@dataclass(slots=True)
class Commit:
    """A commit of a repository's history; ``parents`` are shas, oldest line first."""

    sha: str
    message: str
    date: datetime
    parents: tuple[str, ...] = ()
    author: str = "someone"


@dataclass(slots=True)
class Tag:
    """A git tag; ``object_sha`` and ``tagged_at`` are set for an annotated one."""

    name: str
    sha: str
    object_sha: str | None = None
    tagged_at: datetime | None = None
    message: str = ""


@dataclass(slots=True)
class Asset:
    """A file of a release; ``content`` is None where only the digest or the name is known (then no download works)."""

    id: int
    name: str
    size: int
    created_at: datetime
    updated_at: datetime
    digest: str | None = None
    content: bytes | None = None
    state: str = "uploaded"
    label: str | None = ""
    download_count: int = 0


@dataclass(slots=True)
class Release:
    """A release; a draft has no ``published_at``. ``created_at`` is the date of the tagged commit, as on GitHub."""

    id: int
    tag: str
    name: str | None
    body: str | None
    created_at: datetime
    published_at: datetime | None
    updated_at: datetime
    draft: bool = False
    prerelease: bool = False
    immutable: bool = False
    target: str = "main"
    author: str = "maintainer"
    assets: list[Asset] = field(default_factory=list)

    def asset(self, name: str) -> Asset:
        """Return the asset of that name, or raise KeyError."""
        for asset in self.assets:
            if asset.name == name:
                return asset
        raise KeyError(name)


@dataclass(slots=True)
class Comment:
    """A comment on a pull request."""

    id: int
    user: str
    body: str
    created_at: datetime


@dataclass(slots=True)
class Review:
    """A review; ``state`` is APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED."""

    id: int
    user: str
    state: str
    body: str
    commit: str
    submitted_at: datetime


@dataclass(slots=True)
class Event:
    """One line of a pull request's timeline that is neither a comment nor a review (closed, merged, reopened ...)."""

    id: int
    event: str
    actor: str
    created_at: datetime
    commit: str | None = None


@dataclass(slots=True)
class CheckRun:
    """A check run of a commit; ``status`` queued, in_progress or completed, ``conclusion`` None until completed."""

    id: int
    name: str
    status: str
    conclusion: str | None
    started_at: datetime
    completed_at: datetime | None


@dataclass(slots=True)
class Status:
    """A commit status; ``state`` is success, failure, error or pending."""

    id: int
    context: str
    state: str
    description: str
    created_at: datetime


@dataclass(slots=True)
class PullRequest:
    """A pull request; ``head_repository`` is the full name of the fork, or the repository's own."""

    id: int
    number: int
    title: str
    body: str
    user: str
    head_repository: str
    head_ref: str
    head: str
    base_ref: str
    base: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: str | None = None
    closed_at: datetime | None = None
    merge_commit: str | None = None
    mergeable: bool | None = True
    mergeable_state: str = "clean"
    labels: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def digest_of(content: bytes) -> str:
    """Return ``sha256:<hex>`` of some bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def made_up_sha(*parts: object) -> str:
    """Return forty hexadecimal digits that depend on nothing but the arguments."""
    return hashlib.sha1("\0".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
