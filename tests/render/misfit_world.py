"""A world of three parts with known faults, judged, as a snapshot: for the pages of what does not fit."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.evidence.world import Fault, World
from tracker.evidence.newest import newest_working
from tracker.model import Asset, Axis, Component, Factor, Release
from tracker.render.snapshot import SiteRelease, Snapshot

SEEN = datetime(2026, 11, 1, tzinfo=UTC)
FACTORS = (
    (Factor(name="engine", title="engine", components=("engine",)), "321"),
    (Factor(name="runtime", title="runtime", components=("runtime",)), "cba"),
    (Factor(name="spec", title="spec", variants=("z", "y", "x")), "zyx"),
)
AXES = tuple(
    Axis(factor=factor, values=tuple(factor.value(version) for version in versions)) for factor, versions in FACTORS
)
EXERCISES = {"installs": frozenset({"engine"}), "networks": frozenset({"engine", "runtime", "spec"})}


def fault(*texts: str, capability: str = "networks") -> Fault:
    """Return the fault of the values that are called ``texts``."""
    values = frozenset(one for axis in AXES for one in axis.values if str(one) in texts)
    return Fault(capability=capability, values=values)


def misfit_world(*faults: Fault) -> Snapshot:
    """Return what is known once everything worth a run was run."""
    world = World(axes=AXES, exercises=EXERCISES, faults=faults)
    world.settle(most_jobs=120)
    judgement = world.judge()
    names = dict.fromkeys(value.component for axis in AXES for value in axis.values if value.component)
    newest = {need: newest_working(AXES, judgement, need) for need in world.profile.capabilities}
    return Snapshot(
        title="t",
        profile=world.profile,
        components={
            name: Component(name=name, title=name, source="github", scheme="semver", installer="zip") for name in names
        },
        axes=AXES,
        host_key="host=h",
        host_title="a host",
        releases=tuple(
            SiteRelease(release=_release(value.component, value.version), first_seen_at=SEEN)
            for axis in AXES
            for value in axis.values
            if value.component
        ),
        verdicts=judgement.verdicts,
        newest_working={need: one for need, one in newest.items() if one is not None},
        culprits=judgement.culprits,
        suspicions=judgement.suspicions,
    )


def _release(component: str, version: str) -> Release:
    home = f"https://forge.example/owner/{component}"
    return Release(
        component=component,
        version=version,
        upstream_version=version,
        line="a",
        channel="a",
        assets=(Asset(name=f"{component}.zip", url=f"{home}/{version}.zip", digest=f"sha256:{'a' * 64}"),),
        url=f"{home}/releases/tag/v{version}",
        tag=f"v{version}",
        commit=version.encode().hex().ljust(40, "0"),
    )
