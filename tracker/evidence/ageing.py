"""How a verdict reads at the reader's time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import VerdictKind

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model import Verdict


def aged(verdict: Verdict, now: datetime) -> Verdict:
    """Return ``verdict`` as it reads at ``now``: what works or is broken becomes stale at ``fresh_until``.

    Its sentence stays, so that the same evidence gives the same words at any time.
    """
    if verdict.fresh_until is None or now < verdict.fresh_until or verdict.kind is VerdictKind.STALE:
        return verdict
    was = "worked" if verdict.kind is VerdictKind.WORKS else "was broken"
    return replace(verdict, kind=VerdictKind.STALE, was=was)
