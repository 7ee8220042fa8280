"""Whose each trial is, and whether it counts here: runs of others do only where tracker.toml trusts a key of theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.configured import TrustConfig
    from tracker.model import Provenance, Trial
    from tracker.passes.workplace import Workplace
    from tracker.store import Store

_SHOWN = 16
"""So many characters of a key tell it from others to people."""


def known_trials(place: Workplace, store: Store, host_key: str) -> tuple[Trial, ...]:
    """Return all evidence of a host, each piece with whose it is, in the order of ``Store.trials``."""
    trials = store.trials(profile=place.profile.name, host_key=host_key)
    imported = store.imported.provenance(profile=place.profile.name)
    if not imported:
        return trials
    return tuple(_told(trial, imported.get(trial.run_id), place.config.trust) for trial in trials)


def holder_of(provenance: Provenance, trust: TrustConfig) -> str:
    """Return the name under which a key that vouched for the run is trusted; empty where none is."""
    return next((name for key in sorted(provenance.keys) if (name := trust.holder(key))), "")


def whose(provenance: Provenance, trust: TrustConfig) -> str:
    """Return whose the run is, for people."""
    holder = holder_of(provenance, trust)
    if holder:
        return holder if holder == provenance.origin else f"{provenance.origin}, by the key {holder}"
    if provenance.keys:
        return f"{provenance.origin} (key {min(provenance.keys).partition(':')[2][:_SHOWN]}...)"
    return f"{provenance.origin} (unsigned)"


def _told(trial: Trial, provenance: Provenance | None, trust: TrustConfig) -> Trial:
    if provenance is None:
        return trial
    return replace(trial, origin=whose(provenance, trust), is_trusted=bool(holder_of(provenance, trust)))
