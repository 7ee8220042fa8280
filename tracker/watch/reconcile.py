"""From what a target answered to what is written. Pure.

An answer that has lost something may be an accident of the upstream (an empty list, an old mirror): it changes
nothing until a second, full look shows the same loss. An answer that says itself that it is only a part takes nothing
away, and is no baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.store import LookResult, TargetState
from tracker.watch.differences import release_entries
from tracker.watch.entries import Scribe, history_first, in_order_of_events
from tracker.watch.knowledge import Knowledge
from tracker.watch.losses import digest_of, find_losses, told
from tracker.watch.settling import Shown, settle
from tracker.watch.sighting_differences import sighting_entries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.model import Change, Release, Sighting
    from tracker.protocols import Observed
    from tracker.watch.knowledge import Order

__all__ = ["Knowledge", "Reconciled", "reconcile"]

_MOST_REMARKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What is to be written after a look.

    Attributes:
        result: what came of the look. A first answer is a baseline, hence no news.
        message: what awaits confirmation, could not be seen, or was set aside; empty otherwise.
        state: what to remember of the target.
        offered: all releases that the target offers now; ``None`` when they stay as they were.
        sightings: all else that it shows now; ``None`` when that stays as it was.
        changes: entries for the ledger, in order.
    """

    result: LookResult
    message: str = ""
    state: TargetState
    offered: tuple[Release, ...] | None = None
    sightings: tuple[Sighting, ...] | None = None
    changes: tuple[Change, ...] = ()


def reconcile(  # noqa: PLR0913 - all that a decision rests on
    state: TargetState,
    offered_before: Sequence[Release],
    observed: Observed,
    *,
    sighted_before: Sequence[Sighting] = (),
    knowledge: Knowledge,
    order: Order,
    now: datetime,
) -> Reconciled:
    """Return what follows from a target's answer.

    Args:
        state: what was remembered of the target.
        offered_before: what it offered at the last applied look.
        observed: its answer now.
        sighted_before: what else it showed at the last applied look.
        knowledge: what the store knows besides.
        order: how versions of a component are ordered; ``ValueError`` for a text that is no version passes through.
        now: aware UTC time of the look.
    """
    scribe = Scribe(
        knowledge=knowledge,
        order=order,
        now=now,
        is_baseline=not state.has_baseline,
        keeps_old=observed.keeps_old,
    )
    before = Shown(
        releases=tuple(one for one in offered_before if knowledge.is_asked(one.component)),
        sightings=tuple(one for one in sighted_before if knowledge.is_asked(one.component)),
    )
    after = settle(before, observed)
    lost = () if observed.unknown else find_losses(before, after, scribe)
    if lost and state.pending != digest_of(lost):
        # The empty cursor makes the next look a full one.
        waiting = replace(state, cursor="", pending=digest_of(lost))
        return Reconciled(result=LookResult.AWAITING_CONFIRMATION, message=told(lost), state=waiting)
    changes = _entries(scribe, before, after)
    if observed.unknown:
        result, message, next_state = LookResult.LOOKED_IN_PART, _unknown(observed), state
    else:
        is_news = any(not change.is_baseline for change in changes)
        result, message = LookResult.NEWS if is_news else LookResult.NO_NEWS, _remarks(observed)
        next_state = TargetState(cursor=observed.cursor, has_baseline=True)
    return Reconciled(
        result=result,
        message=message,
        state=next_state,
        offered=None if set(offered_before) == set(after.releases) else after.releases,
        sightings=None if set(sighted_before) == set(after.sightings) else after.sightings,
        changes=changes,
    )


def _entries(scribe: Scribe, before: Shown, after: Shown) -> tuple[Change, ...]:
    entries = [
        pair
        for change in release_entries(scribe, before.releases, after.releases)
        for pair in in_order_of_events([change])
    ]
    releases = before.releases, after.releases
    entries += sighting_entries(scribe, before.sightings, after.sightings, releases)
    return history_first(entries)


def _unknown(observed: Observed) -> str:
    reason = f": {observed.reason.rstrip('.')}" if observed.reason else ""
    return f"could not see {', '.join(observed.unknown)}{reason}"


def _remarks(observed: Observed) -> str:
    more = len(observed.remarks) - _MOST_REMARKS
    shown = [one.rstrip(".") for one in observed.remarks[:_MOST_REMARKS]]
    return "; ".join([*shown, f"{more} more"] if more > 0 else shown)
