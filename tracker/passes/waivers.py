"""The failures that persons accept now: those of the store and of tracker.toml that hold today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import ConfigError, UsageError
from tracker.model import Combination, Outcome, Waiver
from tracker.naming import find_pinned
from tracker.passes.verdicts import known_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

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
    return sum(
        trial.outcome is Outcome.PASS
        and trial.capability == capability
        and all(value in trial.combination for value in waiver.values)
        and (waiver.given_at is None or trial.finished_at > waiver.given_at)
        for trial in judged.trials
    )


def _configured(place: Workplace, judged: Judged) -> Iterator[Waiver]:
    known = known_values(place, judged)
    for one in place.config.waivers:
        try:
            values = [find_pinned(name, text, place.profile.factors, known) for name, text in one.pins.items()]
        except UsageError as error:
            if not judged.releases:
                continue
            message = f"{place.config.path}: waivers: {error.message}"
            raise ConfigError(message, hint=error.hint) from error
        yield Waiver(
            values=Combination.of(values).values,
            capability=one.capability,
            reason=one.reason,
            url=one.url,
            until=one.until,
            closes_after=one.closes_after,
        )
