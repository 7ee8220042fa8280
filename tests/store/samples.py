"""Values that the store's tests write: only what a test talks about differs between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.model import (
    Asset,
    AssetRole,
    Change,
    ChangeKind,
    Combination,
    EvidenceKey,
    Job,
    JobKind,
    Outcome,
    Release,
    Run,
    RunState,
    StepResult,
    Value,
)
from tracker.store import Look, LookResult, Store, TargetState

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOST = "libc=2.36 kernel=6.18"
KEY = EvidenceKey(scenario_digest="sha256:scenario", artifact_digest="sha256:artifacts", host_key=HOST)
ENVIRONMENT = {"libc": "2.36", "kernel": "6.18"}
SEEN = TargetState(cursor="etag", has_baseline=True)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def combination(containerd: str = "2.1.9", runc: str = "1.1.5") -> Combination:
    return Combination.of(
        [
            Value("containerd", containerd, "containerd"),
            Value("runtime", runc, "runc", is_alternative=True),
            Value("cni-spec", "1.0.0"),
            Value("nerdctl", "absent"),
        ]
    )


def asset(digest: str | None = "sha256:aa", name: str = "runc.deb", url: str = "pool/runc.deb") -> Asset:
    return Asset(name=name, url=url, size=7, digest=digest)


def release(
    version: str = "1.1.5", *, component: str = "runc", channel: str = "bookworm", assets: Sequence[Asset] | None = None
) -> Release:
    library = Asset(name="libc.deb", url="pool/libc.deb", size=None, digest="sha256:cc", role=AssetRole.LIBRARY)
    return Release(
        component=component,
        version=version,
        upstream_version=version,
        line="bookworm",
        channel=channel,
        assets=(asset(), library) if assets is None else tuple(assets),
        published_at=at(-1000),
        notes="Fixed <b>all</b> bugs.",
        url="releases/1",
    )


def look(minutes: float = 0, *, target: str = "bookworm", result: LookResult = LookResult.NEWS) -> Look:
    return Look(source="debian", target=target, title=f"suite {target}", looked_at=at(minutes), result=result)


def observe(store: Store, minutes: float, *offered: Release, target: str = "bookworm") -> None:
    store.record_look(look(minutes, target=target), state=SEEN, offered=offered)


def change(version: str, minutes: float = 0, *, component: str = "runc", is_baseline: bool = False) -> Change:
    return Change(
        kind=ChangeKind.RELEASED,
        component=component,
        version=version,
        channel="bookworm",
        after="sha256:aa",
        observed_at=at(minutes),
        is_baseline=is_baseline,
    )


def job(what: Combination | None = None, *, kind: JobKind = JobKind.ANCHOR, reason: str = "new here") -> Job:
    return Job(combination=what or combination(), kind=kind, reason=reason)


def step(
    capability: str, outcome: Outcome = Outcome.PASS, *, exercises: Sequence[str] = ("containerd",), name: str = ""
) -> StepResult:
    return StepResult(
        name=name or capability,
        capability=capability,
        outcome=outcome,
        exercises=frozenset(exercises),
        reason=f"{capability}: {outcome.value}",
        log=f"log of {capability}\n",
    )


def begin(
    store: Store, what: Combination | None = None, *, minutes: float = 0, key: EvidenceKey = KEY, profile: str = "linux"
) -> Run:
    """Queue and start a run; returned as it would finish, passing."""
    (queued,) = store.enqueue([job(what)], profile=profile, now=at(minutes))
    run_id = store.start_run(
        queued, profile=profile, scenario="smoke", key=key, environment=ENVIRONMENT, started_at=at(minutes)
    )
    return Run(
        id=run_id,
        job_id=queued.id,
        combination=queued.combination,
        key=key,
        started_at=at(minutes),
        finished_at=at(minutes + 0.01),
        state=RunState.FINISHED,
        outcome=Outcome.PASS,
        steps=(step("installs"), step("runs", exercises=("containerd", "runtime", "nerdctl"))),
        environment=ENVIRONMENT,
        artifacts={"runc/runc.deb": "sha256:aa"},
        logs={"containerd": "started\n"},
    )
