"""All rows of one capability that may serve each other as references: one scenario, one host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.flake import flake_rate, reruns_needed
from tracker.evidence.incidents import find_incidents
from tracker.evidence.trials import Record, tell_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from tracker.evidence.incidents import Incident
    from tracker.evidence.trials import Row
    from tracker.model import Combination


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What the rows of one capability say together.

    Attributes:
        capability: what was tried.
        records: the rows, told apart, in the order in which they were given.
        good: the records that passed and never failed, newest pass first.
        incidents: oldest first.
        reruns: how many reruns must fail too; ``None`` where flakes are too frequent to believe anything.
        newest_reference_at: aware UTC start of the newest pass of a known-good combination; ``None`` without one.
    """

    capability: str
    records: tuple[Record, ...]
    good: tuple[Record, ...]
    incidents: tuple[Incident, ...]
    reruns: int | None
    newest_reference_at: datetime | None


def survey(capability: str, rows: Sequence[Row], *, unsteady: Collection[Combination] = ()) -> Field:
    """Return the field of ``rows``.

    Args:
        capability: the capability of all ``rows``.
        rows: of one scenario and host.
        unsteady: combinations that are flaky at an earlier capability, hence no references for this one.
    """
    incidents = find_incidents(capability, rows)
    voided = frozenset(run for incident in incidents for run in incident.runs)
    records = tuple(tell_apart(row, voided) for row in rows)
    good = [
        record for record in records if record.passes and not record.fails and record.row.combination not in unsteady
    ]
    # Two stable sorts: newest pass first, combinations by key where passes ended together.
    good.sort(key=lambda record: record.row.combination.key)
    good.sort(key=lambda record: record.passes[-1].finished_at, reverse=True)
    return Field(
        capability=capability,
        records=records,
        good=tuple(good),
        incidents=incidents,
        reruns=reruns_needed(flake_rate(records)),
        newest_reference_at=max((trial.last_started_at for record in good for trial in record.passes), default=None),
    )
