"""What holds of every recommendation, in every simulated world."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.evidence.test_properties import relaxed, worlds
from tracker.evidence.recommend import recommend
from tracker.model import Combination, VerdictKind

if TYPE_CHECKING:
    from tests.evidence.world import World


@settings(relaxed, max_examples=100)
@given(worlds())
def test_what_is_recommended_works_and_nothing_newer_is_known_to(made: World) -> None:
    made.settle(most_jobs=3000)

    found = recommend(made.axes, made.judge(), tuple(made.exercises))

    rows = [Combination.of(values) for values in product(*(axis.values for axis in made.axes))]
    judgement = made.judge()
    last = tuple(made.exercises)[-1]
    if found.best is None:
        assert not any(judgement.verdict(row, last).kind is VerdictKind.WORKS for row in rows)
        return
    assert made.works(found.best)
    newer = rows[: rows.index(found.best)]
    assert not any(judgement.verdict(row, last).kind is VerdictKind.WORKS for row in newer)
    for one in found.newer:
        assert one.value in one.combination
        assert one.combination in newer
    if not newer:
        assert found.is_newest_of_all
