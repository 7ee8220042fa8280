"""Rows in which all pairs that have never met do so, in few rows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from tracker.evidence.board import bits, mask_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.evidence.board import Board
    from tracker.evidence.coverage import Coverage


class Layer(Enum):
    """Which pairs are to meet, the most telling first."""

    OPEN = "open"
    """Nothing known keeps the two from passing."""
    BLOCKED = "blocked"
    """One of them is the only suspect of a failure: the row is expected to fail and to tell of no other pair."""
    SETTLED = "settled"
    """One of them is blamed already: what they do is inferred."""


class Sweep:
    """Chooses rows greedily, one after the other; each is assumed to be run before the next is chosen."""

    def __init__(self, board: Board, coverage: Coverage) -> None:
        self._board = board
        self._coverage = coverage
        self._taken = set(coverage.taken)
        settled = _with_any(coverage.fresh, coverage.settled)
        held = _with_any(coverage.fresh, coverage.blocked | coverage.settled)
        self._layers = {
            Layer.OPEN: [mask & ~late for mask, late in zip(coverage.fresh, held, strict=True)],
            Layer.BLOCKED: [mask & ~last for mask, last in zip(held, settled, strict=True)],
            Layer.SETTLED: settled,
        }

    def rows(self, *layers: Layer) -> Iterator[tuple[tuple[int, ...], tuple[int, int]]]:
        """Yield rows of some layers, or of all, best first, each with the pair for whose sake it was begun."""
        for pending in (self._layers[layer] for layer in layers or Layer):
            while (pair := self._seed(pending)) is not None:
                row = self._unused(self._fill(pair, pending), pair)
                if row is None:
                    self._forget(pair)
                    continue
                self._taken.add(row)
                self._mark(row)
                yield row, pair

    def _seed(self, pending: list[int]) -> tuple[int, int] | None:
        """Return the pair to begin with: pinned values first, then the newest, then those with most left to meet."""
        left = [number for number, mask in enumerate(pending) if mask]
        if not left:
            return None
        first = min(left, key=lambda number: self._urgency(number, pending))
        second = min(bits(pending[first]), key=lambda number: self._urgency(number, pending))
        return (first, second)

    def _urgency(self, number: int, pending: list[int]) -> tuple[bool, int, int, int]:
        pinned = bool(self._board.pinned >> number & 1)
        return (not pinned, self._board.position(number), -pending[number].bit_count(), number)

    def _fill(self, pair: tuple[int, int], pending: list[int]) -> tuple[int, ...]:
        """Return a row that holds ``pair`` and lets many others meet, with companions that are known to get along.

        The axis that can add the most pairs goes next; a fixed order of axes would take a tenth more rows.
        """
        board = self._board
        chosen = mask_of(pair)
        left = [place for place in range(len(board.axes)) if not chosen & board.axis_mask(place)]
        while left:
            best = max(
                left, key=lambda place: max(self._promise(number, chosen, pending) for number in board.ranges[place])
            )
            left.remove(best)
            chosen |= 1 << min(board.ranges[best], key=lambda number: self._cost(number, chosen, pending))
        return tuple(bits(chosen))

    @staticmethod
    def _promise(number: int, chosen: int, pending: list[int]) -> tuple[int, int]:
        """Return how many pairs ``number`` would let meet now, and how many it has left altogether."""
        mask = pending[number]
        return ((mask & chosen).bit_count(), mask.bit_count())

    def _cost(self, number: int, chosen: int, pending: list[int]) -> tuple[int, ...]:
        coverage = self._coverage
        mask = pending[number]
        return (
            (self._board.excluded[number] & chosen).bit_count(),
            coverage.blocked >> number & 1,
            (coverage.clashes[number] & chosen).bit_count(),
            -(mask & chosen).bit_count(),
            -(coverage.cleared[number] & chosen).bit_count(),
            -mask.bit_count(),
            number,
        )

    def _unused(self, row: tuple[int, ...], pair: tuple[int, int]) -> tuple[int, ...] | None:
        """Return ``row``, or a row with the same pair that differs in one other value, that nobody has taken."""
        if self._is_free(row):
            return row
        for place in reversed(range(len(row))):
            if row[place] in pair:
                continue
            for number in self._board.ranges[place]:
                other = (*row[:place], number, *row[place + 1 :])
                if self._is_free(other):
                    return other
        return None

    def _is_free(self, row: tuple[int, ...]) -> bool:
        return row not in self._taken and self._board.is_allowed(row)

    def _mark(self, row: Sequence[int]) -> None:
        whole = ~mask_of(row)
        for number in row:
            for pending in self._layers.values():
                pending[number] &= whole

    def _forget(self, pair: tuple[int, int]) -> None:
        for one, other in (pair, pair[::-1]):
            for pending in self._layers.values():
                pending[one] &= ~(1 << other)


def _with_any(pairs: Sequence[int], mask: int) -> list[int]:
    """Return those of the ``pairs``, masks by number, that hold a value of ``mask``."""
    return [others if mask >> number & 1 else others & mask for number, others in enumerate(pairs)]
