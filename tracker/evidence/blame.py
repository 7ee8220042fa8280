"""The words in which a part, or two, are said not to fit; fair ones, which name runs and tell what was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.partners import Tried
    from tracker.model import Suspect, Suspicion, Value, Witness


def told(suspect: Sequence[Value]) -> str:
    """Return an item or pair as text: ``cni-plugins=1.1.1 with cni-spec=1.1.0``."""
    return " with ".join(map(str, suspect))


def proved_pair(capability: str, pair: Suspect, failure: Witness, second: Witness) -> str:
    """Return the sentence for two parts whose failure was seen in two rows that share nothing else."""
    return (
        f"{pair[0]} does not work with {pair[1]}: {capability} fails in {_run(failure)}, where passes clear everything "
        f"else, and in {_run(second)}, which shares nothing else with it."
    )


def named_pair(capability: str, pair: Suspect, failure: Witness, context: Sequence[Value]) -> str:
    """Return the sentence for two parts that are alone under suspicion."""
    return (
        f"{pair[0]} does not work with {pair[1]}{_beside(context)}: {capability} fails in {_run(failure)}, where "
        "passes clear everything else."
    )


def proved_item(capability: str, item: Value, failure: Witness, second: Witness, tried: Tried) -> str:
    """Return the sentence for a part that fails with everybody."""
    partners = f" with every partner tried ({tried.met} of {tried.partners})" if tried.partners else ""
    return (
        f"{item} fails at {capability}{partners}, in {_run(failure)} and {_run(second)} among others, and has passed "
        "it with nobody."
    )


def named_item(capability: str, item: Value, failure: Witness, context: Sequence[Value], tried: Tried) -> str:
    """Return the sentence for a part that fails, where no second row that shares nothing else can be had."""
    why = ""
    if tried.partners and tried.is_exhausted:
        why = f" No row that shares nothing else with it can be tried ({tried.met} of {tried.partners} partners met)."
    return f"{item} fails at {capability}{_beside(context)} in {_run(failure)}, and has passed it with nobody.{why}"


def flaky(capability: str, suspect: Suspect, times: int) -> str:
    """Return the sentence for what was published and revoked too often."""
    return (
        f"{told(suspect)} was found not to work at {capability} {times} times, and each time a later run passed: "
        "a person has to look."
    )


def unresolved(capability: str, failure: Witness, suspects: Sequence[Suspect]) -> str:
    """Return the sentence for a failure that several suspects could explain."""
    shown = "; ".join(told(suspect) for suspect in suspects[:_MOST_TOLD])
    more = f"; and {len(suspects) - _MOST_TOLD} more" if len(suspects) > _MOST_TOLD else ""
    return f"{capability} fails in {_run(failure)}; no pass rules out: {shown}{more}."


def three_or_more(capability: str, failure: Witness) -> str:
    """Return the sentence for a failure in which every item and pair has passed elsewhere."""
    return (
        f"{capability} fails in {_run(failure)} although all its parts, and every two of them, pass elsewhere: three "
        "or more parts are involved."
    )


def suspected_test(suspicion: Suspicion) -> str:
    """Return the sentence for a failure whose suspects all passed the former test with the same files."""
    return (
        f"{suspicion.capability} fails in {_run(suspicion.failure)}, but what could be at fault passed it with the "
        "same files before the test was changed: the test is suspected, not the software."
    )


_MOST_TOLD = 5


def _run(witness: Witness) -> str:
    return f"run {witness.runs[0]}"


def _beside(context: Sequence[Value]) -> str:
    return f", so far beside {' '.join(map(str, context))}" if context else ""
