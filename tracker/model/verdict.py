"""What is known of a combination and capability, in one word, one sentence and the runs behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.combination import Combination, Value


class VerdictKind(StrEnum):
    """Verdicts in the order in which they are decided."""

    FLAKY = "flaky"
    BROKEN = "broken"
    WORKS = "works"
    STALE = "stale"
    UNRESOLVED = "unresolved"
    LIKELY = "likely"
    EXPECTED = "expected"
    DOUBTFUL = "doubtful"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of one combination and capability on one host key.

    Attributes:
        combination: what it is about.
        capability: what was asked.
        kind: the verdict.
        sentence: one plain sentence that says it to a person.
        runs: ids of the runs that back it, newest first.
        would_change: what would change it, in one sentence.
        because_of: the earlier capability that is broken and decides this one; empty when it is this one itself.
        cause: the log line that tells why it fails; empty unless broken or unresolved.
        exercised: names of the factors that the failing step exercised, sorted; empty unless something failed.
        was: for ``stale``, what it was: ``"worked"`` or ``"was broken"``; empty otherwise.
        observed_at: aware UTC end of the newest run behind it; ``None`` when there is none.
        inferred_from: the culprit (an item or a pair) by which it is broken although no run of it says so; else empty.
        reported_by: whose runs they are where none of them is this host's own; else empty.
        fresh_until: aware UTC time at which a ``works`` or ``broken`` becomes stale; ``None`` when there is none.
    """

    combination: Combination
    capability: str
    kind: VerdictKind
    sentence: str
    runs: tuple[int, ...] = ()
    would_change: str = ""
    because_of: str = ""
    cause: str = ""
    exercised: tuple[str, ...] = ()
    was: str = ""
    inferred_from: tuple[Value, ...] = ()
    reported_by: str = ""
    observed_at: datetime | None = None
    fresh_until: datetime | None = None
