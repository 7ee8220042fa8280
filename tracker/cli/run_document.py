"""A run as machines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.output import instant

if TYPE_CHECKING:
    from tracker.model import Run


def run_document(run: Run, *, logs: bool) -> dict[str, object]:
    """Return a run as JSON values.

    Args:
        run: the run.
        logs: also the whole output of its steps and of what ran beside them.
    """
    steps = []
    for step in run.steps:
        entry: dict[str, object] = {
            "name": step.name,
            "capability": step.capability,
            "outcome": str(step.outcome),
            "reason": step.reason,
            "cause": step.cause,
            "seconds": round(step.seconds, 3),
        }
        steps.append({**entry, "log": step.log} if logs else entry)
    document: dict[str, object] = {
        "id": run.id,
        "combination": {value.factor: value.text for value in run.combination},
        "state": str(run.state),
        "outcome": str(run.outcome),
        "reason": run.reason,
        "started_at": instant(run.started_at),
        "finished_at": instant(run.finished_at),
        "host_key": run.key.host_key,
        "origin": run.origin,
        "scenario_digest": run.key.scenario_digest,
        "environment": dict(run.environment),
        "artifacts": dict(run.artifacts),
        "steps": steps,
    }
    return {**document, "logs": dict(run.logs)} if logs else document
