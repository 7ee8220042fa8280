"""Which part, or which two parts, do not fit, and the runs that show it (rules 5 and 6 of the rules of evidence)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tracker.model.combination import Combination, Value

Suspect = tuple["Value", ...]
"""An item (one value) or a pair (two values, sorted) that may be why something fails."""


class CulpritStanding(StrEnum):
    """How sure it is that a suspect is why something fails."""

    PROVED = "proved"
    """Alone under suspicion in two failures that share nothing else."""
    NAMED = "named"
    """Alone under suspicion, so far only together with its context."""
    FLAKY = "flaky"
    """Twice published and twice revoked by a pass: only a person can say more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A combination and the runs of it that tell.

    Attributes:
        combination: what was run.
        runs: ids, newest first; at least one.
    """

    combination: Combination
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A suspect of the failure that somebody else's pass rules out.

    Attributes:
        suspect: the item or pair.
        witness: a passing row that holds it.
    """

    suspect: Suspect
    witness: Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """An item or pair that does not fit, with its proof.

    Attributes:
        capability: at which it fails.
        values: one value, or two in order.
        standing: how sure that is.
        context: the values that all its failures share besides itself, sorted; a name holds only with them. Empty for
            a proof.
        failure: the failure in which it is alone under suspicion.
        second: the failure that shares nothing else with the first; ``None`` unless it is proved.
        twin: the nearest passing row; ``None`` where nothing is known to be good.
        cleared: what rules out everything else in ``failure``, pairs only, in order.
        tried: with how many partners (live values of other exercised factors) it failed, of an item.
        partners: how many such partners there are.
        cause: the log line that tells why it fails.
        cause_name: the registered cause; empty when none matched.
        since: aware UTC end of the first failing run behind it.
        observed_at: aware UTC end of the newest failing run behind it.
        fresh_until: aware UTC time at which what is inferred from it becomes stale.
        sentence: one plain sentence for people.
        spent: how many runs it took to tell it from what else was suspected in ``failure``.
        need: how many that takes in theory: c log2(d / c) + c for c culprits among d differences.
    """

    capability: str
    values: Suspect
    standing: CulpritStanding
    context: tuple[Value, ...]
    failure: Witness
    second: Witness | None
    twin: Witness | None
    cleared: tuple[Clearance, ...]
    tried: int
    partners: int
    cause: str
    cause_name: str
    since: datetime
    observed_at: datetime
    fresh_until: datetime
    sentence: str
    spent: int = 0
    need: int = 0

    @property
    def key(self) -> str:
        """What names it for good: ``networks: cni-plugins=1.1.1 cni-spec=1.1.0``."""
        return culprit_key(self.capability, self.values)

    @property
    def scope(self) -> tuple[Value, ...]:
        """A combination that holds all of these is broken by it, run or not."""
        return (*self.values, *self.context)

    def is_in(self, combination: Combination | Collection[Value]) -> bool:
        """Whether ``combination``, or a part of one, is broken by it; what is flaky breaks nothing."""
        return self.standing is not CulpritStanding.FLAKY and all(value in combination for value in self.scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A believed failure whose cause is not separated yet.

    Attributes:
        capability: at which it fails.
        failure: what fails.
        suspects: items, then pairs, that no pass has ruled out; empty where all are ruled out, so that three or more
            parts must be involved.
        is_the_test_suspected: every suspect passed with the same files under an older scenario: what changed is the
            test.
        sentence: one plain sentence for people.
    """

    capability: str
    failure: Witness
    suspects: tuple[Suspect, ...]
    is_the_test_suspected: bool
    sentence: str


def culprit_key(capability: str, values: Suspect) -> str:
    """Return the name of an item or pair that fails at ``capability``."""
    return f"{capability}: {' '.join(map(str, values))}"
