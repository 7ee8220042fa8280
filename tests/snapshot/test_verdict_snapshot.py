"""What `check` answers from the file that judging leaves behind."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tracker
from tracker.errors import ExitCode, StoreError
from tracker.evidence.document import to_document
from tracker.evidence.judge import judge
from tracker.model import Combination, EvidenceKey, Exclusion, Factor, Outcome, Profile, Trial, Value, VerdictKind
from tracker.naming import KnownValue
from tracker.snapshot import SnapshotRow, VerdictSnapshot, read_snapshot, write_snapshot
from tracker.snapshot.answer import Answer, answer
from tracker.snapshot.opened import in_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=91)
ENGINE = Factor(name="engine", title="", components=("engine",))
DRIVER = Factor(name="driver", title="", components=("driver",))
PROFILE = Profile(
    name="pair",
    title="Engine and driver",
    factors=(ENGINE, DRIVER),
    scenario="pair",
    capabilities=("installs", "runs"),
    required=("installs", "runs"),
    host_key=(),
)
KEY = EvidenceKey(scenario_digest="sha256:0", artifact_digest="sha256:0", host_key="")


def pair(engine: str, driver: str) -> Combination:
    return Combination.of([ENGINE.value(engine), DRIVER.value(driver)])


def run(number: int, combination: Combination, *, runs: Outcome) -> list[Trial]:
    at = NOW + timedelta(seconds=number)
    both = [("installs", Outcome.PASS), ("runs", runs)]
    return [
        Trial(
            run_id=number,
            combination=combination,
            capability=capability,
            outcome=outcome,
            exercised=frozenset(combination),
            key=KEY,
            started_at=at,
            finished_at=at,
            cause="driver: engine too new" if outcome is Outcome.FAIL else "",
            is_deterministic=True,
        )
        for capability, outcome in both
    ]


def snapshot() -> VerdictSnapshot:
    trials = [
        *run(1, pair("2", "2"), runs=Outcome.PASS),
        *run(2, pair("1", "1"), runs=Outcome.PASS),
        *run(3, pair("2", "1"), runs=Outcome.FAIL),
        *run(4, pair("2", "2"), runs=Outcome.PASS),
    ]
    judgement = judge(PROFILE, trials, lambda _: KEY, now=NOW, max_age=timedelta(days=90), self_test_passed=True)
    combinations = sorted({trial.combination for trial in trials})
    return VerdictSnapshot(
        profile=PROFILE.name,
        title=PROFILE.title,
        scenario=PROFILE.scenario,
        host_key="",
        capabilities=PROFILE.capabilities,
        required=PROFILE.required,
        factors=PROFILE.factors,
        values=tuple(
            KnownValue(value=factor.value(version), upstream=version, is_live=True)
            for factor in PROFILE.factors
            for version in ("2", "1")
        ),
        rows=tuple(
            SnapshotRow(combination=one, verdicts={need: judgement.verdict(one, need) for need in PROFILE.capabilities})
            for one in combinations
        ),
        judgement={**to_document(judgement), "rows": []},
    )


def asked(whole: VerdictSnapshot, pins: Sequence[Value], needs: Sequence[str], *, now: datetime) -> Answer:
    with in_memory(whole) as opened:
        return answer(opened, pins, needs, now=now)


def ask(*pins: Value, at: datetime = NOW, needs: tuple[str, ...] = PROFILE.required) -> tuple[VerdictKind, ExitCode]:
    found = asked(snapshot(), pins, needs, now=at)
    return found.verdict.kind, found.exit_code


def test_a_set_that_passed_works() -> None:
    assert ask(*pair("2", "2")) == (VerdictKind.WORKS, ExitCode.OK)


def test_a_set_that_failed_is_broken_and_the_nearest_good_one_is_named() -> None:
    found = asked(snapshot(), pair("2", "1").values, PROFILE.required, now=NOW)

    assert found.verdict.kind is VerdictKind.BROKEN
    assert found.exit_code is ExitCode.BROKEN
    assert found.verdict.cause == "driver: engine too new"
    assert found.nearest_good == pair("2", "2")


def test_only_the_needed_capabilities_count() -> None:
    assert ask(*pair("2", "1"), needs=("installs",)) == (VerdictKind.WORKS, ExitCode.OK)


def test_a_set_that_was_never_run_is_unknown() -> None:
    assert ask(*pair("1", "2")) == (VerdictKind.UNTESTED, ExitCode.UNKNOWN)


def test_where_a_part_has_no_live_value_the_answer_is_unknown() -> None:
    whole = snapshot()
    without = replace(whole, rows=(), values=tuple(one for one in whole.values if one.value.factor == "engine"))

    found = asked(without, [ENGINE.value("2")], PROFILE.required, now=NOW)

    assert (found.verdict.kind, found.exit_code) == (VerdictKind.UNTESTED, ExitCode.UNKNOWN)
    assert "no live combination can be made with it" in found.verdict.sentence
    assert found.chosen == ()


def test_a_set_without_a_part_that_may_be_absent_is_thought_of_as_well() -> None:
    whole = snapshot()
    absent = Value("driver", "absent")
    values = (*(one for one in whole.values if one.value.factor == "engine"),)
    lonely = replace(whole, rows=(), values=(*values, KnownValue(value=absent, upstream="absent", is_live=True)))

    found = asked(lonely, [ENGINE.value("2")], PROFILE.required, now=NOW)

    assert found.chosen == (absent,)


def test_a_pass_that_aged_is_stale_by_the_readers_clock() -> None:
    assert ask(*pair("2", "2"), at=LATER) == (VerdictKind.STALE, ExitCode.STALE)


def test_a_factor_that_is_not_pinned_takes_the_newest_value_that_works() -> None:
    found = asked(snapshot(), [ENGINE.value("2")], PROFILE.required, now=NOW)

    assert found.verdict.kind is VerdictKind.WORKS
    assert found.chosen == (DRIVER.value("2"),)
    assert found.tried == 2


def test_pins_that_never_meet_are_told_so_with_the_reason() -> None:
    apart = Exclusion(one="engine", other="driver", reason="they mean nothing together", one_texts=frozenset({"1"}))
    whole = replace(snapshot(), exclusions=(apart,), rows=())

    found = asked(whole, pair("1", "2").values, PROFILE.required, now=NOW)

    assert found.verdict.kind is VerdictKind.UNTESTED
    assert "engine=1 and driver=2 are never run together: they mean nothing together" in found.verdict.sentence.replace(
        "driver=2 and engine=1", "engine=1 and driver=2"
    )


def test_what_never_meets_fills_in_for_nothing() -> None:
    apart = Exclusion(one="engine", other="driver", reason="no", other_texts=frozenset({"2"}))
    whole = replace(snapshot(), exclusions=(apart,), rows=())

    found = asked(whole, [ENGINE.value("2")], PROFILE.required, now=NOW)

    assert found.chosen == (DRIVER.value("1"),)


def test_pins_are_not_blamed_for_a_part_that_was_not_asked_about() -> None:
    only_failed = replace(snapshot(), rows=tuple(row for row in snapshot().rows if row.combination == pair("2", "1")))

    found = asked(only_failed, [ENGINE.value("2")], PROFILE.required, now=NOW)

    assert found.verdict.kind is VerdictKind.LIKELY
    assert found.chosen == (DRIVER.value("2"),)


def test_what_was_broken_long_ago_is_no_more_than_stale() -> None:
    found = asked(snapshot(), pair("2", "1").values, PROFILE.required, now=LATER)

    assert (found.verdict.kind, found.verdict.was) == (VerdictKind.STALE, "was broken")
    assert found.exit_code is ExitCode.STALE


def test_newer_sets_that_work_are_named() -> None:
    found = asked(snapshot(), pair("1", "1").values, PROFILE.required, now=NOW)

    assert found.newer_good == (pair("2", "2"),)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"

    assert write_snapshot(path, snapshot())

    assert read_snapshot(path) == snapshot()


def test_the_same_knowledge_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    write_snapshot(path, snapshot())
    before = path.stat()

    assert not write_snapshot(path, snapshot())

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_damaged_file_is_told_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    path.write_bytes(b"this is no database" * 100)

    with pytest.raises(StoreError, match=r"verdicts\.sqlite: the verdicts cannot be read"):
        read_snapshot(path)

    assert write_snapshot(path, snapshot())
    assert read_snapshot(path) == snapshot()


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    write_snapshot(path, snapshot())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="form 99"):
        read_snapshot(path)


def test_check_loads_neither_database_library_nor_network_client(tmp_path: Path) -> None:
    home = tmp_path / "tracker-data"
    write_snapshot(home / "verdicts.sqlite", snapshot())
    code = (
        "import sys\nfrom tracker.cli import main\nsys.argv = ['tracker', 'check', 'engine=2', 'driver=2']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    code = ended.code\n"
        "print(repr((code, sorted({name.partition('.')[0] for name in sys.modules}))))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    exit_code, modules = ast.literal_eval(done.stdout.splitlines()[-1])
    assert exit_code == 0
    assert not {"sqlalchemy", "alembic", "httpx", "apscheduler", "markdown_it", "jinja2", "pluggy"} & set(modules)
    assert Path(tracker.__file__).is_file()
