"""A version is newly broken where the one before it worked, newly fixed where it did not, all else equal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.evidence.newly import Novelty, news
from tracker.model import Combination, Value, Verdict, VerdictKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A = [Value("a", str(number), "a") for number in (4, 3, 2, 1)]
B = [Value("b", "1", "b")]
WORKS, BROKEN = VerdictKind.WORKS, VerdictKind.BROKEN


def told(*kinds: VerdictKind | None, inferred: bool = False) -> list[tuple[Novelty, str, str]]:
    """Return the news of a's versions 1, 2, ... that got ``kinds`` in turn with the same b."""
    verdicts = {}
    for number, kind in enumerate(kinds, start=1):
        if kind is not None:
            combination = Combination.of([Value("a", str(number), "a"), *B])
            verdicts[combination] = {
                "runs": Verdict(
                    combination=combination,
                    capability="runs",
                    kind=kind,
                    sentence="",
                    runs=(number,),
                    inferred_from=combination.values[:1] if inferred else (),
                    observed_at=NOW + timedelta(days=number),
                )
            }
    return [(one.novelty, one.before.version, one.value.version) for one in news(verdicts, [*A, *B], ["runs"])]


def test_a_version_that_fails_where_the_one_before_worked_is_newly_broken() -> None:
    assert told(WORKS, BROKEN) == [(Novelty.NEWLY_BROKEN, "1", "2")]


def test_a_version_that_works_where_the_one_before_failed_is_newly_fixed() -> None:
    assert told(WORKS, BROKEN, WORKS) == [(Novelty.NEWLY_FIXED, "2", "3"), (Novelty.NEWLY_BROKEN, "1", "2")]


def test_what_no_version_ever_did_always_failed() -> None:
    assert told(BROKEN, BROKEN) == [(Novelty.ALWAYS_FAILED, "1", "2")]


def test_a_version_that_stays_broken_is_no_news_once_one_had_worked() -> None:
    assert told(WORKS, BROKEN, BROKEN) == [(Novelty.NEWLY_BROKEN, "1", "2")]


def test_the_version_before_is_the_next_older_one_that_was_tried() -> None:
    assert told(WORKS, None, BROKEN) == [(Novelty.NEWLY_BROKEN, "1", "3")]


def test_what_is_unknown_or_inferred_is_no_news() -> None:
    assert told(WORKS, VerdictKind.UNRESOLVED) == []
    assert told(WORKS, BROKEN, inferred=True) == []
    assert told(BROKEN) == []
