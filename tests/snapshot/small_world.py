"""A small snapshot: an engine and a driver, of which the new engine does not fit the old driver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.evidence.world import Fault, World
from tracker.evidence.document import to_document
from tracker.model import Axis, Factor
from tracker.naming import KnownValue
from tracker.snapshot import SnapshotRow, VerdictSnapshot

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
    world = World(
        axes=AXES,
        exercises={"runs": frozenset({"engine", "driver", "mode"})},
        faults=[Fault(capability="runs", values=MISFIT)],
        now=now - timedelta(days=1),
    )
    world.settle(most_jobs=60)
    judgement = world.judge()
    return VerdictSnapshot(
        profile="world",
        title="A world",
        scenario="scenario",
        host_key="host=h",
        capabilities=("runs",),
        required=("runs",),
        factors=tuple(one.factor for one in AXES),
        values=tuple(
            KnownValue(value=value, upstream=value.version, is_live=True) for one in AXES for value in one.values
        ),
        rows=tuple(
            SnapshotRow(combination=one, verdicts={"runs": judgement.verdict(one, "runs")})
            for one in sorted({trial.combination for trial in world.trials}, key=lambda one: one.key)
        ),
        judgement={**to_document(judgement), "rows": [], "attempts": [], "doubts": [], "known_good": {}},
        terms=tuple(
            {
                "name": name,
                "factor": name,
                "repositories": [f"makers/{name}"],
                "images": [],
                "aliases": [],
                "versions": ["2.0", "1.0"],
            }
            for name in ("engine", "driver")
        ),
    )
