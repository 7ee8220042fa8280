"""What a run may take of the host: whatever takes more is ended, is an ERROR, and leaves nothing."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.model import Combination, Outcome
from tracker.protocols import IsolationNeeds, StepSaid
from tracker.smoke.isolation import Ability, probe_ability
from tracker.smoke.limits import RunLimits
from tracker.smoke.steps import run_steps
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.smoke.conftest import FunctionScenario, Lab
    from tracker.model import StepResult
    from tracker.protocols import Bench

LIMITS = RunLimits(memory_bytes=64 << 20, processes=64, disk_bytes=32 << 20, output_bytes=1 << 20)
PLAIN = Ability(can_isolate=False, reason="a test says so")
FORKS = f"import os, time\nfor _ in range({LIMITS.processes * 3}):\n    os.fork() or time.sleep(60)\ntime.sleep(60)"
BOMB = "bomb() { bomb | bomb & bomb; }; bomb; wait; sleep 60"
HOG = "held = [b'x' * (1 << 20) for _ in range(512)]"
WRITER = "file = open('big', 'wb')\nwhile True: file.write(b'x' * (1 << 16))"
CHATTER = "import sys\nwhile True: sys.stdout.write('y' * 4096)"
FILLER = "with open('/run/big', 'wb') as file:\n    for _ in range(512): file.write(b'x' * (1 << 17))"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are for POSIX systems")


def _fails_where(argv: Sequence[str]) -> Callable[[Bench], StepSaid]:
    """Return a step that is a FAIL where its program fails, as a scenario says it."""

    def run(bench: Bench) -> StepSaid:
        done = bench.run(argv)
        return StepSaid.passed() if done.exit_code == 0 else StepSaid.failed(f"the program failed: {done.exit_code}")

    return run


def _run(scenario: FunctionScenario, runs: Path, ability: Ability) -> tuple[StepResult, ...]:
    directories = RunDirs(runs)
    surroundings = Surroundings(
        directories,
        ability,
        IsolationNeeds(fresh_dirs=("/run",)),
        combination=Combination.of([]),
        installed={},
        facts={},
        limits=LIMITS,
    )
    try:
        steps = run_steps(
            scenario,
            surroundings.bench,
            surroundings.isolation,
            limit_factor=1.0,
            no_root_reason="",
            reached=surroundings.reached,
        )
    finally:
        left = surroundings.close()
    assert left == ()
    assert [path for path in runs.iterdir() if path.is_dir()] == []
    assert [one.pid for one in psutil.process_iter() if _is_below(one, runs)] == []
    return steps


def _is_below(process: psutil.Process, directory: Path) -> bool:
    try:
        return str(directory) in process.environ().get("HOME", "")
    except psutil.Error:
        return False


@pytest.mark.machine
@pytest.mark.parametrize(
    ("argv", "word"),
    [
        pytest.param([sys.executable, "-c", HOG], "more memory", id="wants memory without end"),
        pytest.param(["sh", "-c", BOMB], "more processes", id="forks without end"),
        pytest.param([sys.executable, "-c", FORKS], "more processes", id="holds many processes"),
        pytest.param([sys.executable, "-c", WRITER], "wrote more than it may", id="writes files without end"),
        pytest.param([sys.executable, "-c", CHATTER], "more output", id="talks without end"),
        pytest.param([sys.executable, "-c", FILLER], "in memory", id="fills a directory in memory"),
    ],
)
def test_what_takes_too_much_is_an_error_and_leaves_nothing(
    argv: list[str], word: str, lab: Lab, tmp_path: Path
) -> None:
    lab.scenario.add("one", _fails_where(argv), seconds=15.0)

    (step,) = _run(lab.scenario, tmp_path / "runs", probe_ability())

    assert (step.outcome, word in step.reason) == (Outcome.ERROR, True), step.reason


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        pytest.param([sys.executable, "-c", FORKS], "more processes", id="holds many processes"),
        pytest.param([sys.executable, "-c", WRITER], "wrote more than it may", id="writes files without end"),
        pytest.param([sys.executable, "-c", CHATTER], "more output", id="talks without end"),
    ],
)
def test_without_namespaces_it_is_watched_and_ended_as_well(
    argv: list[str], word: str, lab: Lab, tmp_path: Path
) -> None:
    lab.scenario.add("one", _fails_where(argv), seconds=15.0)

    (step,) = _run(lab.scenario, tmp_path / "runs", PLAIN)

    assert (step.outcome, word in step.reason) == (Outcome.ERROR, True), step.reason


@pytest.mark.machine
def test_a_daemon_that_talks_without_end_is_an_error_of_the_step_that_needed_it(lab: Lab, tmp_path: Path) -> None:
    def needs_the_daemon(bench: Bench) -> StepSaid:
        daemon = bench.start([sys.executable, "-c", CHATTER], name="daemon")
        bench.wait_until(lambda: daemon.exit_code() is not None, what="the daemon's end")
        return StepSaid.failed("the daemon is not there")

    lab.scenario.add("one", needs_the_daemon)

    (step,) = _run(lab.scenario, tmp_path / "runs", probe_ability())

    assert (step.outcome, "more output" in step.reason) == (Outcome.ERROR, True), step.reason


@pytest.mark.parametrize("ability", [pytest.param(None, marks=pytest.mark.machine, id="namespaces"), PLAIN])
def test_a_program_that_ignores_sigterm_is_ended_after_its_grace(
    ability: Ability | None, lab: Lab, tmp_path: Path
) -> None:
    def is_stopped(bench: Bench) -> StepSaid:
        stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
        daemon = bench.start([sys.executable, "-c", f"{stubborn}; time.sleep(600)"], name="daemon")
        bench.wait_until(lambda: "up" in daemon.output(), what="the daemon")
        return StepSaid.passed(str(daemon.stop(grace_seconds=0.05)))

    lab.scenario.add("one", is_stopped)

    (step,) = _run(lab.scenario, tmp_path / "runs", ability or probe_ability())

    assert (step.outcome, step.reason) == (Outcome.PASS, str(-signal.SIGKILL))


@pytest.mark.machine
def test_what_stays_within_its_limits_is_judged_as_ever(lab: Lab, tmp_path: Path) -> None:
    lab.scenario.add("one", _fails_where(["sh", "-c", "head -c 1000000 /dev/zero >file; echo fine"]))
    lab.scenario.add("two", _fails_where(["sh", "-c", "exit 3"]))

    steps = _run(lab.scenario, tmp_path / "runs", probe_ability())

    assert [one.outcome for one in steps] == [Outcome.PASS, Outcome.FAIL]


@pytest.mark.parametrize("said", ["write /x: no space left on device", "cannot fork: Disk quota exceeded"])
def test_a_failure_that_heard_of_a_full_disk_is_an_error(said: str, lab: Lab, tmp_path: Path) -> None:
    lab.scenario.add("one", _fails_where(["sh", "-c", f"echo '{said}' >&2; exit 1"]))

    (step,) = _run(lab.scenario, tmp_path / "runs", PLAIN)

    assert (step.outcome, said in step.reason) == (Outcome.ERROR, True), step.reason


def test_a_bomb_that_hides_from_its_session_is_ended_where_nothing_isolates_it(lab: Lab, tmp_path: Path) -> None:
    def explodes(bench: Bench) -> StepSaid:
        bench.run(["sh", "-c", "for n in 1 2 3 4 5; do setsid sh -c 'while :; do sleep 0.01 & done' & done; sleep 1"])
        return StepSaid.passed()

    lab.scenario.add("one", explodes)

    _run(lab.scenario, tmp_path / "runs", PLAIN)

    assert os.getpid() not in {one.pid for one in psutil.Process().children()}
