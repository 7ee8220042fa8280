"""What it took to tell each misfit is told beside what the search needs in theory."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.greetings import Tracker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
BROKEN = ("greet=1.1", "language=de")
COLUMNS = ["MISFIT", "STANDING", "RUNS SPENT", "NEEDED IN THEORY"]


def table(text: str) -> list[list[str]]:
    """Return the cells of the misfits' table in ``text``."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("MISFIT"))
    rows = lines[first : lines.index("", first)]
    starts = [rows[0].index(column) for column in COLUMNS]
    ends = [*starts[1:], None]
    return [[row[start:end].strip() for start, end in zip(starts, ends, strict=True)] for row in (rows[0], *rows[2:])]


def test_plan_and_why_tell_the_runs_spent_on_a_misfit_beside_the_theoretical_need(passed: Tracker) -> None:
    (misfit,) = json.loads(passed("plan", "--explain", "--json").stdout)["separated"]
    why = json.loads(passed("why", *BROKEN, "--json").stdout)

    assert "greet=1.1" in misfit["key"]
    assert "language=de" in misfit["key"]
    assert misfit["need"] >= 1
    assert misfit["spent"] >= 0
    assert why["misfits"] == [misfit]
    row = [misfit["key"], misfit["standing"], str(misfit["spent"]), str(misfit["need"])]
    assert table(passed("plan", "--explain").stdout) == [COLUMNS, row]
    assert table(passed("why", *BROKEN).stdout) == [COLUMNS, row]
    assert "MISFIT" not in passed("why", "greet=2.0", "language=de").stdout
