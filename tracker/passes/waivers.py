"""The failures that persons accept now: those of the store and of tracker.toml that hold today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Combination, Outcome, Waiver, to_microseconds
from tracker.naming import find_pinned
from tracker.passes.verdicts import known_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tracker.config import ConfiguredWaiver
    from tracker.model import Value
    from tracker.naming import KnownValue
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.store import Store


def open_waivers(place: Workplace, store: Store, judged: Judged) -> tuple[Waiver, ...]:
    """Return the waivers that hold: not expired, not closed, and not outlived by passes; those of the store first."""
    given = (*store.corrections.open_waivers(place.profile.name), *_configured(place, judged))
    today = judged.judgement.now.date()
    return tuple(one for one in given if one.until >= today and passes_since(one, judged) < one.closes_after)


def close_outlived(place: Workplace, store: Store, judged: Judged, *, now: datetime) -> None:
    """Close the stored waivers whose versions have passed so often since that there is nothing left to accept."""
    for one in store.corrections.open_waivers(place.profile.name):
        passed = passes_since(one, judged)
        if passed >= one.closes_after:
            store.corrections.close_waiver(one.id, because=f"{passed} runs have passed since", now=now)


def passes_since(waiver: Waiver, judged: Judged) -> int:
    """Return how many runs that hold the waiver's values have passed what it is about since it was given."""
    capability = waiver.capability or judged.judgement.capabilities[-1]
    given_at = None if waiver.given_at is None else to_microseconds(waiver.given_at)
    passed = (
        trial
        for trial in judged.trials
        if trial.is_trusted
        and trial.outcome is Outcome.PASS
        and trial.capability == capability
        and all(value in trial.combination for value in waiver.values)
    )
    return sum(given_at is None or ended > given_at for trial in passed for ended, _, _ in trial.moments)


def waiver_problems(place: Workplace, judged: Judged) -> list[str]:
    """Return one sentence for each waiver of tracker.toml that names what nobody knows, so that it holds nowhere."""
    known = known_values(place, judged)
    found = []
    for one in place.config.waivers if judged.releases else ():
        try:
            _values(place, one, known)
        except UsageError as error:
            found.append(f"{place.config.path}: waivers: {error.message}; it accepts nothing")
    return found


def _configured(place: Workplace, judged: Judged) -> Iterator[Waiver]:
    known = known_values(place, judged)
    for one in place.config.waivers:
        try:
            values = _values(place, one, known)
        except UsageError:
            # The pass tells of it (waiver_problems); what was run is not lost for a misspelt version.
            continue
        yield Waiver(
            values=values,
            capability=one.capability,
            reason=one.reason,
            url=one.url,
            until=one.until,
            closes_after=one.closes_after,
        )


def _values(place: Workplace, waiver: ConfiguredWaiver, known: Sequence[KnownValue]) -> tuple[Value, ...]:
    found = [find_pinned(name, text, place.profile.factors, known) for name, text in waiver.pins.items()]
    return Combination.of(found).values
