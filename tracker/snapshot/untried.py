"""What is thought of combinations that hold all pins and were never run."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from tracker.evidence.document import DocumentError, from_document
from tracker.model import Combination

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Exclusion, Value, Verdict
    from tracker.snapshot.opened import OpenSnapshot
    from tracker.snapshot.rows import Rows

_MOST_WORKING = 50
"""How many working rows are looked at with the pins put into them, those that keep most pins first."""
_MOST_COMPLETIONS = 200
"""How many further ways to fill in the factors that were not pinned are looked at, newest first."""
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def open_judgement(snapshot: OpenSnapshot) -> Judgement | None:
    """Return the judgement as it read when it was made, so that any clock can age it; ``None`` when there is none.

    Raises:
        StoreError: it is none that can be read.
    """
    if not snapshot.judgement:
        return None
    try:
        return from_document(snapshot.judgement, now=_NO_TIME)
    except DocumentError as error:
        raise snapshot.damaged(error.message) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # It came with the verdicts, perhaps from a stranger's site.
        raise snapshot.damaged(error) from error


def think(
    snapshot: OpenSnapshot, judgement: Judgement, rows: Rows, pinned: Mapping[str, Value], needs: Sequence[str]
) -> Iterator[list[Verdict]]:
    """Yield the verdicts on ``needs`` of each combination, not aged; what differs least from a working one first.

    All other values are live ones, or those of a working row.
    """
    seen = set()
    for combination in _candidates(snapshot, rows, pinned):
        if (
            combination not in seen
            and not forbidden(combination, snapshot.exclusions)
            and not rows.was_run(combination)
        ):
            yield [judgement.verdict(combination, need) for need in needs]
        seen.add(combination)


def forbidden(values: Iterable[Value], exclusions: Iterable[Exclusion]) -> tuple[Value, Value, str] | None:
    """Return the first two of ``values`` that never meet, and why; ``None`` when all may."""
    pairs = list(combinations(values, 2))
    for exclusion in exclusions:
        found = next((pair for pair in pairs if exclusion.forbids(*pair)), None)
        if found is not None:
            return *found, exclusion.reason
    return None


def _candidates(snapshot: OpenSnapshot, rows: Rows, pinned: Mapping[str, Value]) -> Iterator[Combination]:
    names = {factor.name for factor in snapshot.factors}
    for number in rows.nearest_working(_MOST_WORKING):
        values = {value.factor: value for value in snapshot.row(number).combination}
        if values.keys() == names:
            yield Combination.of({**values, **pinned}.values())
    axes = [
        [pinned[factor.name]] if factor.name in pinned else snapshot.live(factor.name) for factor in snapshot.factors
    ]
    yield from islice((Combination.of(values) for values in product(*axes)), _MOST_COMPLETIONS)
