"""``tracker matrix --since``: which verdicts are others than they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.evidence.ageing import aged
from tracker.evidence.newly import Novelty, news
from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tracker.model import Combination, Verdict
    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.parts import SnapshotRow


class Changed(NamedTuple):
    """One verdict that is another than it was; ``novelty`` tells it from the version before, or is empty."""

    combination: Combination
    capability: str
    was: str
    now: str
    novelty: str
    sentence: str


def changed(
    before: VerdictSnapshot, after: VerdictSnapshot, rows: Sequence[SnapshotRow], since: datetime, until: datetime
) -> list[Changed]:
    """Return what changed between two moments, in the order of ``rows``, then of the chain.

    Args:
        before: what was known at ``since``.
        after: what was known at ``until``.
        rows: the combinations of ``after`` that are asked about.
        since: aware UTC.
        until: aware UTC.
    """
    old = {row.combination: row.verdicts for row in before.rows}
    values = [one.value for one in after.values]
    found = news({row.combination: row.verdicts for row in after.rows}, values, after.capabilities)
    # Beside a version that broke or mended it, that another part never helped is no news.
    oldest_first = found[::-1]
    never = [one for one in oldest_first if one.novelty is Novelty.ALWAYS_FAILED]
    turned = [one for one in oldest_first if one.novelty is not Novelty.ALWAYS_FAILED]
    novelties = {(one.combination, one.capability): str(one.novelty) for one in (*never, *turned)}
    return [
        Changed(
            row.combination,
            capability,
            was,
            now,
            novelties.get((row.combination, capability), ""),
            row.verdicts[capability].sentence,
        )
        for row in rows
        for capability in after.capabilities
        if (was := _word(old.get(row.combination, {}), capability, since))
        != (now := str(aged(row.verdicts[capability], until).kind))
    ]


def _word(verdicts: Mapping[str, Verdict], capability: str, at: datetime) -> str:
    verdict = verdicts.get(capability)
    return str(aged(verdict, at).kind if verdict else VerdictKind.UNTESTED)
