"""A site that is published over an older one is the site that would be published into an empty directory."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.model import Outcome, Retraction
from tracker.render import Snapshot, places, publish
from tracker.render.knowledge import Knowledge
from tracker.render.pages import runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.render.conftest import World

INPUTS = """
import hashlib
from tests.render.conftest import build_world
from tracker.render.knowledge import Knowledge
from tracker.render.pages import runs
texts = [draft.inputs for draft in runs.pages(Knowledge(build_world(4).snapshot()))]
print(hashlib.sha256(repr(texts).encode()).hexdigest())
"""
WHEN = datetime(2026, 11, 24, tzinfo=UTC)
MANY = 600


def taken_back(snapshot: Snapshot) -> Snapshot:
    told = Retraction(run_id=snapshot.runs[0].id, reason="the disk was full", url="", retracted_at=WHEN)
    return replace(snapshot, retractions=(told,))


def with_another_end(snapshot: Snapshot) -> Snapshot:
    first, *rest = snapshot.runs
    steps = (*first.steps[:-1], replace(first.steps[-1], outcome=Outcome.FAIL, reason="no", log="one\ntwo\n"))
    return replace(snapshot, runs=(replace(first, steps=steps, outcome=Outcome.FAIL), *rest))


def with_a_long_log(snapshot: Snapshot) -> Snapshot:
    first, *rest = snapshot.runs
    return replace(snapshot, runs=(replace(first, logs={"daemon": "line\n" * 5000}), *rest))


CHANGES: Mapping[str, Callable[[Snapshot], Snapshot]] = {
    "a run is taken back": taken_back,
    "a run ended otherwise": with_another_end,
    "a run has a log of its own file": with_a_long_log,
    "mistakes are told elsewhere": lambda snapshot: replace(snapshot, report="us@site.example"),
    "a release is gone": lambda snapshot: replace(snapshot, releases=snapshot.releases[1:]),
    "no combination is judged": lambda snapshot: replace(snapshot, verdicts={}),
    "a factor has another place": lambda snapshot: replace(
        snapshot, profile=replace(snapshot.profile, factors=tuple(reversed(snapshot.profile.factors)))
    ),
    "the site has another name": lambda snapshot: replace(snapshot, title="Another name"),
}


def files(site: Path) -> dict[str, bytes]:
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {
        name: content
        for name, content in found.items()
        if not name.startswith(".tracker") and b"This page is gone" not in content
    }


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("is_back", [False, True], ids=["it comes", "it goes"])
def test_whatever_changed_the_site_is_that_of_an_empty_directory(
    tmp_path: Path, small_world: World, change: Callable[[Snapshot], Snapshot], *, is_back: bool
) -> None:
    states = [small_world.snapshot(), change(small_world.snapshot())]
    before, after = reversed(states) if is_back else states
    publish(before, tmp_path / "site")

    publish(after, tmp_path / "site")

    publish(after, tmp_path / "empty")
    assert files(tmp_path / "site") == files(tmp_path / "empty")
    assert publish(after, tmp_path / "site").written == 0


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_page_of_a_run_that_somebody_touched_is_mended(tmp_path: Path, small_world: World, suffix: str) -> None:
    publish(small_world.snapshot(), tmp_path)
    before = files(tmp_path)
    (tmp_path / f"runs/1.{suffix}").write_text("mine", encoding="utf-8")

    assert publish(small_world.snapshot(), tmp_path).written == 1
    assert files(tmp_path) == before


def test_a_log_that_somebody_removed_is_written_again(tmp_path: Path, small_world: World) -> None:
    snapshot = with_a_long_log(small_world.snapshot())
    publish(snapshot, tmp_path)
    log = tmp_path / places.log(snapshot.runs[0].id, "log", "daemon")
    log.unlink()

    assert publish(snapshot, tmp_path).written == 1
    assert log.read_text(encoding="utf-8").count("line") == 5000


def test_what_a_page_is_made_from_reads_the_same_in_every_process(small_world: World) -> None:
    texts = [draft.inputs for draft in runs.pages(Knowledge(small_world.snapshot()))]
    command = [sys.executable, "-c", INPUTS]
    root = Path(__file__).parents[3]

    told = {
        subprocess.run(
            command, cwd=root, env={**os.environ, "PYTHONHASHSEED": one}, capture_output=True, text=True, check=True
        ).stdout
        for one in ("0", "1")
    }

    assert len(told) == 1
    assert len(set(texts)) == len(texts)


def test_every_run_is_listed_and_a_new_one_leaves_the_lists_of_old_ones_alone(small_world: World) -> None:
    first = small_world.snapshot().runs[0]
    many = tuple(replace(first, id=number) for number in range(MANY, 0, -1))
    snapshot = replace(small_world.snapshot(), runs=many)

    lists = {page.path: page.body for page in runs.lists(Knowledge(snapshot))}
    front = runs.index(Knowledge(snapshot)).body

    assert list(lists) == ["runs/1-to-250"]
    assert "(runs/1-to-250.md)" in front
    for number in range(1, MANY + 1):
        body, way = (lists["runs/1-to-250"], "") if number <= 250 else (front, "runs/")
        assert f"[run {number}]({way}{number}.md)" in body
    more = replace(snapshot, runs=(replace(first, id=MANY + 1), *many))
    assert {page.path: page.body for page in runs.lists(Knowledge(more))} == lists
