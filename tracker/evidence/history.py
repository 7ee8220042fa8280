"""Judges evidence under older keys: it is kept and shown as stale, and used for nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.evidence.belief import believe
from tracker.evidence.field import survey
from tracker.evidence.trials import chronology
from tracker.evidence.verdicts import past

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.evidence.field import Field
    from tracker.evidence.trials import Record, Row
    from tracker.model import Combination, EvidenceKey, Verdict


class History:
    """Old rows, judged among all rows of their own scenario and host, when somebody asks for them."""

    def __init__(self, rows: Iterable[Row], *, self_test_passed: bool) -> None:
        self._strata: dict[tuple[str, str, str], list[Row]] = {}
        self._fields: dict[tuple[str, str, str], tuple[Field, dict[tuple[Combination, EvidenceKey], Record]]] = {}
        self._self_test_passed = self_test_passed
        for row in rows:
            self._strata.setdefault(_stratum(row), []).append(row)

    def verdicts(self, rows: Sequence[Row]) -> dict[str, Verdict]:
        """Return ``stale`` for each capability of one combination's ``rows`` that worked or was broken before.

        The newest old key that says either decides.
        """
        found: dict[str, Verdict] = {}
        old = [row for row in rows if not row.is_current]
        for row in sorted(old, key=lambda one: chronology(one.trials[-1]), reverse=True):
            verdict = None if row.capability in found else self._verdict(row)
            if verdict is not None:
                found[row.capability] = verdict
        return found

    def _verdict(self, row: Row) -> Verdict | None:
        field, records = self._field(_stratum(row))
        record = records[row.combination, row.key]
        return past(record, believe(record, field, self_test_passed=self._self_test_passed).standing)

    def _field(self, stratum: tuple[str, str, str]) -> tuple[Field, dict[tuple[Combination, EvidenceKey], Record]]:
        if stratum not in self._fields:
            field = survey(stratum[0], self._strata[stratum])
            records = {(record.row.combination, record.row.key): record for record in field.records}
            self._fields[stratum] = (field, records)
        return self._fields[stratum]


def _stratum(row: Row) -> tuple[str, str, str]:
    return (row.capability, row.key.scenario_digest, row.key.host_key)
