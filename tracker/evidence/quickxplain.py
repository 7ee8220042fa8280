"""QuickXplain (Junker, 2004): the fewest of many differences that bring a failure about."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def minimal_conflict(differences: Sequence[T], fails: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Return a smallest part of ``differences``, in their order, that fails while each part of it passes.

    It asks O(c log(d / c) + c) times, for c differences found among d. Where ``fails`` is not monotone, or a question
    cannot be answered and counts as passing, what is returned fails, but a part of it may fail as well.

    Args:
        differences: all together they fail.
        fails: whether some of them, in their order, fail; an exception ends the search.
    """
    places = range(len(differences))

    def asks(chosen: frozenset[int]) -> bool:
        return fails(tuple(differences[place] for place in places if place in chosen))

    def search(background: frozenset[int], is_background_new: bool, candidates: tuple[int, ...]) -> frozenset[int]:  # noqa: FBT001
        if is_background_new and asks(background):
            return frozenset()
        if len(candidates) == 1:
            return frozenset(candidates)
        middle = len(candidates) // 2
        first, second = candidates[:middle], candidates[middle:]
        found_second = search(background | set(first), bool(first), second)
        found_first = search(background | found_second, bool(found_second), first)
        return found_first | found_second

    if not differences:
        return ()
    found = search(frozenset(), is_background_new=False, candidates=tuple(places))
    return tuple(differences[place] for place in sorted(found))
