"""Carries verdicts down the chain of capabilities: what needs a broken one is broken because of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model import Verdict

_DECIDES = {VerdictKind.FLAKY, VerdictKind.BROKEN, VerdictKind.UNRESOLVED}


def carry(own: Mapping[str, Verdict], capabilities: Sequence[str]) -> dict[str, Verdict]:
    """Return the verdicts of one combination, each with the earlier capabilities taken into account.

    A believed failure stands whatever was seen before it. Otherwise an earlier capability that is flaky, broken or
    unresolved decides, and so does one that was broken where nothing newer is known of the later one.

    Args:
        own: what each capability says by itself; a capability without evidence may be missing.
        capabilities: the chain, earliest first.
    """
    carried: dict[str, Verdict] = {}
    decisive: Verdict | None = None
    for capability in capabilities:
        verdict = own.get(capability)
        if decisive is not None and _yields(verdict, decisive):
            carried[capability] = because_of(decisive, capability)
            continue
        if verdict is None:
            continue
        carried[capability] = verdict
        if verdict.kind in _DECIDES or verdict.was == "was broken":
            decisive = verdict
    return carried


def _yields(verdict: Verdict | None, decisive: Verdict) -> bool:
    """Whether ``decisive``, of an earlier capability, says more than the capability's own ``verdict``."""
    if verdict is None or verdict.kind is VerdictKind.UNTESTED:
        return True
    return decisive.kind in _DECIDES and verdict.kind is not VerdictKind.BROKEN


def because_of(decisive: Verdict, capability: str) -> Verdict:
    """Return what ``decisive``, of an earlier capability, says of ``capability``, which needs it."""
    return replace(
        decisive,
        capability=capability,
        because_of=decisive.capability,
        sentence=f"{capability} needs {decisive.capability}. {decisive.sentence}",
    )
