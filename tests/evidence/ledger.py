"""Trials written down by hand, for tests that need to say exactly what was run when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.evidence.world import axis, pick
from tracker.evidence.judge import judge
from tracker.model import Combination, EvidenceKey, Outcome, Profile, Trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.judgement import Judgement

AXES = (axis("engine", "3", "2", "1"), axis("runtime", "b", "a"), axis("spec", "y", "x"))
EXERCISES = {
    "starts": frozenset({"engine"}),
    "runs": frozenset({"engine", "runtime"}),
    "networks": frozenset({"engine", "runtime", "spec"}),
}
PROFILE = Profile(
    name="ledger",
    title="A ledger",
    factors=tuple(one.factor for one in AXES),
    scenario="scenario",
    capabilities=tuple(EXERCISES),
    required=tuple(EXERCISES),
    host_key=("host",),
)
MAX_AGE = timedelta(days=90)
MINUTE = timedelta(minutes=1)


def combination(text: str) -> Combination:
    """Return ``engine runtime spec`` as a combination: ``"2 a x"``."""
    engine, runtime, spec = text.split()
    return pick(AXES, engine=engine, runtime=runtime, spec=spec)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Runs in the order in which they are written, a minute each, one after the other."""

    now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    scenario: str = "s"
    artifacts: str = "a"
    host: str = "h"
    trials: list[Trial] = field(default_factory=list)
    run_count: int = 0

    def key(self, what: Combination) -> EvidenceKey:
        return EvidenceKey(
            scenario_digest=self.scenario, artifact_digest=f"{self.artifacts} {what.key}", host_key=self.host
        )

    def run(  # noqa: PLR0913
        self,
        text: str,
        *,
        stops_at: str = "",
        with_outcome: Outcome = Outcome.FAIL,
        is_deterministic: bool = False,
        timed_out: bool = False,
        limit_factor: float = 1.0,
        started_at: datetime | None = None,
        said: str = "it broke",
    ) -> int:
        """Write a run of the combination ``text`` that passes everything, or what comes before ``stops_at``."""
        self.run_count += 1
        started = started_at or self.now + MINUTE
        self.now = max(self.now, started) + MINUTE
        outcome = Outcome.PASS
        for capability, exercises in EXERCISES.items():
            stops = capability == stops_at
            if outcome is not Outcome.PASS:
                outcome = Outcome.SKIP if outcome is Outcome.SKIP else Outcome.NOT_REACHED
            elif stops:
                outcome = with_outcome
            spoke = outcome in {Outcome.PASS, Outcome.FAIL}
            self.trials.append(
                Trial(
                    run_id=self.run_count,
                    combination=combination(text),
                    capability=capability,
                    outcome=outcome,
                    exercised=frozenset(v for v in combination(text) if spoke and v.factor in exercises),
                    key=self.key(combination(text)),
                    started_at=started,
                    finished_at=self.now,
                    reason=f"{capability}: {outcome}" if outcome in {Outcome.SKIP, Outcome.ERROR} else "",
                    cause=said if outcome is Outcome.FAIL else "",
                    is_deterministic=is_deterministic and stops,
                    timed_out=timed_out and stops,
                    limit_factor=limit_factor,
                )
            )
        return self.run_count

    def judge(
        self,
        *,
        now: datetime | None = None,
        self_test_passed: bool = True,
        trials: Sequence[Trial] | None = None,
    ) -> Judgement:
        return judge(
            PROFILE,
            self.trials if trials is None else trials,
            self.key,
            now=now or self.now,
            max_age=MAX_AGE,
            self_test_passed=self_test_passed,
            axes=AXES,
        )

    def kind(self, text: str, capability: str, *, self_test_passed: bool = True) -> str:
        """Return the verdict on ``text`` in one word."""
        judgement = self.judge(self_test_passed=self_test_passed)
        return judgement.verdict(combination(text), capability).kind.value
