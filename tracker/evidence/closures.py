"""What environments last came to, by combination: runs of another closure are history. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.model import Combination, Trial


def with_closure(files: str, closure: str) -> str:
    """Return the artifact digest of an evidence key: over the files asked for, then over all that came with them."""
    return f"{files} {closure}" if closure else files


def latest_closures(trials: Iterable[Trial]) -> Mapping[Combination, str]:
    """Return the digest of what each combination's environment came to in its last run; empty where it had none.

    Imported runs do not count: what an environment comes to is found out on each host anew.
    """
    last: dict[Combination, Trial] = {}
    for trial in trials:
        known = last.get(trial.combination)
        if not trial.origin and (known is None or _order(trial) > _order(known)):
            last[trial.combination] = trial
    return {combination: trial.key.artifact_digest.partition(" ")[2] for combination, trial in last.items()}


def _order(trial: Trial) -> tuple[datetime, int]:
    return trial.finished_at, trial.run_id
