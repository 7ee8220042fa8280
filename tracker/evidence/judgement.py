"""What judging leaves behind: every question about a combination is answered from it, without the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.ageing import aged
from tracker.evidence.chain import because_of
from tracker.evidence.inference import infer
from tracker.model import Verdict, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tracker.evidence.attempts import Attempt
    from tracker.evidence.belief import Doubt
    from tracker.evidence.clearing import Clearings
    from tracker.evidence.culprits import Pending
    from tracker.evidence.incidents import Incident
    from tracker.model import Combination, Culprit, Suspicion, Value

_YIELDS = {VerdictKind.STALE, VerdictKind.UNRESOLVED, VerdictKind.UNTESTED}
"""What a combination's own runs may say, and something inferred says more."""
_BEFORE_LIKELY = {VerdictKind.WORKS, VerdictKind.LIKELY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All verdicts on one host, and what planning needs.

    Attributes:
        capabilities: the chain of requirements, earliest first.
        now: aware UTC time of the reader; decides what has become stale and nothing else.
        verdicts: by combination (in order of their keys) and capability; as of the evidence, not yet aged.
        cleared: what passes have cleared, by capability.
        good: known-good combinations by capability, newest pass first.
        incidents: of all capabilities in order of the chain, oldest first.
        doubts: failures on current keys that are not believed, in order of combination and chain.
        attempts: combinations with a finished run on their current key, in order of their keys.
        culprits: items and pairs that do not fit, by capability in order of the chain, then by values.
        pending: culprits that are published once their failing row and its passing twin were repeated.
        suspicions: believed failures whose cause is not separated, in order of the chain and combination.
    """

    capabilities: tuple[str, ...]
    now: datetime
    verdicts: Mapping[Combination, Mapping[str, Verdict]]
    cleared: Mapping[str, Clearings]
    good: Mapping[str, tuple[Combination, ...]]
    incidents: tuple[Incident, ...]
    doubts: tuple[Doubt, ...]
    attempts: tuple[Attempt, ...]
    culprits: tuple[Culprit, ...] = ()
    pending: tuple[Pending, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()

    def verdict(self, combination: Combination, capability: str) -> Verdict:
        """Return what is known of ``combination`` and ``capability``, whether it was ever run or not.

        Raises:
            KeyError: the profile has no such capability.
        """
        if capability not in self.cleared:
            raise KeyError(capability)
        own = self.verdicts.get(combination, {}).get(capability)
        found = aged(own, self.now) if own else None
        if found is not None and found.kind not in _YIELDS and not found.reported_by:
            return found
        return self._inferred(combination, capability) or found or self._unrun(combination, capability)

    def clearings(self, capability: str) -> Clearings:
        """Return the items and pairs that passes of ``capability`` have cleared.

        Raises:
            KeyError: the profile has no such capability.
        """
        return self.cleared[capability]

    def known_good(self, capability: str) -> tuple[Combination, ...]:
        """Return the combinations that may serve as references for ``capability``, newest pass first.

        Raises:
            KeyError: the profile has no such capability.
        """
        return self.good[capability]

    def _inferred(self, combination: Combination, capability: str) -> Verdict | None:
        """Return ``broken`` where the combination holds a culprit of the capability, or of one before it."""
        for name in self.capabilities[: self.capabilities.index(capability) + 1]:
            verdict = infer(combination, name, self.culprits)
            if verdict is not None:
                return aged(verdict if name == capability else because_of(verdict, capability), self.now)
        return None

    def _unrun(self, combination: Combination, capability: str) -> Verdict:
        for earlier in self.capabilities[: self.capabilities.index(capability)]:
            before = self.verdict(combination, earlier)
            if before.kind not in _BEFORE_LIKELY:
                sentence = f"Untested: never run, and {earlier}, which it needs, is {before.kind}."
                return _untested(combination, capability, sentence)
        clearings = self.cleared[capability]
        exercised = clearings.exercised(combination)
        missing = clearings.uncleared(exercised)
        if missing or not exercised:
            return _untested(combination, capability, _never(capability, missing))
        return Verdict(
            combination=combination,
            capability=capability,
            kind=VerdictKind.LIKELY,
            sentence=f"Likely works: never run, but every pair of its parts has passed {capability} elsewhere.",
            would_change="A run of this very combination.",
        )


def _never(capability: str, missing: tuple[tuple[Value, ...], ...]) -> str:
    if not missing:
        return f"Untested: never run, and no pass of {capability} tells what it would exercise."
    values = missing[0]
    if len(values) == 1:
        return f"Untested: never run, and {values[0]} has not passed {capability} with anything."
    return f"Untested: never run, and {values[0]} has not passed {capability} together with {values[1]}."


def _untested(combination: Combination, capability: str, sentence: str) -> Verdict:
    return Verdict(
        combination=combination,
        capability=capability,
        kind=VerdictKind.UNTESTED,
        sentence=sentence,
        would_change="A run of this combination.",
    )
