"""What does not fit, and what it took to tell that from what else was suspected, as commands print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.cli.output import print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Culprit


def misfit_documents(culprits: Sequence[Culprit]) -> list[dict[str, Any]]:
    """Return for machines each misfit with the runs spent on it, beside what the search needs in theory."""
    return [{"key": one.key, "standing": str(one.standing), "spent": one.spent, "need": one.need} for one in culprits]


def print_misfits(culprits: Sequence[Culprit]) -> None:
    """Print the same as a table, with an empty line after it."""
    rows = [[one.key, str(one.standing), str(one.spent), str(one.need)] for one in culprits]
    print_table(["MISFIT", "STANDING", "RUNS SPENT", "NEEDED IN THEORY"], rows, empty="Nothing is blamed.")
    say("")
