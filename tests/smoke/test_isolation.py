"""What a run has for itself as root on Linux, and that nothing of it stays, even when the tracker is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.errors import SmokeError
from tracker.model import Outcome
from tracker.protocols import IsolationNeeds, StepSaid
from tracker.smoke.cgroups import RunCgroup, groups_named, hierarchies
from tracker.smoke.linux import LinuxIsolation
from tracker.smoke.mountpoints import MountPoints, remove_made
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.smoke.conftest import Lab
    from tracker.protocols import Bench

pytestmark = pytest.mark.machine

_NEEDS = IsolationNeeds(fresh_dirs=("/run", "/etc/tracker-test-fresh"), network=True, cgroup=True)


def _machine(runs: Path) -> dict[str, object]:
    """Return what runs of one home could leave on the machine, as the kernel tells it."""
    return {
        "mounts": sorted(
            line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        ),
        "groups": groups_named(RunDirs(runs).cgroup_of("")),
        "links": sorted(os.listdir("/sys/class/net")),  # noqa: PTH208 - names alone
        "directories": [path for path in _NEEDS.fresh_dirs if Path(path).exists()],
    }


def _shell(script: str) -> Callable[[Bench], StepSaid]:
    def run(bench: Bench) -> StepSaid:
        done = bench.run(["sh", "-c", script])
        return StepSaid.passed(done.output) if done.exit_code == 0 else StepSaid.failed(done.output)

    return run


@pytest.fixture
def isolated(lab: Lab) -> Lab:
    lab.scenario.isolation = _NEEDS
    return lab


def test_a_run_sees_its_own_processes_network_and_directories(isolated: Lab) -> None:
    Path("/run/tracker-test-marker").touch()
    isolated.scenario.add("one", _shell("ls /proc | grep -c '^[0-9]'"))
    isolated.scenario.add(
        "one", _shell("ls /sys/class/net >/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '")
    )
    isolated.scenario.add("one", _shell("ls -A /run /etc/tracker-test-fresh"))
    isolated.scenario.add("one", _shell("touch /run/x && pwd && hostname other"))

    run = isolated.run()
    Path("/run/tracker-test-marker").unlink()

    assert run.outcome is Outcome.PASS
    processes, links, listing, place = (step.reason for step in run.steps)
    assert int(processes) < 8
    assert links == "lo"
    assert listing.split() == ["/etc/tracker-test-fresh:", "/run:"]
    assert place == isolated.scenario.finished[0]


def test_a_run_is_in_control_groups_of_its_own_in_every_hierarchy(isolated: Lab) -> None:
    def looks(bench: Bench) -> StepSaid:
        groups = bench.run(["cat", "/proc/self/cgroup"]).stdout.splitlines()
        own = bench.facts["run.cgroup"]
        return StepSaid.passed(str(sum(line.split(":", 2)[2].startswith(f"{own}/") for line in groups)))

    isolated.scenario.add("one", looks)

    assert int(isolated.run().steps[0].reason) == len(hierarchies())


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 0", id="passes"),
        pytest.param("exit 1", id="fails"),
        pytest.param("setsid sleep 600 & setsid nohup sleep 601 >/dev/null 2>&1 & exit 0", id="leaves daemons"),
        pytest.param("mkdir -p /run/m && mount -t tmpfs x /run/m && mount -t tmpfs y .", id="leaves mounts"),
        pytest.param("ls /proc/self/fd; mkdir -p a/b; chmod 0 a; touch /etc/tracker-test-fresh/x", id="leaves files"),
    ],
)
def test_nothing_is_left_of_a_run(script: str, isolated: Lab) -> None:
    before = _machine(isolated.home / "runs")
    processes = {one.pid for one in psutil.process_iter() if "sleep" in one.name()}
    isolated.scenario.add("one", _shell(script))

    run = isolated.run()

    assert run.reason == ""
    assert _machine(isolated.home / "runs") == before
    assert not [one for one in psutil.process_iter() if "sleep" in one.name() and one.pid not in processes]


def test_a_group_that_a_run_made_below_its_own_is_removed(isolated: Lab) -> None:
    before = _machine(isolated.home / "runs")

    def makes(bench: Bench) -> StepSaid:
        for root in hierarchies():
            (root / bench.facts["run.cgroup"].lstrip("/") / "container" / "inner").mkdir(parents=True)
        return StepSaid.passed()

    isolated.scenario.add("one", makes)

    assert isolated.run().outcome is Outcome.PASS
    assert _machine(isolated.home / "runs") == before


def test_a_failure_after_the_surroundings_fell_is_an_error(isolated: Lab) -> None:
    def falls(bench: Bench) -> StepSaid:
        anchor = next(one for one in psutil.Process().children() if "unshare" in one.name())
        anchor.kill()
        anchor.wait(10)
        done = bench.run(["true"])
        return StepSaid.failed(done.output)

    isolated.scenario.add("one", falls)

    run = isolated.run()

    assert run.outcome is Outcome.ERROR
    assert "surroundings ended" in run.steps[0].reason


def test_surroundings_that_cannot_be_made_leave_nothing(tmp_path: Path) -> None:
    before = _machine(tmp_path / "runs")
    runs = RunDirs(tmp_path / "runs")
    run = runs.create()

    with pytest.raises(SmokeError, match="tracker-test"):
        LinuxIsolation(
            IsolationNeeds(fresh_dirs=("/proc/tracker-test",), cgroup=True), runs.directory, runs.cgroup_of(run.name)
        )

    run.remove()
    assert _machine(tmp_path / "runs") == before


def test_a_home_below_a_fresh_directory_is_refused(tmp_path: Path) -> None:
    needs = IsolationNeeds(fresh_dirs=(str(tmp_path),))

    with pytest.raises(SmokeError, match="Choose another home"):
        LinuxIsolation(needs, tmp_path / "runs", "tracker-none")


_VICTIM = """
    import sys
    from pathlib import Path
    import psutil
    from tracker.model import Combination
    from tracker.protocols import IsolationNeeds
    from tracker.smoke.isolation import probe_ability
    from tracker.smoke.surroundings import Surroundings
    from tracker.smoke.sweep import RunDirs

    needs = IsolationNeeds(fresh_dirs=("/run", "/etc/tracker-test-fresh"), network=True, cgroup=True)
    surroundings = Surroundings(
        RunDirs(Path(sys.argv[1])), probe_ability(), needs, combination=Combination.of([]), installed={}, facts={}
    )
    bench = surroundings.bench
    bench.begin_step(60.0)
    daemon = bench.start(["sh", "-c", "setsid sleep 4711 & mount -t tmpfs x . ; echo up; exec sleep 4712"], name="d")

    def sleeping():
        commands = [one.info["cmdline"] or [""] for one in psutil.process_iter(["cmdline"])]
        return sum(command[-1] in {"4711", "4712"} for command in commands)

    assert bench.wait_until(lambda: "up" in daemon.output() and sleeping() == 2, what="the daemon")
    for root in [line.split()[1] for line in open("/proc/self/mounts") if line.split()[2].startswith("cgroup")]:
        Path(root, bench.facts["run.cgroup"].lstrip("/"), "container").mkdir()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("victim", ["tracker", "tracker and unshare"])
def test_a_killed_tracker_leaves_no_process_and_the_next_start_sweeps_the_rest(victim: str, tmp_path: Path) -> None:
    before = _machine(tmp_path / "runs")
    directory = tmp_path / "runs"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_VICTIM), directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    family = psutil.Process(process.pid).children(recursive=True)
    sleeping = [
        one for one in psutil.process_iter(["cmdline"]) if (one.info["cmdline"] or [""])[-1] in {"4711", "4712"}
    ]
    assert len(sleeping) == 2

    if victim == "tracker and unshare":
        next(one for one in family if "unshare" in one.name()).kill()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdin.close()
    process.stdout.close()

    _, alive = psutil.wait_procs([*family, *sleeping], timeout=10)
    assert alive == []
    assert RunDirs(directory).sweep() == ()
    assert [path.name for path in directory.iterdir() if path.is_dir()] == []
    assert _machine(tmp_path / "runs") == before


def test_a_sweep_ends_processes_that_a_killed_run_left_in_its_groups(tmp_path: Path) -> None:
    runs = RunDirs(tmp_path / "runs")
    (tmp_path / "runs/dead0000").mkdir(parents=True)
    group = RunCgroup(runs.cgroup_of("dead0000"))
    group.create()
    stray = subprocess.Popen(["sleep", "600"])
    group.procs_files[0].write_text(str(stray.pid), encoding="utf-8")
    assert group.processes() == (stray.pid,)

    assert runs.sweep() == ()

    assert stray.wait(10) == -signal.SIGKILL
    assert groups_named(group.name) == ()


def test_a_group_whose_directory_is_gone_is_swept_too(tmp_path: Path) -> None:
    runs = RunDirs(tmp_path / "runs")
    (tmp_path / "runs").mkdir()
    group = RunCgroup(runs.cgroup_of("gone0000"))
    group.create()

    assert runs.sweep() == ()
    assert groups_named(group.name) == ()


def test_a_sweep_leaves_living_runs_and_other_homes_alone(tmp_path: Path) -> None:
    mine, other = RunDirs(tmp_path / "runs"), RunDirs(tmp_path / "other")
    living = mine.create()
    groups = [RunCgroup(mine.cgroup_of(living.name)), RunCgroup(other.cgroup_of("theirs"))]
    for group in groups:
        group.create()

    assert mine.sweep() == ()

    assert living.workspace.is_dir()
    assert [groups_named(group.name) for group in groups] == [(group.name,) for group in groups]
    assert [problem for group in groups for problem in group.remove()] == []
    assert living.remove() == ()


def test_a_machine_that_cannot_be_cleaned_makes_every_run_an_error(isolated: Lab) -> None:
    stuck = isolated.home / "runs" / "stuck000"
    stuck.mkdir(parents=True)
    (stuck / "file").touch()
    subprocess.run(["chattr", "+i", stuck / "file"], check=False, capture_output=True)
    isolated.scenario.add("one", _shell("true"))
    try:
        if os.access(stuck / "file", os.W_OK) and not _is_immutable(stuck / "file"):
            pytest.skip("this file system has no immutable files")
        first = isolated.run()
    finally:
        subprocess.run(["chattr", "-i", stuck / "file"], check=False, capture_output=True)
    second = isolated.run()

    assert first.outcome is Outcome.ERROR
    assert "the machine is not clean" in first.reason
    assert "stuck000" in first.reason
    assert second.outcome is Outcome.PASS


def _is_immutable(path: Path) -> bool:
    try:
        path.open("a").close()
    except PermissionError:
        return True
    return False


def test_mount_points_are_shared_and_removed_by_the_last_user(tmp_path: Path) -> None:
    wanted = [str(tmp_path / "a/b"), str(tmp_path)]
    first, second = MountPoints(tmp_path / "made"), MountPoints(tmp_path / "made")
    first.acquire(wanted)
    second.acquire(wanted)

    assert first.release() == []
    assert Path(wanted[0]).is_dir()
    assert second.release() == []
    assert not (tmp_path / "a").exists()
    assert tmp_path.is_dir()


def test_a_mount_point_that_somebody_uses_now_stays(tmp_path: Path) -> None:
    points = MountPoints(tmp_path / "made")
    points.acquire([str(tmp_path / "a")])
    (tmp_path / "a/theirs").touch()

    assert points.release() == []
    assert remove_made(tmp_path / "made") == []
    assert (tmp_path / "a/theirs").exists()
