"""One entry of the upstream ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class ChangeKind(StrEnum):
    """What differed between two looks at one upstream."""

    RELEASED = "released"
    OFFERED = "offered"
    NO_LONGER_OFFERED = "no longer offered"
    WITHDRAWN = "withdrawn"
    ASSET_ADDED = "asset added"
    ASSET_REPLACED = "asset replaced"
    ASSET_REMOVED = "asset removed"
    PROMOTED = "promoted"
    NOTES_EDITED = "notes edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference that a look at an upstream showed; never edited afterwards.

    Attributes:
        kind: what happened.
        component: the component that it happened to.
        version: the release that it happened to.
        channel: where it was seen.
        before: the old value (an asset's digest, say); empty when there was none.
        after: the new value; empty when there is none.
        observed_at: aware UTC time of the look that showed it, not of the event.
        is_baseline: seen by the first look at this upstream, hence history and no news.
    """

    kind: ChangeKind
    component: str
    version: str
    channel: str
    before: str = ""
    after: str = ""
    observed_at: datetime
    is_baseline: bool = False
