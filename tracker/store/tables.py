"""All tables under one roof; importing this module fills the metadata."""

from __future__ import annotations

from tracker.store.correction_tables import culprits, retractions, waivers
from tracker.store.exchange_tables import imported_runs, vouchers
from tracker.store.group_tables import run_groups
from tracker.store.run_tables import (
    combinations,
    environments,
    evidence_keys,
    jobs,
    run_artifacts,
    run_logs,
    runs,
    step_logs,
    steps,
)
from tracker.store.schema import metadata
from tracker.store.upstream_tables import (
    assets,
    changes,
    looks,
    observations,
    observed_assets,
    offers,
    releases,
    sightings,
    targets,
)

__all__ = [
    "assets",
    "changes",
    "combinations",
    "culprits",
    "environments",
    "evidence_keys",
    "imported_runs",
    "jobs",
    "looks",
    "metadata",
    "observations",
    "observed_assets",
    "offers",
    "releases",
    "retractions",
    "run_artifacts",
    "run_groups",
    "run_logs",
    "runs",
    "sightings",
    "step_logs",
    "steps",
    "targets",
    "vouchers",
    "waivers",
]
