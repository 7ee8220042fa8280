"""A combination that fails beside the nearest one that passes, in a form that can be shown to an upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.passes.recipes import difference, first_failure, passing_twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Combination
    from tracker.snapshot.content import VerdictSnapshot


def reproduction(
    combination: Combination,
    snapshot: VerdictSnapshot,
    told: Callable[[Combination], str],
    shortest: Callable[[Combination, str, Combination | None], str] | None = None,
) -> str:
    """Return what to add to a recipe of a combination that fails, as Markdown; empty for one that does not.

    Args:
        combination: of the recipe.
        snapshot: what was judged last.
        told: the recipe of a combination.
        shortest: the commands that show a failure at a capability beside those of a twin, if anybody knows them;
            otherwise the twin's whole recipe is told.
    """
    rows = [(row.combination, row.verdicts) for row in snapshot.rows]
    verdicts = next((found for one, found in rows if one == combination), {})
    capability = first_failure(verdicts, snapshot.capabilities)
    if not capability:
        return ""
    failure = verdicts[capability]
    lines = ["", f"## It fails at: {capability}", "", failure.sentence, ""]
    if failure.cause:
        lines += ["````", failure.cause.replace("````", "```"), "````", ""]
    twin = passing_twin(combination, capability, rows)
    if shortest is not None:
        return "\n".join([*lines, shortest(combination, capability, twin)])
    if twin is None:
        return "\n".join([*lines, "No combination is known that passes it on this host.", ""])
    lines += ["| part | fails | passes |", "|---|---|---|"]
    lines += [
        f"| {one.factor} | {_cell(one.text)} | {_cell(other.text)} |" for one, other in difference(combination, twin)
    ]
    lines += ["", "All else is the same. The one that passes:", "", told(twin)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "_").replace("\n", " ")
