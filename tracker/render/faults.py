"""What does not work, summed up: failures with the same cause are one fault, with what tells them from what works."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Combination, Value, Verdict
    from tracker.render.knowledge import Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Combinations that fail at the same capability for the same cause.

    Attributes:
        capability: the first one in the chain that fails.
        cause: the log line that tells why, as the first combination showed it; empty when none is known.
        sentence: what the verdict says; of the first combination where there is no cause.
        combinations: those that were run first, then in order.
        held: by factor, in the profile's order, the values of which each of them holds one: only factors that tell
            them from the combinations that work, and none whose values all work elsewhere if another's never do.
        run_id: the newest run that shows it; 0 when there is none.
    """

    capability: str
    cause: str
    sentence: str
    combinations: tuple[Combination, ...]
    held: tuple[tuple[Value, ...], ...]
    run_id: int


def group(known: Knowledge) -> tuple[Fault, ...]:
    """Return the faults, those of the most combinations first."""
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdicts in known.snapshot.verdicts.values():
        for verdict in verdicts.values():
            if verdict.kind is VerdictKind.BROKEN and not verdict.because_of:
                groups[verdict.capability, _kind(known, verdict)].append(verdict)
    faults = [_fault(known, verdicts) for verdicts in groups.values()]
    order = {capability: number for number, capability in enumerate(known.capabilities)}
    return tuple(
        sorted(faults, key=lambda one: (-len(one.combinations), order.get(one.capability, 0), one.cause, one.sentence))
    )


def _kind(known: Knowledge, verdict: Verdict) -> str:
    """What failures must share to be one fault: the registered cause, else the very line, else the sentence."""
    steps = (step for run_id in verdict.runs if (run := known.run(run_id)) for step in run.steps)
    names = (step.cause_name for step in steps if step.capability == verdict.capability and step.cause_name)
    return next(names, "") or verdict.cause or verdict.sentence


def _fault(known: Knowledge, verdicts: Sequence[Verdict]) -> Fault:
    ordered = sorted(verdicts, key=lambda one: (not known.runs_of(one.combination), one.combination))
    runs = [run_id for one in ordered for run_id in one.runs if known.run(run_id)]
    return Fault(
        capability=ordered[0].capability,
        cause=ordered[0].cause,
        sentence=ordered[0].sentence,
        combinations=tuple(one.combination for one in ordered),
        held=_held(known, ordered[0].capability, [one.combination for one in ordered]),
        run_id=max(runs, default=0),
    )


def _held(known: Knowledge, capability: str, failing: Sequence[Combination]) -> tuple[tuple[Value, ...], ...]:
    working = [
        combination
        for combination, verdicts in known.snapshot.verdicts.items()
        if capability in verdicts and verdicts[capability].kind is VerdictKind.WORKS
    ]
    telling, never_working = [], []
    for factor in known.factors:
        bad, good = _values(failing, factor.name), _values(working, factor.name)
        if good - bad:
            telling.append(known.newest_first(bad))
        if bad and good and not bad & good:
            never_working.append(known.newest_first(bad))
    return tuple(never_working or telling)


def _values(combinations: Iterable[Combination], factor: str) -> set[Value]:
    return {value for combination in combinations for value in combination if value.factor == factor}
