"""Judges all trials of one profile on one host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence import verdicts
from tracker.evidence.attempts import attempt, errors
from tracker.evidence.belief import believe
from tracker.evidence.chain import carry
from tracker.evidence.clearing import clear
from tracker.evidence.field import survey
from tracker.evidence.findings import find_culprits
from tracker.evidence.hearsay import hearsay
from tracker.evidence.history import History
from tracker.evidence.judgement import Judgement
from tracker.evidence.trials import group_trials, tell_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from tracker.evidence.belief import Belief
    from tracker.evidence.clearing import Clearings
    from tracker.evidence.field import Field
    from tracker.evidence.trials import Record, Row
    from tracker.model import Axis, Combination, EvidenceKey, Exclusion, Profile, Trial, Verdict


def judge(  # noqa: PLR0913 - all that decides
    profile: Profile,
    trials: Iterable[Trial],
    current: Callable[[Combination], EvidenceKey | None],
    *,
    now: datetime,
    max_age: timedelta,
    self_test_passed: bool,
    axes: Sequence[Axis] = (),
    exclusions: Sequence[Exclusion] = (),
    revocations: Mapping[str, int] | None = None,
) -> Judgement:
    """Return what ``trials`` say; the same whatever their order.

    Args:
        profile: whose capabilities are judged; trials of others are ignored.
        trials: of one host, under any keys. Those that are not trusted are told of where nobody else has a word, and
            decide nothing.
        current: the present key of a combination, ``None`` where its files are no longer known; ``mapping.get`` fits.
        now: aware UTC time; decides what has become stale and nothing else.
        max_age: after it a verdict is stale; clearings do not age.
        self_test_passed: whether the test bed's self-test has passed on this host.
        axes: the live values: with whom an item has to be tried before it is blamed. Without them, all that were run.
        exclusions: values that never meet.
        revocations: how often a pass has revoked a culprit that was published, by its key.
    """
    chain = profile.capabilities
    asked = [trial for trial in trials if trial.capability in chain]
    rows = group_trials([trial for trial in asked if trial.is_trusted], current)
    fields = _fields([row for members in rows.values() for row in members if row.is_current], chain)
    present = _believe_all(rows, fields, self_test_passed=self_test_passed)
    history = History([row for members in rows.values() for row in members], self_test_passed=self_test_passed)
    judged: dict[Combination, Mapping[str, Verdict]] = {}
    for combination, members in rows.items():
        own = {**history.verdicts(members), **_spoken(present[combination], max_age)}
        silent = {
            name: verdicts.silent(record) for name, (record, _) in present[combination].items() if name not in own
        }
        judged[combination] = carry({**silent, **own}, chain)
    untrusted = [trial for trial in asked if not trial.is_trusted]
    for combination, reported in hearsay(untrusted, current, chain, max_age).items():
        judged[combination] = {**reported, **judged.get(combination, {})}
    attempts = [one for found in present.values() if (one := attempt([record for record, _ in found.values()]))]
    finished = {one.combination for one in attempts}
    cleared = {name: clear(name, field.good) for name, field in fields.items()}
    findings = find_culprits(
        fields,
        {name: [found[name] for found in present.values() if name in found] for name in chain},
        cleared=cleared,
        formerly={name: _formerly(name, rows) for name in chain},
        axes=axes,
        exclusions=exclusions,
        tried=[one.combination for one in attempts],
        erred={
            combination: errors([record for record, _ in found.values()])
            for combination, found in present.items()
            if combination not in finished
        },
        revocations=revocations or {},
        max_age=max_age,
    )
    return Judgement(
        capabilities=chain,
        now=now,
        verdicts={combination: judged[combination] for combination in sorted(judged, key=_key) if judged[combination]},
        cleared=cleared,
        good={name: tuple(record.row.combination for record in field.good) for name, field in fields.items()},
        incidents=tuple(incident for field in fields.values() for incident in field.incidents),
        doubts=tuple(belief.doubt for found in present.values() for _, belief in found.values() if belief.doubt),
        attempts=tuple(attempts),
        culprits=tuple(one for found in findings for one in found.culprits),
        pending=tuple(one for found in findings for one in found.pending),
        suspicions=tuple(one for found in findings for one in found.suspicions),
    )


def _key(combination: Combination) -> str:
    return combination.key


def _formerly(capability: str, rows: Mapping[Combination, Sequence[Row]]) -> Clearings:
    """Return what the same files had cleared on this host before the scenario was changed."""
    others = [row for members in rows.values() for row in members if row.is_other_test and row.capability == capability]
    records = [tell_apart(row, frozenset()) for row in others]
    return clear(capability, [record for record in records if record.passes and not record.fails])


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
