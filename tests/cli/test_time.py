"""What was known at an earlier moment can be asked today."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.greetings import Tracker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
BROKEN = ("greet=1.1", "language=de")


def test_a_question_about_the_past_is_answered_as_it_would_have_been_then(tracker: Tracker) -> None:
    assert tracker("poll").returncode == 0
    before = datetime.now(UTC).isoformat()
    assert tracker("up").returncode == 0
    after = datetime.now(UTC).isoformat()
    run = json.loads(tracker("check", *BROKEN, "--json").stdout)["evidence"]["runs"][0]
    assert tracker("retract", str(run), "--reason", "our own fault").returncode == 0

    assert tracker("check", *BROKEN, "--at", before).returncode == 4
    assert tracker("check", *BROKEN, "--at", after).returncode == 1
    assert "no combination was run yet" in tracker("matrix", "--at", before).stdout
    changes = json.loads(tracker("matrix", "--since", before, "--at", after, "--json").stdout)["changes"]
    assert {one["was"] for one in changes} == {"untested"}
    assert {"works", "broken"} <= {one["verdict"] for one in changes}
    site = tracker.directory / "then"
    assert tracker("site", "--at", after, "--into", str(site)).returncode == 0
    assert (site / "index.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("matrix", "--at", "2001-01-01"), 3, "nothing was known yet at 2001-01-01"),
        (("matrix", "--at", "2999-01-01"), 2, "has not come yet"),
        (("matrix", "--at", "soon"), 2, "is no day and no time"),
        (("site", "--at", "2001-01-01"), 2, "does not take the place of the present one"),
        (("check", "greet=1.1", "--at", "2001-01-01", "--from", "site"), 2, "--at asks this home"),
    ],
)
def test_a_moment_that_cannot_be_asked_about_is_told(
    tracker: Tracker, words: tuple[str, ...], code: int, told: str
) -> None:
    assert tracker("poll").returncode == 0

    answered = tracker(*words)
    assert answered.returncode == code
    assert told in answered.stderr
