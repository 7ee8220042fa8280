"""Judges all trials of one profile on one host (rules 1 to 4).

What comes later (naming and proof of culprits, inference, waivers) reads the fields and clearings that are made
here, and adds its verdicts to a combination's own ones before ``carry`` takes them down the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence import verdicts
from tracker.evidence.attempts import attempt
from tracker.evidence.belief import believe
from tracker.evidence.chain import carry
from tracker.evidence.clearing import clear
from tracker.evidence.field import survey
from tracker.evidence.history import History
from tracker.evidence.judgement import Judgement
from tracker.evidence.trials import group_trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.belief import Belief
    from tracker.evidence.field import Field
    from tracker.evidence.trials import Record, Row
    from tracker.model import Combination, EvidenceKey, Profile, Trial, Verdict


def judge(
    profile: Profile,
    trials: Iterable[Trial],
    current: Callable[[Combination], EvidenceKey | None],
    *,
    now: datetime,
    max_age: timedelta,
    self_test_passed: bool,
) -> Judgement:
    """Return what ``trials`` say; the same whatever their order.

    Args:
        profile: whose capabilities are judged; trials of others are ignored.
        trials: of one host, under any keys.
        current: the present key of a combination, ``None`` where its files are no longer known; ``mapping.get`` fits.
        now: aware UTC time; decides what has become stale and nothing else.
        max_age: after it a verdict is stale; clearings do not age.
        self_test_passed: whether the test bed's self-test has passed on this host.
    """
    chain = profile.capabilities
    rows = group_trials([trial for trial in trials if trial.capability in chain], current)
    fields = _fields([row for members in rows.values() for row in members if row.is_current], chain)
    present = _believe_all(rows, fields, self_test_passed=self_test_passed)
    history = History([row for members in rows.values() for row in members], self_test_passed=self_test_passed)
    judged: dict[Combination, Mapping[str, Verdict]] = {}
    for combination, members in rows.items():
        own = {**history.verdicts(members), **_spoken(present[combination], max_age)}
        silent = {name: verdicts.silent(record) for name, (record, _) in present[combination].items()}
        judged[combination] = carry({**silent, **own}, chain)
    attempts = [attempt([record for record, _ in found.values()]) for found in present.values()]
    return Judgement(
        capabilities=chain,
        now=now,
        verdicts={combination: found for combination, found in judged.items() if found},
        cleared={name: clear(name, field.good) for name, field in fields.items()},
        good={name: tuple(record.row.combination for record in field.good) for name, field in fields.items()},
        incidents=tuple(incident for field in fields.values() for incident in field.incidents),
        doubts=tuple(belief.doubt for found in present.values() for _, belief in found.values() if belief.doubt),
        attempts=tuple(one for one in attempts if one is not None),
    )


def _fields(rows: Sequence[Row], chain: Sequence[str]) -> dict[str, Field]:
    """Return the field of each capability; a combination that is flaky at one is no reference for later ones."""
    fields: dict[str, Field] = {}
    unsteady: set[Combination] = set()
    for capability in chain:
        fields[capability] = survey(
            capability, [row for row in rows if row.capability == capability], unsteady=frozenset(unsteady)
        )
        unsteady.update(record.row.combination for record in fields[capability].records if record.is_mixed)
    return fields


def _believe_all(
    combinations: Iterable[Combination], fields: Mapping[str, Field], *, self_test_passed: bool
) -> dict[Combination, dict[str, tuple[Record, Belief]]]:
    """Return each combination's current records with what they say, in order of the chain."""
    found: dict[Combination, dict[str, tuple[Record, Belief]]] = {combination: {} for combination in combinations}
    for capability, field in fields.items():
        for record in field.records:
            belief = believe(record, field, self_test_passed=self_test_passed)
            found[record.row.combination][capability] = (record, belief)
    return found


def _spoken(present: Mapping[str, tuple[Record, Belief]], max_age: timedelta) -> dict[str, Verdict]:
    found = {name: verdicts.present(record, belief, max_age) for name, (record, belief) in present.items()}
    return {name: verdict for name, verdict in found.items() if verdict is not None}
