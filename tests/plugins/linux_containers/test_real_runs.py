"""Real containers of real releases: what passes, what fails and why, and what is left afterwards.

No version is expected here: what to expect of a release is read from the release itself.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.model import Job, JobKind, Outcome
from tracker.smoke.cgroups import groups_named
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from tests.plugins.linux_containers.conftest import Bed
    from tracker.model import Release, Run

pytestmark = [pytest.mark.machine, pytest.mark.archive]

_ALL = ["installs", "starts", "runs", "networks"]


def _by_capability(run: Run) -> dict[str, str]:
    told: dict[str, str] = {}
    for step in run.steps:
        if told.get(step.capability, "PASS") == "PASS":
            told[step.capability] = str(step.outcome)
    return told


def _host_libc() -> tuple[int, int]:
    major, minor = (os.confstr("CS_GNU_LIBC_VERSION") or "glibc 0.0").split()[1].split(".")[:2]
    return int(major), int(minor)


def _left(bed: Bed) -> dict[str, object]:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return {
        "mounts": sorted(line.split()[1] for line in mounts),
        "groups": groups_named(RunDirs(bed.home / "runs").cgroup_of("")),
        "links": sorted(os.listdir("/sys/class/net")),  # noqa: PTH208 - names alone
        "programs": sorted(
            one.pid for one in psutil.process_iter(["cmdline"]) if str(bed.home) in " ".join(one.info["cmdline"] or [])
        ),
        "runs": [path.name for path in (bed.home / "runs").iterdir() if path.is_dir()],
        "leases": [path for path in ("/run/containerd", "/var/lib/cni/networks/smoke") if Path(path).exists()],
    }


def test_the_test_bed_works(bed: Bed) -> None:
    said = bed.runner.self_test(bed.tools)

    assert said.outcome is Outcome.PASS, said.reason


def test_this_debians_own_parts_work_together_and_nothing_is_left(bed: Bed) -> None:
    bed.runner.self_test(bed.tools)
    before = _left(bed)

    run = bed.run()

    assert run.reason == ""
    assert _by_capability(run) == dict.fromkeys(_ALL, "PASS"), run.steps
    assert _left(bed) == before
    assert "containerd successfully booted" in run.logs["containerd"]
    assert {name.split("/")[0] for name in run.artifacts} == {"containerd", "runc", "cni-plugins", "busybox"}


def test_every_container_manager_that_starts_is_told_by_its_own_version(bed: Bed) -> None:
    for release in bed.of("containerd"):
        run = bed.run(release)
        first = run.steps[0]
        if first.outcome is Outcome.PASS:
            assert release.upstream_version in first.reason
        else:
            assert first.cause_name == "libc-too-old"


def _newer(bed: Bed, component: str) -> list[Release]:
    return [one for one in bed.of(component) if bed.needed_libc(bed.program(one, "runtime")) > _host_libc()]


@pytest.mark.parametrize("component", ["runc", "crun"])
def test_a_runtime_for_a_newer_c_library_fails_where_it_is_installed(component: str, bed: Bed) -> None:
    newer = _newer(bed, component)
    if not newer:
        pytest.skip(f"the archive has no {component} that is too new for this host")

    run = bed.run(newer[0])

    assert run.outcome is Outcome.FAIL
    assert [step.outcome for step in run.steps[:3]] == [Outcome.PASS, Outcome.FAIL, Outcome.NOT_REACHED]
    failed = run.steps[1]
    assert (failed.cause_name, failed.is_deterministic) == ("libc-too-old", True)
    assert failed.exercises == {"runtime"}
    assert "GLIBC_" in failed.cause
    assert str(bed.home) not in failed.cause


def test_a_cni_version_that_the_plugins_do_not_speak_fails_there(bed: Bed) -> None:
    spec = bed.profile.factor("cni-spec").variants[0]
    too_old = [one for one in bed.of("cni-plugins") if spec not in bed.spoken_by(one)]
    if not too_old:
        pytest.skip(f"all plugins of the archive speak CNI {spec}")

    run = bed.run(too_old[0], spec=spec)

    failed = run.steps[-1]
    assert _by_capability(run) == {"installs": "PASS", "starts": "PASS", "runs": "PASS", "networks": "FAIL"}
    assert (failed.cause_name, failed.is_deterministic) == ("cni-spec-unknown-to-plugin", True)
    assert f'config is "{spec}"' in failed.cause
    assert "(add)" in failed.cause


def test_a_cni_answer_that_containerd_does_not_understand_is_not_the_plugins_fault(bed: Bed) -> None:
    spec = bed.profile.factor("cni-spec").variants[0]
    speaking = [one for one in bed.of("cni-plugins") if spec in bed.spoken_by(one)]
    if not speaking:
        pytest.skip(f"no plugins of the archive speak CNI {spec}")

    runs = [bed.run(containerd, speaking[0], spec=spec) for containerd in bed.of("containerd")]

    failed = [run.steps[-1] for run in runs if run.outcome is Outcome.FAIL and run.steps[-1].capability == "networks"]
    reached = [step for step in failed if step.outcome is Outcome.FAIL]
    assert {step.cause_name for step in reached} <= {"cni-result-unknown-to-containerd"}
    assert reached or any(run.outcome is Outcome.PASS for run in runs)


def test_crun_is_told_apart_from_what_the_host_lacks(bed: Bed) -> None:
    known = {"libc-too-old", "crun-refuses-hybrid-cgroups", "oci-version-unknown-to-crun"}

    for release in bed.of("crun"):
        run = bed.run(release)
        failed = [step for step in run.steps if step.outcome is Outcome.FAIL]
        assert run.outcome in {Outcome.PASS, Outcome.FAIL}, run.reason
        assert {step.cause_name for step in failed} <= known, failed


def test_the_failing_step_keeps_all_that_was_said(bed: Bed) -> None:
    spec = bed.profile.factor("cni-spec").variants[0]

    run = bed.run(spec=spec)

    if run.outcome is Outcome.FAIL:
        assert "$ " in run.steps[-1].log
        assert "[exit code" in run.steps[-1].log


def test_two_lanes_do_not_disturb_each_other(bed: Bed) -> None:
    combination, values = bed.combine(spec="1.0.0")
    job = Job(combination=combination, kind=JobKind.NAMED, reason="a test asks", limit_factor=3.0)
    before = _left(bed)

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: bed.runner.run(job, values, bed.tools), range(8)))

    assert [run.outcome for run in runs] == [Outcome.PASS] * 8, [run.steps for run in runs]
    assert _left(bed) == before


def _run_elsewhere(bed: Bed, before: list[str], code: str) -> subprocess.Popen[str]:
    """Start another process that runs this machine's own combination out of the same home, without network."""
    combination, values = bed.combine(spec="0.4.0")
    bed.runner.prepare([*values.values(), *bed.tools.values()])
    handed = bed.home / "handed.pickle"
    handed.write_bytes(pickle.dumps((str(bed.home), combination, values, dict(bed.tools))))
    script = f"""
import pickle, sys
from pathlib import Path
from tracker.config import Config
from tracker.http import Client
from tracker.model import Job, JobKind
from tracker.protocols import NetworkSettings
from tracker.registry import build_registry
from tracker.smoke.runner import Runner

home, combination, values, tools = pickle.loads(Path({str(handed)!r}).read_bytes())
registry = build_registry()
config = Config(home=Path(home), site_dir=Path(home) / "site")
runner = Runner(
    registry=registry,
    profile=registry.profiles["linux-containers"],
    config=config,
    http=Client(NetworkSettings(offline=True)),
)
job = Job(combination=combination, kind=JobKind.NAMED, reason="elsewhere")
{textwrap.dedent(code)}
"""
    return subprocess.Popen(
        [*before, sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def test_a_tracker_that_is_killed_amid_a_container_leaves_nothing_after_the_next_start(bed: Bed) -> None:
    bed.run()
    before = _left(bed)
    process = _run_elsewhere(
        bed,
        [],
        """
        def stop_here(bench):
            bench.begin_step(60.0)
            ctr = [bench.binary("containerd", "ctr"), "--address", "/run/smoke.sock", "run", "--detach", "--cni"]
            runtime = ["--runc-binary", bench.binary("runtime", "runtime")]
            group = ["--cgroup", bench.facts["run.cgroup"] + "/long"]
            done = bench.run([*ctr, *runtime, *group, "localhost/smoke:1", "long", "/bin/busybox", "sleep", "4713"])
            assert done.exit_code == 0, done
            print("amid", flush=True)
            sys.stdin.read()
        registry.scenarios["linux-containers"].finish = stop_here
        runner.run(job, values, tools)
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "amid\n"
    family = psutil.Process(process.pid).children(recursive=True)
    inside = [
        one for one in psutil.process_iter(["cmdline"]) if "containerd.toml" in " ".join(one.info["cmdline"] or [])
    ]
    assert family

    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=10)

    _, alive = psutil.wait_procs([*family, *inside], timeout=10)
    assert alive == []
    assert RunDirs(bed.home / "runs").sweep() == ()
    assert _left(bed) == before


def test_without_root_the_versions_are_still_told_and_the_rest_is_skipped(bed: Bed) -> None:
    for path in (bed.home, *bed.home.parents):
        if path != Path("/") and path.stat().st_mode & 0o055 != 0o055:
            path.chmod(path.stat().st_mode | 0o055)
    capabilities = "+dac_override,+dac_read_search"  # the home is root's; a plain user has one of their own
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    process = _run_elsewhere(
        bed,
        [*nobody, f"--inh-caps={capabilities}", f"--ambient-caps={capabilities}"],
        """
        run = runner.run(job, values, tools)
        for step in run.steps:
            print(step.capability, step.outcome, step.reason)
        print(runner.self_test(tools).outcome, run.outcome, run.reason)
        """,
    )
    told, _ = process.communicate(timeout=120)

    lines = told.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["installs", "PASS"]] * 3, told
    reason = "needs root, and this process does not have it"
    assert lines[3:6] == [f"{name} SKIP {reason}" for name in _ALL[1:]]
    assert lines[6].split() == ["SKIP", "SKIP"]


def test_a_leftover_bridge_and_a_poisoned_address_pool_of_the_host_are_nothing_to_a_run(bed: Bed) -> None:
    pool = Path("/var/lib/cni/networks/smoke")
    was_there = [path.exists() for path in (pool, pool.parent, pool.parent.parent)]
    pool.mkdir(parents=True, exist_ok=True)
    leases = [pool / f"10.99.0.{number}" for number in range(2, 255)]
    subprocess.run(["ip", "link", "add", "smoke0", "type", "bridge"], check=True)
    try:
        for lease in leases:
            lease.write_text("a run that is gone\r\neth0", encoding="utf-8")
        combination, values = bed.combine(spec="1.0.0")
        job = Job(combination=combination, kind=JobKind.NAMED, reason="a test asks")

        run = bed.runner.run(job, values, bed.tools)

        assert run.outcome is Outcome.PASS, (run.reason, run.steps)
        assert all(lease.exists() for lease in leases)
        assert "smoke0" in os.listdir("/sys/class/net")  # noqa: PTH208 - names alone
    finally:
        subprocess.run(["ip", "link", "delete", "smoke0"], check=True)
        for lease in leases:
            lease.unlink(missing_ok=True)
        for path, stays in zip((pool, pool.parent, pool.parent.parent), was_there, strict=True):
            if not stays and not any(path.iterdir()):
                path.rmdir()
