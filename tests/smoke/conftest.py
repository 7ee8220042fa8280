"""Archives and files for the tests of the smoke."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config
from tracker.http import Client
from tracker.model import Asset, AssetRole, Combination, Component, Factor, Job, JobKind, Profile, Release
from tracker.protocols import IsolationNeeds, NetworkSettings, Step, StepSaid
from tracker.registry import Registry
from tracker.smoke.runner import Runner
from tracker.smoke.unpack import Bounds, PrefixUnpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tracker.model import Cause, Run, Value
    from tracker.protocols import Bench, InstallRequest
    from tracker.protocols.scenario import RecipeFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a tar that a test makes."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644


def make_tar(members: Sequence[Member], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname, info.mode, info.size = (
                member.kind,
                member.target,
                member.mode,
                len(member.content),
            )
            archive.addfile(info, io.BytesIO(member.content))
    return out.getvalue()


@pytest.fixture
def tar() -> Callable[..., bytes]:
    """Return what makes the bytes of a tar from keyword descriptions of its members."""

    def make(*members: dict[str, object], mode: str = "w") -> bytes:
        return make_tar([Member(**member) for member in members], mode)  # type: ignore[arg-type]

    return make


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[..., Path]:
    """Return what unpacks bytes below a fresh directory and returns that directory."""
    root = tmp_path / "outside" / "prefix"
    root.mkdir(parents=True)

    def run(data: bytes, *, compression: str = "", bounds: Bounds | None = None) -> Path:
        PrefixUnpacker(root, bounds).tar(io.BytesIO(data), compression=compression)
        return root

    return run


@pytest.fixture
def http() -> Iterator[Client]:
    """Return the product's own client; the tests' assets are files of this machine."""
    client = Client(NetworkSettings(timeout_seconds=5))
    yield client
    client.close()


@pytest.fixture
def asset_of() -> Callable[..., Asset]:
    """Return what describes a file as an asset with its true digest."""

    def describe(path: Path, *, role: AssetRole = AssetRole.MAIN) -> Asset:
        data = path.read_bytes()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return Asset(name=path.name, url=path.as_uri(), size=len(data), digest=digest, role=role)

    return describe


@pytest.fixture
def needs() -> Callable[[str], None]:
    """Return what skips a test where a program of the machine is missing."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")

    return check


class FunctionScenario:
    """A scenario whose steps are functions of a test."""

    name = "functions"
    title = "what a test asks for"

    def __init__(self) -> None:
        self.steps: tuple[Step, ...] = ()
        self.causes: tuple[Cause, ...] = ()
        self.isolation = IsolationNeeds()
        self.installers: tuple[str, ...] = ("copy",)
        self.logs: tuple[str, ...] = ()
        self.finished: list[str] = []
        self.finishing: Callable[[Bench], None] = lambda _: None

    def self_test(self, bench: Bench) -> StepSaid:
        done = bench.run(["sh", "-c", "echo fine"])
        return StepSaid.passed(done.stdout.strip()) if done.exit_code == 0 else StepSaid.error(done.output)

    def cause_logs(self, bench: Bench) -> tuple[str, ...]:
        assert bench.workspace.is_dir()
        return self.logs

    def finish(self, bench: Bench) -> None:
        self.finished.append(str(bench.workspace))
        self.finishing(bench)

    def recipe(
        self, combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script"
    ) -> str:
        return f"{form}: {combination} {sorted(assets)}"

    def add(
        self, capability: str, run: Callable[[Bench], StepSaid], *, seconds: float = 20.0, root: bool = False
    ) -> None:
        number = len(self.steps)
        step = Step(
            name=f"step-{number}",
            capability=capability,
            exercises=frozenset({"tool"}),
            time_limit_seconds=seconds,
            run=run,
            needs_root=root,
        )
        self.steps = (*self.steps, step)


class CopyInstaller:
    """Makes each file of a release executable under its own name."""

    name = "copy"
    fetches = False

    def install(self, request: InstallRequest) -> None:
        for asset, path in request.files.items():
            (request.staging / asset.name).write_bytes(path.read_bytes())
            (request.staging / asset.name).chmod(0o755)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A runner for one scenario and one component, whose release is a shell script that says its version."""

    runner: Runner
    scenario: FunctionScenario
    releases: Mapping[Value, Release]
    combination: Combination
    home: Path

    def run(self, *, limit_factor: float = 1.0) -> Run:
        job = Job(combination=self.combination, kind=JobKind.NAMED, reason="a test asks", limit_factor=limit_factor)
        return self.runner.run(job, self.releases, {})


@pytest.fixture
def lab(tmp_path: Path, http: Client, asset_of: Callable[..., Asset]) -> Lab:
    """Return a runner with a scenario that has no steps yet."""
    script = tmp_path / "tool"
    script.write_text("#!/bin/sh\necho tool 1.0\n", encoding="utf-8")
    release = Release(
        component="tool", version="1.0", upstream_version="1.0", line="l", channel="c", assets=(asset_of(script),)
    )
    factors = (Factor(name="tool", title="", components=("tool",)), Factor(name="colour", title="", variants=("red",)))
    profile = Profile(
        name="p",
        title="",
        factors=factors,
        scenario="functions",
        capabilities=("one", "two", "three"),
        required=("one",),
        host_key=("platform", "phase-of-the-moon"),
    )
    scenario = FunctionScenario()
    component = Component(
        name="tool", title="", source="", scheme="", installer="copy", binaries={"tool": ("bin/tool", "tool")}
    )
    registry = Registry(
        components={"tool": component},
        installers={"copy": CopyInstaller()},
        scenarios={"functions": scenario},
        profiles={"p": profile},
    )
    home = tmp_path / "home"
    config = Config(home=home, site_dir=home / "site")
    values = {factors[0].value("1.0"): release}
    return Lab(
        runner=Runner(registry=registry, profile=profile, config=config, http=http),
        scenario=scenario,
        releases=values,
        combination=Combination.of([*values, factors[1].value("red")]),
        home=home,
    )
