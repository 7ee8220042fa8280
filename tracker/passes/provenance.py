"""Whose each trial is, and whether it counts here: runs of others do only where tracker.toml trusts a key of theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.configured import TrustConfig
    from tracker.model import Moment, Provenance, Trial
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
    return tuple(told for trial in trials for told in _told(trial, imported, place.config.trust))


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


def _told(trial: Trial, imported: Mapping[int, Provenance], trust: TrustConfig) -> Iterator[Trial]:
    """Yield ``trial`` in parts: one for each origin of its runs, own runs first."""
    if imported.keys().isdisjoint(trial.run_ids):
        yield trial
        return
    parts: dict[tuple[str, bool], list[Moment]] = {("", True): []}
    for moment in trial.moments:
        provenance = imported.get(moment[2])
        told = (whose(provenance, trust), bool(holder_of(provenance, trust))) if provenance else ("", True)
        parts.setdefault(told, []).append(moment)
    for (origin, is_trusted), moments in parts.items():
        if moments:
            yield replace(trial.at(moments), origin=origin, is_trusted=is_trusted)
