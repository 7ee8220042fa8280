"""When the times of looks are worth a rewrite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.render import SiteLook, looks

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOOK = SiteLook(source="s", target="t", title="T", looked_at=START, result="news", message="3 new releases")


def after(minutes: int, **changed: object) -> SiteLook:
    return replace(LOOK, looked_at=START + timedelta(minutes=minutes), **changed)  # type: ignore[arg-type]


def test_the_first_publication_says_when_everything_was_looked_at() -> None:
    (published,) = looks.to_publish([LOOK], None, interval=HOUR)

    assert published.looked_at == START
    assert looks.state(published) == "looked"


@pytest.mark.parametrize("second", [after(1, result="no news", message=""), after(59)], ids=["no news", "news again"])
def test_another_answer_within_the_interval_rewrites_nothing(second: SiteLook) -> None:
    published = looks.encode(looks.to_publish([LOOK], None, interval=HOUR))

    assert looks.encode(looks.to_publish([second], published, interval=HOUR)) == published


@pytest.mark.parametrize(
    "second",
    [
        after(60, result="no news"),
        after(1, result="could not look", message="no route"),
        after(1, result="awaiting confirmation"),
        after(1, is_complete=False),
        after(1, title="Renamed"),
    ],
    ids=["interval is over", "could not look", "waits", "in part", "renamed"],
)
def test_an_old_time_or_another_result_is_published(second: SiteLook) -> None:
    published = looks.encode(looks.to_publish([LOOK], None, interval=HOUR))

    assert looks.to_publish([second], published, interval=HOUR)[0].looked_at == second.looked_at


def test_a_target_that_comes_or_goes_is_published() -> None:
    other = replace(LOOK, target="u")
    published = looks.encode(looks.to_publish([LOOK], None, interval=HOUR))

    assert len(looks.to_publish([other, LOOK], published, interval=HOUR)) == 2
    assert looks.to_publish([], published, interval=HOUR) == ()


@given(st.binary() | st.sampled_from([b"", b"[]", b"{}", b'{"looks": [{}]}', b'{"looks": 3}', b'{"looks": [3]}', b"3"]))
def test_a_damaged_file_counts_as_none(damaged: bytes) -> None:
    assert looks.to_publish([LOOK], damaged, interval=HOUR) == looks.to_publish([LOOK], None, interval=HOUR)


@given(st.permutations([LOOK, replace(LOOK, target="u"), replace(LOOK, source="r")]))
def test_the_order_of_looks_does_not_matter(order: list[SiteLook]) -> None:
    assert looks.to_publish(order, None, interval=HOUR) == looks.to_publish(
        sorted(order, key=repr), None, interval=HOUR
    )
