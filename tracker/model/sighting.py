"""What an upstream shows besides releases: pull requests, branches, tags, what tags contain, watched files.

A sighting is the state of one thing at one look. Two of the same ``place`` are the same thing at two times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - the store reads sightings by their annotations
from enum import StrEnum


class PullState(StrEnum):
    """Where a pull request stands; ``UNKNOWN`` when only git could be asked, which does not tell."""

    OPEN = "open"
    CLOSED = "closed unmerged"
    MERGED = "merged"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Who says that one pull request took the place of another; the most certain first."""

    UPSTREAM = "declared by upstream"
    PERSON = "declared by a person"
    GUESS = "guessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Another pull request took this one's place.

    Attributes:
        number: of the other one, in the same repository.
        basis: who says so.
        reason: why, in one sentence: upstream's own words, or what a person found.
        url: where that can be read; may be empty.
    """

    number: int
    basis: Basis
    reason: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as one look showed it; all times aware UTC, all commits full ids.

    Attributes:
        component: the component that it is watched for.
        repository: ``"owner/name"`` as it is asked for.
        number: of the pull request.
        title: hostile text; empty where only git was asked.
        author: login; may be empty.
        state: where it stands. Merged only when the upstream says so, or the head is in the default branch.
        is_draft: its author does not ask for review yet.
        head: commit that it would bring.
        head_label: ``"owner:branch"`` it comes from; may be empty.
        merge_commit: the commit that brought it into the base branch; empty unless it is merged.
        opened_at: when it was opened.
        updated_at: last activity of any kind.
        closed_at: when it was closed, merged or not.
        merged_at: when it was merged.
        review: ``"approved"``, ``"changes requested"``, ``"commented"`` or ``"none"``; empty where not known.
        checks: ``"success"``, ``"failure"``, ``"pending"`` or ``"none"``; empty where not known.
        succession: pull requests that took its place, as the upstream's own text says or as it may be guessed.
        url: page for people.
    """

    component: str
    repository: str
    number: int
    title: str = ""
    author: str = ""
    state: PullState
    is_draft: bool = False
    head: str
    head_label: str = ""
    merge_commit: str = ""
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    review: str = ""
    checks: str = ""
    succession: tuple[Succession, ...] = ()
    url: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "pull request", self.component, self.repository, str(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A watched branch: the commit that it names, and when that was made (aware UTC; ``None`` where not known)."""

    component: str
    repository: str
    name: str
    head: str
    committed_at: datetime | None = None
    url: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "branch", self.component, self.repository, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of a repository, whether or not a release was made of it.

    Attributes:
        component: the component that it is watched for.
        repository: ``"owner/name"``, or the address of the repository.
        name: of the tag.
        commit: full id of the commit that it names (peeled).
        version: what the component's rule reads from it; empty when it is set aside.
        set_aside: why it is no version of the component; empty when it is one.
        tagged_at: aware UTC time: the tagger's, else the commit's; ``None`` where not known.
    """

    component: str
    repository: str
    name: str
    commit: str
    version: str = ""
    set_aside: str = ""
    tagged_at: datetime | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "tag", self.component, self.repository, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """Which tags hold a commit, by ancestry; neither version order nor dates say that.

    Attributes:
        component: the component that it is watched for.
        repository: as it is asked for.
        of: what the commit is, for people: ``"#101"``, ``"head of #96"``.
        commit: full id; empty when the commit could not be found (``missing`` says why).
        tags: names of all tags that contain it, oldest first by the time of the tag.
        branches: the default branch, when that contains it.
        missing: why nothing can be said; else empty.
    """

    component: str
    repository: str
    of: str
    commit: str
    tags: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    missing: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "containment", self.component, self.repository, self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFile:
    """A file that is watched for its content.

    Attributes:
        component: the component that it is watched for.
        name: what people call it.
        url: where it lies; without credentials.
        digest: ``"sha256:<64 hex>"`` of its content.
        named: versions that it names, by what they are versions of, sorted; as pairs.
        text: the content itself where other plugins read it (a support table); else empty.
    """

    component: str
    name: str
    url: str
    digest: str
    named: tuple[tuple[str, str], ...] = ()
    text: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "file", self.component, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository under its present name.

    Attributes:
        component: the component that it is watched for.
        asked: the name that the component's options give.
        name: its present full name; another one when it was renamed or moved.
        number: the upstream's unchanging id.
    """

    component: str
    asked: str
    name: str
    number: str

    @property
    def place(self) -> tuple[str, ...]:
        """What makes it the same thing at two looks."""
        return "repository", self.component, self.asked


Sighting = PullRequest | Branch | Tag | Containment | WatchedFile | Repository

SIGHTING_KINDS: dict[str, type[Sighting]] = {
    "pull request": PullRequest,
    "branch": Branch,
    "tag": Tag,
    "containment": Containment,
    "file": WatchedFile,
    "repository": Repository,
}
"""Each kind by the first part of its place."""
