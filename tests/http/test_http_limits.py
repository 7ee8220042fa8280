"""What headers and messages say of a limit, without any connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.errors import RateLimitedError, RefusedError, UnreachableError
from tracker.http.limits import read_limit
from tracker.http.retry import Answered, PassingError, check_status

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
# A clock that goes an hour ahead of ours.
HOST = NOW + timedelta(hours=1)


def _epoch(at: datetime) -> str:
    return str(int(at.timestamp()))


def _http(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        pytest.param({"retry-after": "90"}, "", 90, id="seconds"),
        pytest.param({"retry-after": "90.7"}, "", 90, id="seconds-with-a-fraction"),
        pytest.param({"retry-after": "0", "x-ratelimit-remaining": "0"}, "", 0, id="no-wait-at-all"),
        pytest.param({"retry-after": _http(NOW + timedelta(seconds=90))}, "", 90, id="date"),
        pytest.param(
            {"retry-after": _http(HOST + timedelta(seconds=90)), "date": _http(HOST)}, "", 90, id="date-by-their-clock"
        ),
        pytest.param({"retry-after": _http(NOW - timedelta(days=9))}, "", 0, id="date-that-is-over"),
        pytest.param({"retry-after": _http(NOW + timedelta(days=900))}, "", 86400, id="date-far-away"),
        pytest.param({"retry-after": "9" * 29}, "", 86400, id="more-seconds-than-anybody-lives"),
        pytest.param({"retry-after": "90", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "7"}, "", 90, id="both"),
        pytest.param(
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": _epoch(NOW + timedelta(minutes=20))},
            "",
            1200,
            id="reset",
        ),
        pytest.param(
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": _epoch(HOST + timedelta(minutes=20)),
                "date": _http(HOST),
            },
            "",
            1200,
            id="reset-by-their-clock",
        ),
        pytest.param(
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": _epoch(NOW + timedelta(minutes=20)),
                "date": "Thu, 01 Jan 1970 00:00:00 GMT",
            },
            "",
            1200,
            id="reset-beside-a-date-that-is-nonsense",
        ),
        pytest.param(
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": _epoch(NOW + timedelta(minutes=20)) + "000"},
            "",
            1200,
            id="reset-in-milliseconds",
        ),
        pytest.param({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1200"}, "", 1200, id="reset-in-seconds-left"),
        pytest.param(
            {"retry-after": "soon", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1200"},
            "",
            1200,
            id="nonsense-before-sense",
        ),
        pytest.param({"x-ratelimit-remaining": "0"}, "", 60, id="no-reset"),
        pytest.param({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "never"}, "", 60, id="reset-is-no-number"),
        pytest.param(
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": _epoch(NOW - timedelta(hours=2))},
            "",
            60,
            id="reset-is-over",
        ),
        pytest.param({"x-ratelimit-remaining": "41"}, SECONDARY, 60, id="secondary"),
        pytest.param({}, SECONDARY.upper(), 60, id="secondary-alone"),
        pytest.param({}, "API rate limit exceeded for 192.0.2.1.", 60, id="primary-without-its-headers"),
    ],
)
def test_a_limit_is_read_by_its_headers_first_and_its_message_last(
    status: int, headers: dict[str, str], message: str, seconds: int
) -> None:
    limit = read_limit(status, headers, message, now=NOW)

    assert limit is not None
    assert limit.wait == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {}),
        (403, {"x-ratelimit-remaining": "41", "x-ratelimit-reset": _epoch(NOW)}),
        (403, {"retry-after": "soon"}),
        (404, {"x-ratelimit-remaining": "0"}),
        (401, {"retry-after": "60"}),
        (503, {}),
        (503, {"x-ratelimit-remaining": "0"}),
        (200, {"x-ratelimit-remaining": "0"}),
    ],
)
def test_what_is_no_limit_is_not_taken_for_one(status: int, headers: dict[str, str]) -> None:
    assert read_limit(status, headers, "Resource not accessible by integration", now=NOW) is None


def test_each_limit_in_a_row_that_tells_no_time_doubles_the_wait_up_to_an_hour() -> None:
    waits = []
    for strikes in (0, 1, 2, 3, 20, 10_000):
        with pytest.raises(RateLimitedError) as caught:
            check_status(Answered(status=403, address="a", message=SECONDARY), now=NOW, strikes=strikes)
        waits.append((caught.value.retry_at - NOW).total_seconds() / 60)

    assert waits == [1, 2, 4, 8, 60, 60]


_TEXT = st.text(max_size=40)
_MOMENTS = st.datetimes(timezones=st.sampled_from([UTC])).map(lambda at: format_datetime(at, usegmt=True))
_NUMBERS = st.integers(-(10**40), 10**40).map(str) | st.floats().map(str)
_ODD_DATES = st.sampled_from(
    [
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 2026 99:99:99 GMT",
        "Mon, 01 Jan 2026 00:00:00 +999999",
        "Mon, 01 Jan 99999999999 00:00:00",
        "0" * 5000,
        "9" * 5000,
        "\u0663\u0664",
        "\x00",
    ]
)
_VALUES = _TEXT | _MOMENTS | _NUMBERS | _ODD_DATES


@given(
    status=st.sampled_from([400, 401, 403, 404, 408, 425, 429, 451, 500, 502, 503, 504]) | st.integers(300, 999),
    headers=st.dictionaries(
        st.sampled_from(
            ["retry-after", "date"] + [f"x-ratelimit-{name}" for name in ("remaining", "reset", "limit", "resource")]
        ),
        _VALUES | st.just("0"),
    ),
    message=_TEXT | st.just(SECONDARY),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - see timezones
    strikes=st.integers(0, 10**6),
    method=st.sampled_from(["GET", "POST"]),
)
@example(429, {"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359"}, "", NOW, 0, "GET")
@example(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 30}, "", NOW, 0, "GET")
def test_whatever_a_host_says_the_wait_lies_between_nothing_and_a_day(
    status: int, headers: dict[str, str], message: str, now: datetime, strikes: int, method: str
) -> None:
    answered = Answered(status=status, headers=headers, address="http://a/", message=message, method=method)
    verdict: Exception | None = None
    soon = 0.0

    try:
        check_status(answered, now=now, strikes=strikes)
    except PassingError as error:
        verdict, soon = error.verdict, error.wait_seconds or 0.0
    except (RefusedError, RateLimitedError, UnreachableError) as error:
        verdict = error

    assert 0 <= soon <= 10
    if isinstance(verdict, RateLimitedError):
        assert timedelta() <= verdict.retry_at - now <= timedelta(days=1)
        assert verdict.reason.isprintable()
    else:
        assert isinstance(verdict, UnreachableError) == (status != 304)
