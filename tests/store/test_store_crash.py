from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.store.samples import at, begin, look, observe, release
from tracker.model import RunState
from tracker.store import Store

if TYPE_CHECKING:
    from pathlib import Path

_WRITER = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tracker.model import *
from tracker.store import *

path, name, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
now = datetime(2026, 3, 1, tzinfo=UTC)
key = EvidenceKey(scenario_digest="s", artifact_digest="a", host_key="h")
with Store.open(path) as store:
    for number in count() if limit == 0 else range(limit):
        combination = Combination.of([Value(name, str(number))])
        job = Job(combination=combination, kind=JobKind.ANCHOR, reason="r")
        (job,) = store.enqueue([job], profile=name, now=now)
        run_id = store.start_run(job, profile=name, scenario="s", key=key, environment={"a": name}, started_at=now)
        steps = tuple(
            StepResult(name=str(n), capability="runs", outcome=Outcome.PASS, log="x" * 20000) for n in range(5)
        )
        store.finish_run(
            Run(
                id=run_id, job_id=job.id, combination=combination, key=key, started_at=now, finished_at=now,
                state=RunState.FINISHED, outcome=Outcome.PASS, steps=steps, environment={"a": name},
            )
        )
        print(run_id, flush=True)
"""


@pytest.fixture
def writer(tmp_path: Path) -> Path:
    script = tmp_path / "writer.py"
    script.write_text(_WRITER, encoding="utf-8")
    return script


@pytest.mark.parametrize("finished_before_the_kill", [1, 7, 20])
def test_a_process_killed_amid_its_writes_loses_no_finished_run(
    store_path: Path, writer: Path, finished_before_the_kill: int
) -> None:
    with subprocess.Popen([sys.executable, writer, store_path, "a", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(finished_before_the_kill)]
        process.kill()
        said += [int(line) for line in process.stdout if line.endswith("\n")]

    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Store.open(store_path) as store:
        assert store.abandon_unfinished(at(0)) in {0, 1}
        runs = {run.id: run for run in store.runs()}
        finished = sorted(run_id for run_id, run in runs.items() if run.state is RunState.FINISHED)
        assert finished[: len(said)] == said
        assert len(finished) - len(said) <= 1
        assert len(runs) - len(finished) <= 1
        for run_id in finished:
            run = store.run(run_id)
            assert run is not None
            assert [len(step.log) for step in run.steps] == [20000] * 5


def test_a_store_whose_making_was_killed_is_made_by_the_next_one(store_path: Path, writer: Path) -> None:
    with subprocess.Popen([sys.executable, writer, store_path, "a", "1"], stdout=subprocess.DEVNULL) as process:
        while not store_path.exists() and process.poll() is None:
            pass
        process.kill()

    with Store.open(store_path) as store:
        observe(store, 0, release())
        assert store.offered("debian", "bookworm") == (release(),)


def test_processes_that_make_and_write_one_store_at_once_all_succeed(store_path: Path, writer: Path) -> None:
    names = ["a", "b", "c"]
    processes = [
        subprocess.Popen([sys.executable, writer, store_path, name, "15"], stdout=subprocess.PIPE, text=True)
        for name in names
    ]

    said = [process.communicate()[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    with Store.open(store_path) as store:
        for name, own in zip(names, said, strict=True):
            runs = store.runs(profile=name)
            assert [str(run.id) for run in reversed(runs)] == own
            assert {run.environment["a"] for run in runs} == {name}
    assert len({run_id for own in said for run_id in own}) == 45


def test_threads_share_one_store(store: Store) -> None:
    def work(number: int) -> int:
        store.record_look(look(number, target=str(number)), state=store.target_state("debian", str(number)))
        run = begin(store, profile=str(number))
        store.finish_run(run)
        return run.id

    with ThreadPoolExecutor(max_workers=8) as pool:
        made = list(pool.map(work, range(40)))

    assert len(set(made)) == 40
    assert {run.state for run in store.runs()} == {RunState.FINISHED}
    assert len(store.last_looks()) == 40
