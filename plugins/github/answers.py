"""The parts of GitHub's REST answers that are read.

Shapes follow GitHub's own description (npm ``@octokit/openapi`` 23.0.2). What newer or older versions leave out is
optional here: ``digest`` came in June 2025, ``merge_commit_sha`` leaves with version 2026-03-10.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations

from msgspec import Struct


class User(Struct):
    """An account; deleted ones are null."""

    login: str = ""


class Repository(Struct):
    """``GET /repos/{owner}/{repo}``."""

    id: int
    full_name: str


class Asset(Struct):
    """A file of a release; ``state`` is ``uploaded``, or ``open`` while it is still on its way."""

    id: int
    name: str
    browser_download_url: str
    state: str
    size: int
    updated_at: datetime
    digest: str | None = None


class Release(Struct):
    """An item of ``GET /repos/{owner}/{repo}/releases``."""

    id: int
    tag_name: str
    draft: bool
    prerelease: bool
    html_url: str
    created_at: datetime
    published_at: datetime | None = None
    updated_at: datetime | None = None
    body: str | None = None
    assets: list[Asset] = []


class Commit(Struct):
    """A commit by its id."""

    sha: str


class Tag(Struct):
    """An item of ``GET /repos/{owner}/{repo}/tags``."""

    name: str
    commit: Commit


class Person(Struct):
    """Who made a commit, and when."""

    date: datetime | None = None


class CommitText(Struct):
    """The commit itself."""

    committer: Person | None = None


class BranchCommit(Struct):
    """The commit that a branch names."""

    sha: str
    commit: CommitText | None = None


class Branch(Struct):
    """``GET /repos/{owner}/{repo}/branches/{branch}``."""

    name: str
    commit: BranchCommit


class PullEnd(Struct):
    """The head or the base of a pull request."""

    sha: str
    label: str | None = None


class Pull(Struct):
    """``GET /repos/{owner}/{repo}/pulls/{number}``; ``merge_commit_sha`` means a test merge until it is merged."""

    number: int
    state: str
    title: str
    html_url: str
    created_at: datetime
    updated_at: datetime
    head: PullEnd
    user: User | None = None
    body: str | None = None
    draft: bool = False
    closed_at: datetime | None = None
    merged: bool = False
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None


class Review(Struct):
    """An item of ``GET /repos/{owner}/{repo}/pulls/{number}/reviews``."""

    id: int
    state: str
    user: User | None = None


class Comment(Struct):
    """An item of ``GET /repos/{owner}/{repo}/issues/{number}/comments``."""

    id: int
    html_url: str
    created_at: datetime
    body: str | None = None
    user: User | None = None
    author_association: str = "NONE"


class Attestation(Struct):
    """A signed statement; version 2026-03-10 tells an address in place of the bundle itself."""

    bundle: dict[str, object] | None = None


class Attestations(Struct):
    """``GET /repos/{owner}/{repo}/attestations/{digest}``."""

    attestations: list[Attestation]


class CheckRun(Struct):
    """An item of ``check_runs``."""

    status: str
    conclusion: str | None = None


class CheckRuns(Struct):
    """``GET /repos/{owner}/{repo}/commits/{ref}/check-runs``."""

    check_runs: list[CheckRun]


class CombinedStatus(Struct):
    """``GET /repos/{owner}/{repo}/commits/{ref}/status``; with no statuses at all it is ``pending``."""

    state: str
    total_count: int
