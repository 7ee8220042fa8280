"""What makes a failure, found among many differences with few questions."""

from __future__ import annotations

from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.quickxplain import minimal_conflict


@st.composite
def _hidden(draw: st.DrawFn) -> tuple[list[int], frozenset[int]]:
    differences = list(range(draw(st.integers(1, 40))))
    return differences, draw(st.frozensets(st.sampled_from(differences), min_size=1, max_size=3))


@given(_hidden())
def test_the_one_conflict_among_the_differences_is_found_exactly(case: tuple[list[int], frozenset[int]]) -> None:
    differences, culprits = case

    assert minimal_conflict(differences, lambda chosen: culprits <= set(chosen)) == tuple(sorted(culprits))


@given(_hidden())
def test_it_asks_no_more_than_the_published_bound(case: tuple[list[int], frozenset[int]]) -> None:
    differences, culprits = case
    asked: list[tuple[int, ...]] = []

    def fails(chosen: tuple[int, ...]) -> bool:
        asked.append(chosen)
        return culprits <= set(chosen)

    minimal_conflict(differences, fails)
    c, d = len(culprits), len(differences)
    # Junker, QUICKXPLAIN (AAAI 2004), theorem 1: 2 c log2(d / c) + 2 c checks of consistency.
    assert len(asked) <= 2 * c * ceil(log2(d / c)) + 2 * c + 1


@given(st.lists(st.frozensets(st.integers(0, 11), min_size=1, max_size=3), min_size=1, max_size=4))
def test_of_several_conflicts_one_is_found_with_nothing_too_much(conflicts: list[frozenset[int]]) -> None:
    def fails(chosen: tuple[int, ...]) -> bool:
        return any(conflict <= set(chosen) for conflict in conflicts)

    found = minimal_conflict(range(12), fails)

    assert fails(found)
    assert not any(fails(tuple(one for one in found if one != left_out)) for left_out in found)


def test_without_differences_there_is_nothing_to_find() -> None:
    assert minimal_conflict([], lambda _: True) == ()
