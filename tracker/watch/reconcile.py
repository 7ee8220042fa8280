"""From what a target answered to what is written. Pure.

An answer that has lost something may be an accident of the upstream (an empty list, an old mirror): it changes
nothing until a second, full look shows the same loss.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.store import LookResult, TargetState
from tracker.watch.differences import Differ, Knowledge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tracker.model import Change, Release
    from tracker.protocols import Observed
    from tracker.watch.differences import Order

__all__ = ["Knowledge", "Reconciled", "reconcile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What is to be written after a look.

    Attributes:
        result: what came of the look. A first answer is a baseline, hence no news.
        message: what awaits confirmation; empty otherwise.
        state: what to remember of the target.
        offered: the target's whole new truth; ``None`` when the old one stays.
        changes: entries for the ledger, in order.
    """

    result: LookResult
    message: str = ""
    state: TargetState
    offered: tuple[Release, ...] | None = None
    changes: tuple[Change, ...] = ()


def reconcile(
    state: TargetState,
    offered_before: Sequence[Release],
    observed: Observed,
    *,
    knowledge: Knowledge,
    order: Order,
    now: datetime,
) -> Reconciled:
    """Return what follows from a target's answer.

    Args:
        state: what was remembered of the target.
        offered_before: what it offered at the last applied look.
        observed: its answer now.
        knowledge: what the store knows besides.
        order: how versions of a component are ordered; ``ValueError`` for a text that is no version passes through.
        now: aware UTC time of the look.
    """
    differ = Differ(knowledge=knowledge, order=order, now=now, is_baseline=not state.has_baseline)
    lost = _losses(differ, offered_before, observed.releases)
    if lost and state.pending != (digest := _digest(lost)):
        # The empty cursor makes the next look a full one.
        waiting = replace(state, cursor="", pending=digest)
        return Reconciled(result=LookResult.AWAITING_CONFIRMATION, message=_told(lost), state=waiting)
    changes = differ.changes(offered_before, observed.releases)
    is_same = set(offered_before) == set(observed.releases)
    return Reconciled(
        result=LookResult.NEWS if any(not change.is_baseline for change in changes) else LookResult.NO_NEWS,
        state=TargetState(cursor=observed.cursor, has_baseline=True),
        offered=None if is_same else observed.releases,
        changes=changes,
    )


def _losses(differ: Differ, before: Sequence[Release], after: Sequence[Release]) -> Mapping[str, tuple[str, str]]:
    """Return, by component, the newest version before and now (empty: none) where the later is the lower one."""
    found = {}
    for name in sorted({release.component for release in before}):
        old = differ.newest([release for release in before if release.component == name])
        new = differ.newest([release for release in after if release.component == name])
        if not new or differ.order(name, new) < differ.order(name, old):
            found[name] = (old, new)
    return found


def _digest(lost: Mapping[str, tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(sorted(lost.items())).encode()).hexdigest()


def _told(lost: Mapping[str, tuple[str, str]]) -> str:
    told = [
        f"{name} {old} is gone" + (f", the newest is now {new}" if new else "") for name, (old, new) in lost.items()
    ]
    return f"{'; '.join(told)}: nothing is changed until a second look shows the same"
