"""What is newer than a recommended set, and why it is not recommended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.ascent import Ascent
from tracker.evidence.board import Board
from tracker.evidence.outlook import Outlook
from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Combination, Exclusion, Value, Verdict

_RULED_OUT = {VerdictKind.BROKEN, VerdictKind.FLAKY}
_WORST_FIRST = (
    VerdictKind.BROKEN,
    VerdictKind.FLAKY,
    VerdictKind.UNRESOLVED,
    VerdictKind.STALE,
    VerdictKind.DOUBTFUL,
    VerdictKind.UNTESTED,
    VerdictKind.EXPECTED,
    VerdictKind.LIKELY,
    VerdictKind.WORKS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """A live value that is newer than the recommended one of its factor.

    Attributes:
        value: the newer value.
        combination: what would be run next in order to recommend it; where nothing would, what tells why not.
        verdict: what is known of that combination: of the need that keeps it from being recommended.
        is_open: runs may still lead to its recommendation.
        sentence: why it is not recommended now, in plain words.
    """

    value: Value
    combination: Combination
    verdict: Verdict
    is_open: bool
    sentence: str


def newer_values(
    axes: Sequence[Axis],
    judgement: Judgement,
    needs: Sequence[str],
    *,
    base: Combination,
    exclusions: Sequence[Exclusion],
    never: Mapping[Value, str],
) -> tuple[Newer, ...]:
    """Return the values of ``axes`` that are newer than those of ``base``, in order of the axes, newest first.

    Args:
        axes: live values and those of ``base``, newest first.
        judgement: of all evidence on this host.
        needs: capabilities that are needed.
        base: what is recommended; a row of ``axes``.
        exclusions: values that never meet.
        never: what is never recommended, with the reasons.
    """
    board = Board(axes, exclusions=exclusions)
    row = board.row(base)
    if row is None:
        return ()
    teller = _Teller(Outlook(board, judgement, needs, never=never), judgement, needs, base=row, exclusions=exclusions)
    return tuple(
        teller.barred(place, newer, never[board.values[newer]])
        if board.values[newer] in never
        else teller.told(place, newer)
        for place, number in enumerate(row)
        for newer in range(board.ranges[place].start, number)
    )


class _Teller:
    def __init__(
        self,
        outlook: Outlook,
        judgement: Judgement,
        needs: Sequence[str],
        *,
        base: tuple[int, ...],
        exclusions: Sequence[Exclusion],
    ) -> None:
        self._outlook = outlook
        self._board = outlook.board
        self._judgement = judgement
        self._needs = needs
        self._base = base
        self._exclusions = exclusions
        self._ascent = Ascent(outlook, base)

    def barred(self, place: int, number: int, why: str) -> Newer:
        """Return a value that is never recommended."""
        combination = self._board.combination(self._replaced(place, number))
        return Newer(
            value=self._board.values[number],
            combination=combination,
            verdict=self._decisive(combination),
            is_open=False,
            sentence=why,
        )

    def told(self, place: int, number: int) -> Newer:
        """Return what is known of a newer value."""
        row = self._ascent.any_way(place, number)
        telling = row or self._telling(place, number)
        combination = self._board.combination(telling)
        verdict = self._decisive(combination)
        is_open = row is not None or verdict.kind not in _RULED_OUT
        sentence = verdict.sentence
        excluded = self._excluded(telling)
        if row is None and excluded:
            is_open, sentence = False, excluded
        elif row is None:
            count = self._outlook.fruitless((*self._base[:place], number))
            sentence += f" It was tried in {count} combinations, and none of them works." if count > 1 else ""
        return Newer(
            value=self._board.values[number],
            combination=combination,
            verdict=verdict,
            is_open=is_open,
            sentence=sentence,
        )

    def _telling(self, place: int, number: int) -> tuple[int, ...]:
        """Return the row that tells most of a value that nothing is left to run of."""
        alone = self._replaced(place, number)
        if self._board.is_allowed(alone):
            return alone
        return self._outlook.newest_tried((*self._base[:place], number)) or alone

    def _replaced(self, place: int, number: int) -> tuple[int, ...]:
        return (*self._base[:place], number, *self._base[place + 1 :])

    def _decisive(self, combination: Combination) -> Verdict:
        """Return the worst verdict among those on the needs."""
        found = [self._judgement.verdict(combination, need) for need in self._needs]
        return min(found, key=lambda one: _WORST_FIRST.index(one.kind))

    def _excluded(self, row: tuple[int, ...]) -> str:
        values = [self._board.values[number] for number in row]
        for exclusion in self._exclusions:
            for one in values:
                other = next((other for other in values if exclusion.forbids(one, other)), None)
                if other is not None:
                    return f"{one} is never tried with {other}: {exclusion.reason}"
        return ""
