"""Which rows to run next in order to recommend something newer (planning step 6).

Newest is lexicographic in the order of the axes: of two rows that one is newer whose value is newer in the first place
in which they differ. The climb starts at the newest row that is known to be good. First it takes rows of which every
two values have passed together elsewhere, then it makes one value newer; when that leads nowhere, it looks for company
in which a newer value works. A value that has failed in much different company is given up, so that every climb ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.ascent import Ascent
from tracker.evidence.board import Board
from tracker.evidence.outlook import Outlook
from tracker.model import Job, JobKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Axis, Combination, Exclusion, Value


def climb(
    axes: Sequence[Axis],
    judgement: Judgement,
    needs: Sequence[str] = (),
    *,
    exclusions: Sequence[Exclusion] = (),
    never: Collection[Value] = (),
    waiting: Collection[Combination] = (),
) -> Iterator[Job]:
    """Yield what to run in order to recommend something newer, the most promising first; nothing when all is known.

    Each result can make the other jobs needless: whoever wants few jobs runs the first one and judges anew.

    Args:
        axes: the live values, newest first, in the profile's order of factors.
        judgement: of all evidence on this host.
        needs: capabilities that are needed; empty for the furthest one that anything passes.
        exclusions: values that never meet.
        never: values that are never recommended.
        waiting: combinations whose newest run was an ERROR; they are left alone.
    """
    if not axes or not all(axis.values for axis in axes):
        return
    board = Board(axes, exclusions=exclusions)
    needs = needs or _furthest(board, judgement)
    outlook = Outlook(board, judgement, needs, never=never, waiting=waiting) if needs else None
    if outlook is None or not outlook.good:
        return
    ascent = Ascent(outlook, outlook.good[0])
    seen: set[tuple[int, ...]] = set()
    for way, why in (
        (ascent.likely, "newer than what is recommended, and every two parts of this row have passed together."),
        (ascent.halfway, "newer than what is recommended: run it with the rest of that."),
        (ascent.in_company, "newer than what is recommended: look for parts with which it works."),
        (ascent.alone, "newer than what is recommended: run it with the rest of that."),
    ):
        for place, number in ascent.targets():
            row = way(place, number)
            if row is not None and row not in seen:
                seen.add(row)
                reason = f"{board.values[number]} is {why}"
                yield Job(combination=board.combination(row), kind=JobKind.CLIMB, reason=reason)


def _furthest(board: Board, judgement: Judgement) -> tuple[str, ...]:
    """Return the last capability that a row of live values is known to pass; empty where there is none."""
    for capability in reversed(judgement.capabilities):
        if any(board.row(combination) is not None for combination in judgement.known_good(capability)):
            return (capability,)
    return ()
