"""What a machine has once is held by one run at a time, and waiting for it costs a step no time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tracker.errors import SmokeError
from tracker.model import Combination
from tracker.protocols import IsolationNeeds
from tracker.smoke.isolation import Ability
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from pathlib import Path

HELD_SECONDS = 0.6


def _surroundings(runs: RunDirs) -> Surroundings:
    ability = Ability(can_isolate=False)
    return Surroundings(runs, ability, IsolationNeeds(), combination=Combination.of([]), installed={}, facts={})


def test_the_second_run_waits_for_the_first_and_keeps_its_time(tmp_path: Path) -> None:
    runs = RunDirs(tmp_path / "runs")
    first, second = _surroundings(runs), _surroundings(runs)
    is_held = threading.Event()
    order: list[str] = []

    def hold() -> None:
        with first.bench.exclusive("networks"):
            is_held.set()
            time.sleep(HELD_SECONDS)
            order.append("first")

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    second.bench.begin_step(HELD_SECONDS / 2)
    with second.bench.exclusive("networks"):
        order.append("second")
        done = second.bench.run(["/bin/sh", "-c", "exit 0"])
    holder.join()

    assert order == ["first", "second"]
    assert (done.exit_code, done.timed_out) == (0, False)
    assert first.close() == second.close() == ()


def test_what_is_another_resource_is_not_waited_for(tmp_path: Path) -> None:
    runs = RunDirs(tmp_path / "runs")
    first, second = _surroundings(runs), _surroundings(runs)

    with first.bench.exclusive("networks"), second.bench.exclusive("disks"):
        pass

    assert first.close() == second.close() == ()


def test_it_is_free_again_after_a_failure_inside(tmp_path: Path) -> None:
    surroundings = _surroundings(RunDirs(tmp_path / "runs"))

    for _ in range(2):
        with pytest.raises(SmokeError, match="nothing is installed"), surroundings.bench.exclusive("networks"):
            surroundings.bench.binary("daemon", "daemon")

    assert surroundings.close() == ()
