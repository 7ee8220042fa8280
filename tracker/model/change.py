"""One entry of the upstream ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - bundles are read by the annotations
from enum import StrEnum


class ChangeKind(StrEnum):
    """What differed between two looks at one upstream."""

    RELEASED = "released"
    OFFERED = "offered"
    NO_LONGER_OFFERED = "no longer offered"
    WITHDRAWN = "withdrawn"
    AWAITING_ASSETS = "awaiting assets"
    ASSETS_COMPLETE = "assets complete"
    ASSET_ADDED = "asset added"
    ASSET_REPLACED = "asset replaced"
    ASSET_RENAMED = "asset renamed"
    ASSET_REMOVED = "asset removed"
    CHECKSUM_DISAGREES = "checksum disagrees"
    CHECKSUM_AGREES = "checksum agrees again"
    PROMOTED = "promoted"
    DEMOTED = "demoted to pre-release"
    RETAGGED = "retagged"
    NOTES_EDITED = "notes edited"
    TAGGED = "tagged"
    TAG_REMOVED = "tag removed"
    BRANCH_MOVED = "branch moved"
    BRANCH_REMOVED = "branch removed"
    CONTENT_CHANGED = "content changed"
    REPOSITORY_RENAMED = "repository renamed"
    REPOSITORY_REPLACED = "repository replaced"
    PULL_REQUEST_OPENED = "pull request opened"
    PULL_REQUEST_PUSHED = "pull request pushed"
    PULL_REQUEST_READY = "pull request ready for review"
    PULL_REQUEST_DRAFTED = "pull request turned to draft"
    PULL_REQUEST_REVIEWED = "pull request reviewed"
    PULL_REQUEST_CHECKED = "pull request checked"
    PULL_REQUEST_CLOSED = "pull request closed unmerged"
    PULL_REQUEST_REOPENED = "pull request reopened"
    PULL_REQUEST_MERGED = "pull request merged"
    PULL_REQUEST_SUPERSEDED = "pull request superseded"
    CONTAINED = "contained in tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference that a look at an upstream showed; never edited afterwards.

    Attributes:
        kind: what happened.
        component: the component that it happened to.
        version: the release that it happened to; empty when it is about no release.
        channel: where it was seen: the offer's channel, or the repository.
        subject: what of the release or of the repository: an asset's name, ``"#96"``, a branch, a tag; else empty.
        before: the old value (an asset's digest, say); empty when there was none.
        after: the new value; empty when there is none.
        observed_at: aware UTC time of the look that showed it, not of the event.
        happened_at: aware UTC time of the event as the upstream tells it; ``None`` where it does not.
        url: page about it for people; may be empty.
        is_baseline: seen by the first look at this upstream, hence history and no news.
    """

    kind: ChangeKind
    component: str
    version: str
    channel: str
    subject: str = ""
    before: str = ""
    after: str = ""
    observed_at: datetime
    happened_at: datetime | None = None
    url: str = ""
    is_baseline: bool = False
