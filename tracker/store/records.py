"""What the store hands out beside the words of the model; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.release import Release


class LookResult(StrEnum):
    """What came of one look at an upstream: "no news" and "could not look" are different everywhere.

    ``WITHHELD`` is no look: the settings say to ask nobody, so that it is told and never stored.
    """

    NEWS = "news"
    NO_NEWS = "no news"
    COULD_NOT_LOOK = "could not look"
    AWAITING_CONFIRMATION = "awaiting confirmation"
    LOOKED_IN_PART = "looked in part"
    WITHHELD = "not asked: offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one target of a source, whatever came of it.

    Attributes:
        source: name of the source.
        target: name of the target, unique within the source.
        title: what a person reads in an error (address and suite).
        looked_at: aware UTC time of the look.
        result: what came of it.
        message: one sentence for people; why it failed, what awaits confirmation, or what could not be seen and why.
        is_complete: false when only a part of the target answered.
    """

    source: str
    target: str
    title: str
    looked_at: datetime
    result: LookResult
    message: str = ""
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """What is remembered of a target between two looks.

    Attributes:
        cursor: what the source returned with its last applied answer; empty asks for a full look.
        has_baseline: an answer was applied once, so that differences are news.
        pending: digest of a shrunken answer that waits for a second look; empty when none waits.
    """

    cursor: str = ""
    has_baseline: bool = False
    pending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A target offered a release during a span of time.

    Attributes:
        source: name of the source.
        target: name of the target.
        line: the supported line that offers the release.
        channel: the exact place of the offer inside the line.
        since: aware UTC time of the look that showed it first.
        until: aware UTC time of the look that showed it no longer; ``None`` while it lasts.
    """

    source: str
    target: str
    line: str
    channel: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRelease:
    """A release that was seen at least once.

    Attributes:
        id: ascending in order of first sight.
        release: as the newest of its current offers tells it (of its last offer, when none is left); the assets
            are those of that one offer, so that a file and its libraries come from one place.
        first_seen_at: aware UTC time of the look that showed it first.
        offers: its current offers, oldest first; empty when nobody offers it any more.
    """

    id: int
    release: Release
    first_seen_at: datetime
    offers: tuple[Offer, ...]
