"""Releases with programs for Windows are found, fetched, verified, installed, started, asked and judged under Wine.

The programs are genuine executables for Windows, built here; they behave as the upstreams' own do up to the point that
Wine reaches. With the upstreams' own builds the same was done by hand, see docs/windows.md.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from githubdouble import GOOD_TOKEN, GitHubDouble, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROGRAMS = Path(__file__).parent / "programs"
COMPILER = "x86_64-w64-mingw32-gcc"
LACKING = [name for name in (COMPILER, "wine") if shutil.which(name) is None]
WCN = "microsoft/windows-container-networking"
OTHERS = ("containerd/nerdctl", "TBBle/windows-container-networking", "microsoft/hcsshim", "opencontainers/runc")
OLD, NEW = '\\"0.2.0\\",\\"0.3.0\\"', '\\"0.2.0\\",\\"0.3.0\\",\\"0.4.0\\",\\"1.0.0\\"'

pytestmark = [
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
    pytest.mark.timeout(600),
]


def _build(directory: Path, source: str, name: str, **macros: str) -> Path:
    program = directory / name
    program.parent.mkdir(parents=True, exist_ok=True)
    defines = [f'-D{macro}="{value}"' for macro, value in macros.items()]
    subprocess.run([COMPILER, "-O1", *defines, "-o", program, PROGRAMS / source], check=True, timeout=120)
    return program


def _tar(files: Mapping[str, Path]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, path in files.items():
            archive.add(path, name)
    return out.getvalue()


def _zip(files: Mapping[str, Path]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            archive.write(path, name)
    return out.getvalue()


def _publish(world: World, repository: str, tag: str, name: str, content: bytes, checksum: str) -> None:
    digest = hashlib.sha256(content).hexdigest()
    world[repository].publish(tag, files={name: content, f"{name}{checksum}": f"{digest}  {name}\n".encode()})


def _containerd(directory: Path, version: str) -> bytes:
    daemon = _build(directory / version, "daemon.c", "containerd.exe", VERSION=version)
    client = _build(directory / version, "client.c", "ctr.exe", VERSION=version)
    return _tar({"bin/containerd.exe": daemon, "bin/ctr.exe": client})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    directory = tmp_path_factory.mktemp("builds")
    world = World()
    for name in ("containerd/containerd", WCN, "containernetworking/plugins", *OTHERS):
        world.add_repository(name)
    for version in ("1.7.14", "2.1.4"):
        archive = f"containerd-{version}-windows-amd64.tar.gz"
        _publish(world, "containerd/containerd", f"v{version}", archive, _containerd(directory, version), ".sha256sum")
    for version, spoken in (("0.3.0", OLD), ("0.3.1", NEW)):
        plugin = _build(directory / version, "plugin.c", "nat.exe", NAME="WinCni", SPOKEN=spoken)
        archive = f"windows-container-networking-cni-amd64-v{version}.zip"
        _publish(world, WCN, f"v{version}", archive, _zip({"nat.exe": plugin}), ".sha256")
    return world


@dataclass
class Box:
    """A machine that runs the programs of Windows under Wine."""

    directory: Path
    api_url: str

    def __post_init__(self) -> None:
        self.directory.mkdir(exist_ok=True)
        (self.directory / "tracker.toml").write_text(
            f"""schema = 1
[host]
platform = "windows"
launcher = "wine"
[network]
timeout_seconds = 5
[smoke]
lanes = 2
budget_jobs = 8
[sources.github]
api_url = "{self.api_url}"
web_url = "{self.api_url}"
[sources.git]
base_url = "{self.api_url}"
""",
            encoding="utf-8",
        )

    def tracker(self, *argv: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "GITHUB_TOKEN": GOOD_TOKEN}
        command = [sys.executable, "-m", "tracker", *argv]
        return subprocess.run(
            command, cwd=self.directory, env=env, capture_output=True, text=True, check=False, timeout=400
        )

    def smoke(self, *pins: str) -> dict[str, Any]:
        done = self.tracker("smoke", *pins, "--json")
        assert done.stdout, done.stderr
        run: dict[str, Any] = json.loads(done.stdout)
        return run


@pytest.fixture(scope="module")
def box(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with GitHubDouble(world, tokens=[GOOD_TOKEN]) as github:
        box = Box(tmp_path_factory.mktemp("box"), github.api_url)
        done = box.tracker("poll")
        assert done.returncode == 3, "the registries of the images are not there, which is said"
        assert "containerd/containerd" in done.stdout
        yield box


def _steps(run: Mapping[str, Any]) -> dict[str, str]:
    return {step["name"]: step["outcome"] for step in run["steps"]}


def _reason(run: Mapping[str, Any], name: str) -> str:
    (step,) = [step for step in run["steps"] if step["name"] == name]
    reason: str = step["reason"]
    return reason


def test_a_daemon_and_plugins_start_and_answer_up_to_the_border_of_wine(box: Box) -> None:
    run = box.smoke("containerd=2.1.4", "cni=windows-container-networking@0.3.1", "cni-spec=1.0.0")

    steps = _steps(run)
    assert [steps[name] for name in ("install-containerd", "install-cni", "cni-version")] == ["PASS"] * 3
    assert [steps[name] for name in ("configure-containerd", "start-containerd")] == ["PASS"] * 2
    assert _reason(run, "configure-containerd") == "configuration version 3"
    assert "1 of 2 plugins are ready, in error: io.containerd.cri.v1.images" in _reason(run, "start-containerd")
    assert steps["pull-image"] == "SKIP"
    assert run["environment"]["windows.edition"] == "Wine"


def test_a_plugin_that_does_not_speak_what_is_written_fails_with_both_versions(box: Box) -> None:
    run = box.smoke("containerd=1.7.14", "cni=windows-container-networking@0.3.0", "cni-spec=1.0.0")

    assert run["outcome"] == "FAIL"
    assert _steps(run)["cni-version"] == "FAIL"
    assert _reason(run, "cni-version") == (
        "The network configuration says CNI 1.0.0; nat of windows-container-networking 0.3.0 speaks 0.2.0, 0.3.0."
    )


def test_a_pass_publishes_which_plugin_speaks_the_version_that_nerdctl_writes(box: Box) -> None:
    box.tracker("up")

    page = (box.directory / "tracker-data" / "site" / "cni-versions.md").read_text(encoding="utf-8")
    assert "for nerdctl that is **windows-container-networking 0.3.1**" in page
    assert "**windows-container-networking 0.3.0** refused it" in page
    front = (box.directory / "tracker-data" / "site" / "index.md").read_text(encoding="utf-8")
    assert "for nerdctl that is **windows-container-networking 0.3.1**" in front
    declared = (box.directory / "tracker-data" / "site" / "declared.md").read_text(encoding="utf-8")
    assert "| **confirmed** | windows-container-networking 0.3.0 refuses CNI" in declared


def test_a_release_that_says_it_is_another_one_is_an_error_and_no_failure(
    box: Box, world: World, tmp_path: Path
) -> None:
    archive = "containerd-2.2.0-windows-amd64.tar.gz"
    _publish(world, "containerd/containerd", "v2.2.0", archive, _containerd(tmp_path, "9.9.9"), ".sha256sum")
    box.tracker("poll")

    run = box.smoke("containerd=2.2.0", "cni=windows-container-networking@0.3.1", "cni-spec=1.0.0")

    assert _steps(run)["install-containerd"] == "ERROR"
    assert "says it is 'containerd github.com/containerd/containerd/v2 v9.9.9" in _reason(run, "install-containerd")


def test_a_self_built_plugin_is_a_version_of_its_own(box: Box, tmp_path: Path) -> None:
    plugin = _build(tmp_path, "plugin.c", "nat.exe", NAME="WinCni", SPOKEN='\\"1.1.0\\"')

    run = box.smoke("containerd=2.1.4", f"cni=windows-container-networking@file:{plugin}", "cni-spec=1.1.0")

    assert _steps(run)["cni-version"] == "PASS"
    assert _steps(run)["start-containerd"] == "PASS"


def test_runs_leave_nothing_behind(box: Box) -> None:
    runs = box.directory / "tracker-data" / "runs"

    assert [path.name for path in runs.iterdir() if path.is_dir()] == []
    with_prefix = subprocess.run(["pgrep", "--full", str(runs)], capture_output=True, text=True, check=False)
    assert with_prefix.stdout == ""
