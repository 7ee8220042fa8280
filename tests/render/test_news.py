"""The page of changes tells what each version changed beside the one before it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.evidence.world import Fault, World
from tests.snapshot.small_world import AXES
from tracker.model import Release, Value
from tracker.render.knowledge import Knowledge
from tracker.render.pages import changes
from tracker.render.snapshot import SiteRelease, Snapshot

SEEN = datetime(2026, 11, 23, tzinfo=UTC)


def _body(*misfit: Value) -> str:
    faults = [Fault(capability="runs", values=frozenset(misfit))] if misfit else []
    world = World(axes=AXES, exercises={"runs": frozenset(one.name for one in AXES)}, faults=faults)
    world.settle(most_jobs=60)
    judgement = world.judge()
    releases = [
        Release(component=value.component, version=value.version, upstream_version=value.version, line="a", channel="a")
        for axis in AXES
        for value in axis.values
        if value.component
    ]
    snapshot = Snapshot(
        title="t",
        profile=world.profile,
        components={},
        axes=AXES,
        host_key="host=h",
        host_title="a host",
        releases=tuple(SiteRelease(release=one, first_seen_at=SEEN) for one in releases),
        verdicts=judgement.verdicts,
        culprits=judgement.culprits,
    )
    return changes.page(Knowledge(snapshot)).body


def _rows(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.startswith("| 20")]


def test_a_version_that_broke_what_the_one_before_it_did_is_newly_broken() -> None:
    engine = AXES[0].values[0]

    rows = _rows(_body(engine))

    assert len(rows) == 1
    assert "engine [`2.0`]" in rows[0]
    assert "✗ newly broken | runs | [`1.0`]" in rows[0]


def test_a_version_that_mended_what_the_one_before_it_broke_is_newly_fixed() -> None:
    rows = _rows(_body(AXES[0].values[1]))

    assert len(rows) == 1
    assert "✓ newly fixed | runs | [`1.0`]" in rows[0]


def test_where_every_version_works_no_version_changed_anything() -> None:
    assert "What versions changed here" not in _body()
