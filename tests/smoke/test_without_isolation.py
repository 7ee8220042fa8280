"""What still works where no namespaces can be had: programs run, end with the run, and steps for root are skipped."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.errors import SmokeError
from tracker.model import Combination, Outcome
from tracker.protocols import IsolationNeeds, StepSaid
from tracker.smoke.isolation import Ability
from tracker.smoke.locks import FileLock
from tracker.smoke.steps import run_steps
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.smoke.conftest import Lab
    from tracker.protocols import Bench

_PLAIN = Ability(can_isolate=False, reason="a test says so")


@pytest.fixture
def runs(tmp_path: Path) -> RunDirs:
    return RunDirs(tmp_path / "runs")


@pytest.fixture
def plain(runs: RunDirs) -> Iterator[Surroundings]:
    surroundings = Surroundings(
        runs, _PLAIN, IsolationNeeds(network=True), combination=Combination.of([]), installed={}, facts={"a": "b"}
    )
    surroundings.bench.begin_step(20.0)
    yield surroundings
    assert surroundings.close() == ()
    assert not surroundings.bench.workspace.exists()


def test_steps_for_root_are_skipped_and_all_after_them(plain: Surroundings, lab: Lab) -> None:
    def passes(bench: Bench) -> StepSaid:
        return StepSaid.passed(bench.run(["echo", "fine"]).stdout.strip())

    lab.scenario.add("one", passes)
    lab.scenario.add("two", passes, root=True)
    lab.scenario.add("three", passes)

    results = run_steps(lab.scenario, plain.bench, plain.isolation, limit_factor=1.0, no_root_reason=_PLAIN.reason)

    assert [(one.outcome, one.reason) for one in results] == [
        (Outcome.PASS, "fine"),
        (Outcome.SKIP, _PLAIN.reason),
        (Outcome.SKIP, _PLAIN.reason),
    ]


def test_programs_end_with_the_run(runs: RunDirs) -> None:
    surroundings = Surroundings(runs, _PLAIN, IsolationNeeds(), combination=Combination.of([]), installed={}, facts={})
    surroundings.bench.begin_step(20.0)
    daemon = surroundings.bench.start(["sh", "-c", "sleep 600 & echo up; wait"], name="daemon")
    assert surroundings.bench.wait_until(lambda: "up" in daemon.output(), what="the daemon")

    assert surroundings.close() == ()

    assert daemon.exit_code() == -signal.SIGKILL
    assert not [one for one in psutil.process_iter() if _is_in(one, surroundings.bench.workspace)]


def test_a_program_can_be_stopped(plain: Surroundings) -> None:
    daemon = plain.bench.start(["sleep", "600"], name="daemon")

    assert daemon.exit_code() is None
    assert daemon.stop(grace_seconds=10) == -signal.SIGTERM
    assert daemon.stop(grace_seconds=10) == -signal.SIGTERM


def test_a_name_is_given_to_one_program_only(plain: Surroundings) -> None:
    plain.bench.start(["true"], name="daemon")

    with pytest.raises(SmokeError, match="'daemon' was started before"):
        plain.bench.start(["true"], name="daemon")


def test_a_program_that_is_not_on_the_path_is_named(plain: Surroundings) -> None:
    with pytest.raises(SmokeError, match="/no/such: cannot be started"):
        plain.bench.run(["/no/such"])


def test_after_the_time_limit_nothing_more_is_run(plain: Surroundings) -> None:
    plain.bench.begin_step(0.0)

    done = plain.bench.run(["touch", "was-here"])

    assert (done.timed_out, done.exit_code) == (True, None)
    assert list(plain.bench.workspace.iterdir()) == []


def test_facts_of_the_host_are_handed_on(plain: Surroundings) -> None:
    assert plain.bench.facts == {"a": "b"}
    assert not plain.bench.is_root


def test_a_sweep_ends_programs_that_a_killed_run_left_in_its_directory(runs: RunDirs) -> None:
    dead = runs.directory / "dead0000" / "work"
    dead.mkdir(parents=True)
    stray = subprocess.Popen(["sleep", "600"], cwd=dead, start_new_session=True)

    assert runs.sweep() == ()

    assert not psutil.pid_exists(stray.pid)
    stray.wait(10)  # the sweep has reaped it, since it is our own child
    assert not dead.parent.exists()


def test_a_home_without_runs_is_clean(runs: RunDirs) -> None:
    assert runs.sweep() == ()
    assert not runs.directory.exists()


def test_a_run_directory_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way", encoding="utf-8")

    with pytest.raises(SmokeError, match="cannot be made"):
        RunDirs(tmp_path / "runs").create()


def test_a_lock_ends_with_its_holder_even_when_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys; from pathlib import Path; from tracker.smoke.locks import FileLock;"
        "lock = FileLock(Path(sys.argv[1])); lock.acquire(wait=True); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not FileLock(path).acquire(wait=False)
        holder.kill()
    lock = FileLock(path)

    assert lock.acquire(wait=False)
    assert not FileLock(path).acquire(wait=False)
    lock.release()
    with FileLock(path):
        assert not lock.acquire(wait=False)


def _is_in(process: psutil.Process, directory: Path) -> bool:
    try:
        return process.cwd().startswith(str(directory))
    except psutil.Error:
        return False
