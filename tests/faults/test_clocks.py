"""What a clock told that was wrong: it holds nothing up once the clock is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.daemon import Moment
from tracker.evidence.rest import rests
from tracker.render.looks import encode, to_publish
from tracker.render.snapshot import SiteLook

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("ago", "is_left_alone"),
    [(timedelta(), True), (HOUR / 2, True), (HOUR, False), (-HOUR, False), (-10000 * HOUR, False)],
)
def test_what_ended_lately_is_left_alone_and_what_ends_in_the_future_is_not(
    *, ago: timedelta, is_left_alone: bool
) -> None:
    assert rests(NOW - ago, NOW, HOUR) is is_left_alone


@pytest.mark.parametrize(("ahead", "is_new"), [(-HOUR / 2, False), (-2 * HOUR, True), (1000 * HOUR, True)])
def test_published_times_of_looks_that_have_not_come_yet_are_replaced(*, ahead: timedelta, is_new: bool) -> None:
    def look(at: datetime) -> SiteLook:
        return SiteLook(
            source="debian", target="t", title="", looked_at=at, result="news", message="", is_complete=True
        )

    published = encode(to_publish([look(NOW + ahead)], None, interval=HOUR))

    (shown,) = to_publish([look(NOW)], published, interval=HOUR)

    assert (shown.looked_at == NOW) is is_new


@pytest.mark.parametrize(
    ("steady", "wall", "is_set_back"),
    [(1.0, 1.0, False), (1.0, 0.0, False), (1.0, -60.0, True), (1.0, 3600.0, False), (7200.0, 1.0, True)],
)
def test_the_daemon_notices_that_the_clock_was_set_back(*, steady: float, wall: float, is_set_back: bool) -> None:
    before = Moment(steady=100.0, wall=1000.0)

    assert before.is_set_back(Moment(steady=100.0 + steady, wall=1000.0 + wall)) is is_set_back
