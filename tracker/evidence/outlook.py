"""What may be expected of rows that nobody has run: what passed together, what failed, and who is blamed for it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from tracker.evidence.board import bits, mask_of
from tracker.model import CulpritStanding, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tracker.evidence.attempts import Failure
    from tracker.evidence.board import Board
    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, Culprit, Value

    Row = tuple[int, ...]

_HELD_AGAINST = {VerdictKind.BROKEN, VerdictKind.UNRESOLVED}


class Outlook:
    """What is known of rows that are needed for some capabilities.

    Attributes:
        board: the live values.
        good: rows that work for every need and may be recommended, newest first.
        barred: the mask of values that are never recommended or fail with everybody.
    """

    def __init__(
        self,
        board: Board,
        judgement: Judgement,
        needs: Sequence[str],
        *,
        never: Collection[Value] = (),
        waiting: Collection[Combination] = (),
    ) -> None:
        self.board = board
        self._judgement = judgement
        self._needs = tuple(needs)
        last = max(map(judgement.capabilities.index, needs))
        self._reached = judgement.capabilities[: last + 1]
        self.barred = board.mask(never)
        working = {row for one in known_good(judgement, needs) if (row := board.row(one)) is not None}
        self.good = tuple(sorted(row for row in working if not mask_of(row) & self.barred))
        self._forbidden = list(board.excluded)
        self._scopes: list[int] = []
        self._blame_culprits()
        self._passed = self._passes()
        self._clashes = [0] * len(board.values)
        self._fruitless: list[int] = []
        self._tried: set[Row] = set()
        for one in waiting:
            self._remember(one, (), working)
        for attempt in judgement.attempts:
            self._remember(attempt.combination, attempt.failures, working)

    def may_work(self, row: Row) -> bool:
        """Whether ``row`` can be tried, is not known yet, and holds nothing that is blamed."""
        whole = mask_of(row)
        return (
            row not in self._tried
            and not whole & self.barred
            and not any(self._forbidden[number] & whole for number in row)
            and not any(whole & scope == scope for scope in self._scopes)
        )

    def is_likely(self, row: Row) -> bool:
        """Whether all items and pairs that the needs exercise in ``row`` have passed elsewhere."""
        combination = self.board.combination(row)
        return all(self._judgement.verdict(combination, need).kind is VerdictKind.LIKELY for need in self._needs)

    def fruitless(self, fixed: Collection[int]) -> int:
        """Return how many rows that hold all of ``fixed`` were tried and do not work."""
        mask = mask_of(fixed)
        return sum(mask & row == mask for row in self._fruitless)

    def newest_tried(self, fixed: Collection[int]) -> Row | None:
        """Return the newest row with all of ``fixed`` that was run; ``None`` where there is none."""
        mask = mask_of(fixed)
        return min((row for row in self._tried if mask & mask_of(row) == mask), default=None)

    def open_to(self, chosen: int) -> int:
        """Return the mask of the values that nothing known keeps from standing beside the mask ``chosen``."""
        mask = self.board.everything & ~self.barred
        for number in bits(chosen):
            mask &= ~self._forbidden[number]
        return mask

    def passed_with(self, number: int) -> int:
        """Return the mask of the values that passed the last need together with a value, or need not pass with it."""
        return self._passed[number]

    def clashes(self, number: int, chosen: int) -> int:
        """Return with how many values of the mask ``chosen`` a value has failed and never passed."""
        return (self._clashes[number] & chosen).bit_count()

    def strangers(self, number: int, chosen: int) -> int:
        """Return with how many values of the mask ``chosen`` a value has never passed."""
        return (chosen & ~self._passed[number]).bit_count()

    def _blame_culprits(self) -> None:
        for culprit in culprits_of(self._judgement, self._reached):
            mask = self.board.mask(culprit.scope)
            numbers = list(bits(mask))
            if len(numbers) < len(culprit.scope):
                continue
            if len(numbers) == 1:
                self.barred |= mask
            self._scopes.append(mask)
            self._forbid(numbers)

    def _forbid(self, numbers: Sequence[int]) -> None:
        if len(numbers) == 2:  # noqa: PLR2004 - a pair
            one, other = numbers
            self._forbidden[one] |= 1 << other
            self._forbidden[other] |= 1 << one

    def _passes(self) -> list[int]:
        """Return for each value those that need no pass together with it any more."""
        clearings = self._judgement.clearings(self._reached[-1])
        board = self.board
        free = board.absent | board.mask(value for value in board.values if value.factor in clearings.idle)
        return [
            board.everything if free >> number & 1 else free | partners
            for number, partners in enumerate(board.partners(clearings))
        ]

    def _remember(self, combination: Combination, failures: Sequence[Failure], working: Collection[Row]) -> None:
        row = self.board.row(combination)
        if row is None:
            return
        self._tried.add(row)
        if row in working:
            return
        self._fruitless.append(mask_of(row))
        held = [
            failure
            for failure in failures
            if failure.capability in self._reached
            and self._judgement.verdict(combination, failure.capability).kind in _HELD_AGAINST
        ]
        for failure in held:
            self._hold_against(failure)
        if not held:
            # Flaky, skipped or in error: nobody is to blame, and other company tells more than the same again.
            self._note_clashes(pair for pair in combinations(row, 2) if not self._passed[pair[0]] >> pair[1] & 1)

    def _hold_against(self, failure: Failure) -> None:
        """Note which pairs may be why a row failed; the only one that is left stands in the way from now on."""
        partners = self.board.partners(self._judgement.clearings(failure.capability))
        live = list(bits(self.board.mask(failure.exercised) & ~self.board.absent))
        suspects = [(one, other) for one, other in combinations(live, 2) if not partners[one] >> other & 1]
        self._note_clashes(suspects)
        if len(suspects) == 1:
            self._forbid(suspects[0])

    def _note_clashes(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in pairs:
            self._clashes[one] |= 1 << other
            self._clashes[other] |= 1 << one


def known_good(judgement: Judgement, needs: Sequence[str]) -> Iterator[Combination]:
    """Yield the combinations that work for all ``needs`` now, by their keys.

    What is only reported, by somebody whose key is not trusted, is good for nobody.
    """
    trusted = {need: set(judgement.known_good(need)) for need in needs}
    for combination in judgement.verdicts:
        found = [judgement.verdict(combination, need) for need in needs]
        if all(
            one.kind is VerdictKind.WORKS and (not one.reported_by or combination in trusted[one.capability])
            for one in found
        ):
            yield combination


def culprits_of(judgement: Judgement, capabilities: Collection[str]) -> Iterator[Culprit]:
    """Yield what is blamed for failures of ``capabilities``, published or about to be."""
    for culprit in (*judgement.culprits, *(one.culprit for one in judgement.pending)):
        if culprit.capability in capabilities and culprit.standing is not CulpritStanding.FLAKY:
            yield culprit
