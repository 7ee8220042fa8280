"""A small snapshot: an engine and a driver, of which the new engine does not fit the old driver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.evidence.world import Fault, World
from tracker.evidence.document import to_document
from tracker.model import Axis, Factor
from tracker.naming import KnownValue
from tracker.snapshot import SnapshotRow, VerdictSnapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Value

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENGINE = Factor(name="engine", title="the engine", components=("engine",))
DRIVER = Factor(name="driver", title="the driver", components=("driver",))
MODE = Factor(name="mode", title="the mode", variants=("b", "a"))
AXES = (
    Axis(factor=ENGINE, values=tuple(ENGINE.value(one) for one in ("2.0", "1.0"))),
    Axis(factor=DRIVER, values=tuple(DRIVER.value(one) for one in ("2.0", "1.0"))),
    Axis(factor=MODE, values=tuple(MODE.value(one) for one in MODE.variants)),
)
MISFIT = frozenset({ENGINE.value("2.0"), DRIVER.value("1.0")})


def small_world(*, now: datetime = NOW) -> VerdictSnapshot:
    """Return what is known of it once everything was run, one day before ``now``."""
    return world_snapshot(AXES, MISFIT, makers="makers", now=now)


def world_snapshot(
    axes: tuple[Axis, ...],
    misfit: frozenset[Value],
    *,
    makers: str,
    now: datetime,
    remarks: Mapping[str, str] | None = None,
) -> VerdictSnapshot:
    """Return what is known of a world with one misfit once everything was run, one day before ``now``.

    Args:
        axes: its values.
        misfit: fails wherever it is.
        makers: owner of the components' repositories on GitHub.
        now: aware UTC.
        remarks: what is known of a version.
    """
    world = World(
        axes=axes,
        exercises={"runs": frozenset(one.name for one in axes)},
        faults=[Fault(capability="runs", values=misfit)],
        now=now - timedelta(days=1),
    )
    world.settle(most_jobs=60)
    judgement = world.judge()
    told = remarks or {}
    return VerdictSnapshot(
        profile="world",
        title="A world",
        scenario="scenario",
        host_key="host=h",
        capabilities=("runs",),
        required=("runs",),
        factors=tuple(one.factor for one in axes),
        values=tuple(
            KnownValue(
                value=value,
                upstream=value.version,
                is_live=True,
                remarks=(told[value.version],) if value.version in told else (),
            )
            for one in axes
            for value in one.values
        ),
        rows=tuple(
            SnapshotRow(combination=one, verdicts={"runs": judgement.verdict(one, "runs")})
            for one in sorted({trial.combination for trial in world.trials}, key=lambda one: one.key)
        ),
        judgement={**to_document(judgement), "rows": [], "attempts": [], "doubts": [], "known_good": {}},
        terms=tuple(
            {
                "name": name,
                "factor": one.name,
                "repositories": [f"{makers}/{name}"],
                "images": [],
                "aliases": [],
                "versions": [value.version for value in one.values],
            }
            for one in axes
            for name in one.factor.components
        ),
    )
