"""From a pass to the answer: what `up` leaves behind, here, on another host, and on a published site."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.greetings import Tracker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
BROKEN = ("greet=1.1", "language=de")


def move_to_another_host(home: Path) -> str:
    """Let all runs be made on another host, and return its key."""
    with closing(sqlite3.connect(home / "tracker.sqlite")) as store, store:
        store.execute("UPDATE evidence_keys SET host_key = 'system=elsewhere'")
    return "system=elsewhere"


def test_runs_of_another_host_answer_when_it_is_named_and_never_for_this_one(passed: Tracker) -> None:
    assert passed("check", *BROKEN).returncode == 1
    home = passed.directory / "tracker-data"
    key = move_to_another_host(home)

    assert passed("site").returncode == 0

    assert passed("check", *BROKEN).returncode == 4
    assert passed("check", *BROKEN, f"host={key}").returncode == 1
    assert passed("check", "greet=2.0", "language=de", "host=system elsewhere").returncode == 0
    from_site = passed("check", *BROKEN, "--from", str(home / "site"), "--unsigned", f"host={key}", "--json")
    assert from_site.returncode == 1
    assert json.loads(from_site.stdout)["host_key"] == key


def test_a_published_site_says_all_that_the_home_says(passed: Tracker) -> None:
    site = passed.directory / "tracker-data" / "site"

    for question in (BROKEN, ("greet=2.0",), ("language=de",), ("greet=1.1", "language=en")):
        here = passed("check", *question, "--json")
        there = passed("check", *question, "--json", "--unsigned", "--from", str(site))
        assert (here.returncode, json.loads(here.stdout)) == (there.returncode, json.loads(there.stdout))


def test_a_pass_that_finds_nothing_new_leaves_the_verdicts_as_they_are(passed: Tracker) -> None:
    verdicts = passed.directory / "tracker-data" / "verdicts.sqlite"
    before = verdicts.read_bytes()

    assert passed("site").returncode == 0

    assert verdicts.read_bytes() == before
