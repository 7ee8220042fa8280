"""What was known at an earlier moment: the ordinary judging, over the store as it was then."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import StoreError
from tracker.passes.whole import conclude, open_runner, what_is_known
from tracker.store.past import copy_as_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tracker.passes.whole import PassReport
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.snapshot import VerdictSnapshot
    from tracker.store import Store


def verdicts_at(place: Workplace, at: datetime) -> VerdictSnapshot:
    """Return the verdicts of all combinations as they were known at ``at``, aware UTC.

    They are about the bytes that were offered then and the test that was in force then.

    Raises:
        StoreError: there is no store, or nothing was known yet.
    """
    with _then(place, at) as (past, store, runner):
        return what_is_known(past, store, runner, now=at).snapshot


def publish_at(place: Workplace, at: datetime, into: Path) -> PassReport:
    """Publish the site as it would have been at ``at``, aware UTC, into the directory ``into``.

    Raises:
        StoreError: there is no store, or nothing was known yet.
        RenderError: the site cannot be written.
    """
    with _then(place, at) as (past, store, runner):
        shown = replace(past, config=past.config.publishing_into(into.resolve()))
        return conclude(shown, store, runner, looks=(), runs=(), now=at)


@contextmanager
def _then(place: Workplace, at: datetime) -> Iterator[tuple[Workplace, Store, Runner]]:
    with place.open_store() as present:
        # It is of this program's revision from here on.
        path = present.path
    with tempfile.TemporaryDirectory(prefix="tracker-past-") as directory:
        past = replace(place, config=replace(place.config, home=Path(directory)))
        copy_as_of(path, past.config.store_path, at)
        with past.open_store() as store, closing(past.open_http()) as http:
            runner = open_runner(past, http, scenario_digest=_test_in_force(place, store))
            if not store.last_looks() and not store.runs(profile=place.profile.name, limit=1):
                message = f"nothing was known yet at {at:%Y-%m-%d %H:%M} UTC"
                raise StoreError(message, hint="`tracker changes` and `tracker runs` tell when it began.")
            yield past, store, runner


def _test_in_force(place: Workplace, store: Store) -> str:
    """Return the digest of the scenario that the last run of this store's own had; empty before there was any."""
    runs = store.runs(profile=place.profile.name)
    return next((run.key.scenario_digest for run in runs if not run.origin), "")
