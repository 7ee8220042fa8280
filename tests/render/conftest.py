"""A small real world: the Debian versions of one afternoon, their true faults, and what the real judge says of them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.evidence.judge import judge
from tracker.evidence.newest import newest_working
from tracker.model import (
    Asset,
    Axis,
    Change,
    ChangeKind,
    Combination,
    Component,
    EvidenceKey,
    Factor,
    Outcome,
    Profile,
    Release,
    Run,
    RunState,
    StepResult,
    Trial,
    Value,
)
from tracker.render import SiteLook, SiteOffer, SiteRelease, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 11, 23, 21, 4, tzinfo=UTC)
HOST_KEY = "libc=2.36 cgroup=hybrid kernel=6.18 arch=amd64"
PROFILE = Profile(
    name="linux-containers",
    title="containerd, OCI runtime and CNI plugins on Linux",
    factors=(
        Factor(name="containerd", title="containerd", components=("containerd",)),
        Factor(name="runtime", title="OCI runtime", components=("runc", "crun")),
        Factor(name="cni-plugins", title="CNI plugins", components=("cni-plugins",)),
        Factor(name="cni-spec", title="CNI version in the network configuration", variants=("1.1.0", "1.0.0", "0.4.0")),
    ),
    scenario="linux-containers",
    capabilities=("installs", "starts", "runs", "networks"),
    required=("installs", "starts", "runs", "networks"),
    host_key=("libc", "cgroup", "kernel", "arch"),
)
AFTERNOON = tomllib.loads(Path(__file__).with_name("afternoon.toml").read_text(encoding="utf-8"))
VERSIONS: dict[str, list[tuple[str, str, str]]] = AFTERNOON["versions"]


def _fault(combination: Combination) -> tuple[str, str]:
    """Return the capability that fails on the afternoon's host, and the registered cause."""
    containerd, runtime = combination["containerd"].version, combination["runtime"]
    if "deb12" not in runtime.version:
        return "installs", "libc-too-old"
    if runtime.component == "crun":
        return "runs", "hybrid-cgroups" if containerd.startswith("1.6") else "unknown-oci"
    if combination["cni-spec"].version == "1.1.0":
        if combination["cni-plugins"].version.startswith("1.1.1"):
            return "networks", "old-plugin"
        if not containerd.startswith("2."):
            return "networks", "old-containerd"
    return "", ""


def _steps(combination: Combination) -> tuple[StepResult, ...]:
    broken, cause_name = _fault(combination)
    cause = AFTERNOON["causes"].get(cause_name, "").format(runtime=combination["runtime"].component)
    steps: list[StepResult] = []
    for number, (capability, (name, *exercises)) in enumerate(AFTERNOON["steps"].items()):
        reached = not any(step.outcome is Outcome.FAIL for step in steps)
        fails = reached and capability == broken
        steps.append(
            StepResult(
                name=name,
                capability=capability,
                outcome=Outcome.FAIL if fails else Outcome.PASS if reached else Outcome.NOT_REACHED,
                exercises=frozenset(exercises),
                reason="it ended with exit code 1" if fails else "as expected" if reached else "",
                cause=cause if fails else "",
                cause_name=cause_name if fails else "",
                is_deterministic=fails,
                seconds=0.12 + number / 10 if reached else 0.0,
                log=f"$ step {number}\n{cause or 'token'}\n" if reached else "",
            )
        )
    return tuple(steps)


def _key(combination: Combination) -> EvidenceKey:
    return EvidenceKey(
        scenario_digest=f"sha256:{'5' * 64}",
        artifact_digest=f"sha256:{hashlib.sha256(combination.key.encode()).hexdigest()}",
        host_key=HOST_KEY,
    )


def _run(run_id: int, combination: Combination) -> Run:
    started = START + timedelta(seconds=run_id)
    steps = _steps(combination)
    return Run(
        id=run_id,
        job_id=run_id,
        combination=combination,
        key=_key(combination),
        started_at=started,
        finished_at=started + timedelta(seconds=0.6),
        state=RunState.FINISHED,
        outcome=next((step.outcome for step in steps if step.outcome is not Outcome.PASS), Outcome.PASS),
        steps=steps,
        environment={"libc": "2.36", "cgroup": "hybrid", "kernel": "6.18.5", "arch": "amd64"},
        artifacts={
            f"{value.component}/{value.component}.deb": f"sha256:{hashlib.sha256(value.text.encode()).hexdigest()}"
            for value in combination
            if value.component
        },
        logs={"containerd": 'time="2026-11-23T21:04:12Z" level=info msg="containerd successfully booted"\n'},
    )


def _trials(runs: Sequence[Run]) -> list[Trial]:
    return [
        Trial(
            run_id=run.id,
            combination=run.combination,
            capability=step.capability,
            outcome=step.outcome,
            exercised=frozenset(run.combination[name] for name in step.exercises),
            key=run.key,
            started_at=run.started_at,
            finished_at=run.finished_at or run.started_at,
            reason=step.reason,
            cause=step.cause,
            cause_name=step.cause_name,
            is_deterministic=step.is_deterministic,
        )
        for run in runs
        for step in run.steps
    ]


def _releases() -> tuple[SiteRelease, ...]:
    return tuple(_release(name, *version) for name, versions in VERSIONS.items() for version in versions)


def _release(component: str, version: str, upstream: str, line: str) -> SiteRelease:
    name = f"{component}_{version}_amd64.deb"
    asset = Asset(
        name=name,
        url=f"https://archive.example/pool/{component}/{name}",
        size=27_400_212,
        digest=f"sha256:{hashlib.sha256(name.encode()).hexdigest()}",
    )
    return SiteRelease(
        release=Release(
            component=component,
            version=version,
            upstream_version=upstream,
            line=line,
            channel=line,
            assets=(asset,),
            url=f"https://tracker.example/{component}",
        ),
        first_seen_at=START,
        offers=(SiteOffer(source="debian", target=line, line=line, channel=line, since=START),),
    )


def _of(axis: Axis, combinations: Sequence[Combination]) -> Axis:
    held = {combination[axis.name] for combination in combinations}
    return Axis(factor=axis.factor, values=tuple(value for value in axis.values if value in held))


def _axes() -> tuple[Axis, ...]:
    def values(factor: Factor) -> tuple[Value, ...]:
        of_components = [factor.value(version, name) for name in factor.components for version, _, _ in VERSIONS[name]]
        return (*of_components, *(factor.value(variant) for variant in factor.variants))

    return tuple(Axis(factor=factor, values=values(factor)) for factor in PROFILE.factors)


def _tried(combinations: Sequence[Combination]) -> list[Combination]:
    """Every combination of the one runtime that installs and runs, and some of the others."""
    good = [one for one in combinations if one["runtime"].text.startswith("runc@1.1.5")]
    others = [one for one in combinations if one not in good and one["cni-spec"].version == "1.0.0"]
    return [*good, *others[::3]]


def _changes() -> tuple[Change, ...]:
    found = [
        Change(
            kind=ChangeKind.RELEASED,
            component=one.release.component,
            version=one.release.version,
            channel=one.release.channel,
            observed_at=START,
            is_baseline=True,
        )
        for one in _releases()
    ]
    news = Change(
        kind=ChangeKind.RELEASED,
        component="containerd",
        version="2.1.9+ds1-5",
        channel="sid",
        observed_at=START + timedelta(hours=1),
    )
    return (news, *found)


@dataclass(frozen=True)
class World:
    """The world at one time: ``snapshot(n)`` is what is known after the first ``n`` runs."""

    combinations: tuple[Combination, ...]
    runs: tuple[Run, ...]

    known: dict[int | None, Snapshot] = field(default_factory=dict)

    def snapshot(self, count: int | None = None) -> Snapshot:
        if count not in self.known:
            self.known[count] = self._snapshot(count)
        return self.known[count]

    def _snapshot(self, count: int | None) -> Snapshot:
        runs = self.runs[:count]
        trials = _trials(runs)
        now = START + timedelta(hours=2)
        axes = tuple(_of(axis, self.combinations) for axis in _axes())
        judgement = judge(PROFILE, trials, _key, now=now, max_age=timedelta(days=90), self_test_passed=True)
        newest = {need: newest_working(axes, judgement, need) for need in PROFILE.capabilities}
        return Snapshot(
            title="What works together",
            profile=PROFILE,
            components={
                name: Component(
                    name=name,
                    title=f"the part called {name}",
                    source="debian",
                    scheme="debian",
                    installer="deb",
                    homepage=f"https://{name}.example/",
                )
                for name in VERSIONS
            },
            axes=axes,
            host_key=HOST_KEY,
            host_title="Debian GNU/Linux 12 (bookworm), amd64",
            host_facts={"libc": "2.36", "os": "Debian GNU/Linux 12 (bookworm)"},
            releases=_releases(),
            changes=_changes(),
            runs=tuple(reversed(runs)),
            verdicts={
                one: {need: judgement.verdict(one, need) for need in PROFILE.capabilities} for one in self.combinations
            },
            newest_working={need: found for need, found in newest.items() if found is not None},
            looks=tuple(SiteLook(**look, looked_at=START) for look in AFTERNOON["looks"]),
            matrix={"schema": 1, "rows": [{"runs": len(runs)}]},
            live_total=len(self.combinations),
        )


def build_world(most: int | None = None) -> World:
    """Return the world, or one that knows only of the combinations that were tried first."""
    rows = product(*(axis.values for axis in _axes()))
    combinations = tuple(Combination.of(row) for row in rows)
    tried = _tried(combinations)
    tried = tried[:most]
    judged = combinations if most is None else tuple(tried)
    return World(judged, tuple(_run(number, one) for number, one in enumerate(tried, start=1)))


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture(scope="session")
def small_world() -> World:
    return build_world(4)


@pytest.fixture(scope="session")
def snapshot(world: World) -> Snapshot:
    return world.snapshot()
