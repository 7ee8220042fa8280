"""`tracker check` tells which runs were taken back, on this machine and on a published site."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Box
from tests.snapshot.small_world import DRIVER, ENGINE, MODE, small_world
from tracker.model import Combination, RetractedRun, Retraction
from tracker.snapshot import read_snapshot, to_document, write_snapshot
from tracker.snapshot.document import retraction_document

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.snapshot import VerdictSnapshot

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
HELD = Combination.of([ENGINE.value("2.0"), DRIVER.value("2.0"), MODE.value("a")])
TOLD = "Run 7 was taken back on 2026-11-20: the disk was full https://example.org/7"


def a_run(number: int, *, host_key: str = "host=h", combination: Combination = HELD) -> dict[str, object]:
    retraction = Retraction(
        run_id=number, reason="the disk was full", url=f"https://example.org/{number}", retracted_at=AT
    )
    return retraction_document(RetractedRun(retraction=retraction, combination=combination, host_key=host_key))


def snapshot() -> VerdictSnapshot:
    """Return a world in which three runs were taken back: one of the new engine here, one elsewhere, one of another."""
    other = Combination.of([ENGINE.value("1.0"), DRIVER.value("1.0"), MODE.value("a")])
    runs = (a_run(7), a_run(8, host_key="host=other"), a_run(9, combination=other))
    return replace(small_world(now=datetime.now(UTC)), retractions=runs)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    write_snapshot(tmp_path / "tracker-data" / "verdicts.sqlite", snapshot())
    (tmp_path / "matrix.json").write_text(json.dumps(to_document(snapshot())))
    return Box(tmp_path)


@pytest.mark.parametrize("where", [(), ("--from", "matrix.json", "--unsigned")])
def test_the_answer_tells_the_runs_of_its_pins_on_its_host(box: Box, where: tuple[str, ...]) -> None:
    answered = box.tracker("check", "engine=2.0", "driver=2.0", *where)

    assert answered.exit_code == 0
    assert [line for line in answered.stdout.splitlines() if "taken back" in line] == [TOLD]


def test_machines_are_told_the_same(box: Box) -> None:
    answered = box.tracker("check", "engine=2.0", "driver=2.0", "--json")

    (run,) = answered.json["taken_back"]
    assert (run["run"], run["reason"], run["url"]) == (7, "the disk was full", "https://example.org/7")
    assert datetime.fromisoformat(run["retracted_at"]) == AT


def test_an_answer_that_lost_nothing_says_nothing(box: Box) -> None:
    answered = box.tracker("check", "engine=1.0", "driver=2.0", "--json")

    assert "taken_back" not in answered.json


def test_a_snapshot_without_retractions_is_written_as_before_there_were_any(box: Box) -> None:
    without = replace(snapshot(), retractions=())

    assert "retractions" not in to_document(without)
    write_snapshot(box.home / "verdicts.sqlite", without)
    assert read_snapshot(box.home / "verdicts.sqlite") == without


def test_retractions_come_back_as_they_were_written(box: Box) -> None:
    assert read_snapshot(box.home / "verdicts.sqlite").retractions == snapshot().retractions


@pytest.mark.parametrize("damage", [[{}], [1], "x", 5, [{**a_run(7), "run": "many"}], [{**a_run(7), "values": []}]])
def test_damaged_retractions_are_told_with_the_file(box: Box, damage: object) -> None:
    (box.directory / "matrix.json").write_text(json.dumps({**to_document(snapshot()), "retractions": damage}))

    answered = box.tracker("check", "engine=2.0", "driver=2.0", "--from", "matrix.json", "--unsigned")

    assert answered.exit_code == 3
    assert "error: matrix.json: " in answered.stderr


@pytest.mark.parametrize("schema", [None, "judgement/99"])
def test_a_judgement_of_another_schema_is_told_with_the_file(box: Box, schema: str | None) -> None:
    document = to_document(snapshot())
    damaged = {**document, "judgement": {**document["judgement"], "schema": schema}}
    (box.directory / "matrix.json").write_text(json.dumps(damaged))

    answered = box.tracker("check", "engine=2.0", "driver=1.0", "--from", "matrix.json", "--unsigned")

    assert answered.exit_code == 3
    assert "error: matrix.json: the verdicts cannot be read: judgement of schema" in answered.stderr
