"""Real releases of this machine's Debian archive, and a runner for them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config
from tracker.http import Client
from tracker.model import AssetRole, Combination, Job, JobKind
from tracker.protocols import NetworkSettings, PollRequest
from tracker.protocols.scenario import RecipeFile
from tracker.protocols.source import Observed
from tracker.registry import build_registry
from tracker.smoke.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.model import Asset, Profile, Release, Run, Value
    from tracker.registry import Registry

_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """What the archive offers, and what runs it."""

    registry: Registry
    profile: Profile
    runner: Runner
    home: Path
    releases: tuple[Release, ...]
    codename: str
    tools: Mapping[str, Release]
    made: dict[Combination, Run] = field(default_factory=dict)

    def own(self, component: str) -> Release:
        """Return what this machine's own Debian release offers."""
        return next(one for one in self.of(component) if one.line == self.codename)

    def of(self, component: str) -> list[Release]:
        """Return all versions of a component that the archive offers."""
        found = {one.version: one for one in self.releases if one.component == component}
        return list(found.values())

    def combine(self, *releases: Release, spec: str) -> tuple[Combination, dict[Value, Release]]:
        """Return a combination: the given releases, and this machine's own ones for the other factors."""
        chosen: dict[str, Release] = {}
        for release in releases:
            factor = next(one for one in self.profile.factors if release.component in one.components)
            chosen[factor.name] = release
        for factor in self.profile.factors:
            if factor.components:
                chosen.setdefault(factor.name, self.own(factor.components[0]))
        values = {self.profile.factor(name).value(one.version, one.component): one for name, one in chosen.items()}
        return Combination.of([*values, self.profile.factor("cni-spec").value(spec)]), values

    def run(self, *releases: Release, spec: str = "0.4.0") -> Run:
        """Run a combination once for all tests."""
        combination, values = self.combine(*releases, spec=spec)
        if combination not in self.made:
            job = Job(combination=combination, kind=JobKind.NAMED, reason="a test asks")
            self.made[combination] = self.runner.run(job, values, self.tools)
        return self.made[combination]

    def prefix(self, release: Release) -> Path:
        """Return where a release is installed, installing it when needed."""
        self.runner.prepare([release])
        parts = re.sub(r"[^A-Za-z0-9.+~_-]", "_", release.version)
        return next((self.home / "prefixes" / release.component).glob(f"{parts}-*"))

    def program(self, release: Release, name: str) -> Path:
        """Return an installed executable."""
        candidates = self.registry.components[release.component].binaries[name]
        return next(path for one in candidates if (path := self.prefix(release) / one).exists())

    def spoken_by(self, release: Release) -> list[str]:
        """Return the CNI versions that the plugins themselves say they speak."""
        done = subprocess.run(
            [self.program(release, "bridge")],
            env={"CNI_COMMAND": "VERSION"},
            input='{"cniVersion":"0.4.0"}',
            capture_output=True,
            text=True,
            check=True,
        )
        return re.findall(r'"(\d+\.\d+\.\d+)"', done.stdout.partition("supportedVersions")[2])

    @staticmethod
    def needed_libc(program: Path) -> tuple[int, int]:
        """Return the newest C library that a program asks for, as read from its own bytes."""
        found = [(int(major), int(minor)) for major, minor in _GLIBC.findall(program.read_bytes())]
        return max(found, default=(2, 0))

    def recipe(self, combination: Combination, values: Mapping[Value, Release]) -> str:
        """Return the recipe of a combination."""
        releases = {value.factor: release for value, release in values.items()} | dict(self.tools)
        files = {name: [_recipe_file(asset) for asset in one.assets] for name, one in releases.items()}
        return self.registry.scenarios[self.profile.scenario].recipe(combination, files)


def _recipe_file(asset: Asset) -> RecipeFile:
    name, url, digest = asset.name, asset.url, asset.digest or ""
    return RecipeFile(name=name, url=url, digest=digest, is_library=asset.role is AssetRole.LIBRARY)


@pytest.fixture(scope="session")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """Return the test bed; tests that use it are marked ``archive`` and ``machine``."""
    registry = build_registry()
    profile = registry.profiles["linux-containers"]
    home = tmp_path_factory.mktemp("home")
    components = [registry.components[name] for name in profile.component_names]
    source, options = registry.sources["debian"], profile.source_options["debian"]
    client = Client(NetworkSettings())
    releases: list[Release] = []
    for target in source.targets(components, options):
        request = PollRequest(
            target=target, http=client, cursor="", options=options, cache_dir=home / "cache", now=datetime.now(UTC)
        )
        answer = source.poll(request)
        assert isinstance(answer, Observed)
        releases += answer.releases
    codename = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines() if "=" in line
    )["VERSION_CODENAME"].strip('"')
    newest = [one for one in releases if one.component == "busybox" and one.line == codename]
    runner = Runner(registry=registry, profile=profile, config=Config(home=home, site_dir=home / "site"), http=client)
    yield Bed(
        registry=registry,
        profile=profile,
        runner=runner,
        home=home,
        releases=tuple(releases),
        codename=codename,
        tools={"busybox": newest[0]},
    )
    client.close()
