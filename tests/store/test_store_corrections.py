"""What persons take back and accept, and the memory of who was blamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.store.samples import HOST, NOW, at, begin, combination, step
from tracker.errors import StoreError
from tracker.model import Culprit, CulpritStanding, Outcome, Retraction, Value, Waiver, Witness

if TYPE_CHECKING:
    from tracker.store import Store

SPEC = Value("cni-spec", "1.0.0")
PROFILE = "linux"


def _run(store: Store, outcome: Outcome = Outcome.FAIL) -> int:
    run = replace(begin(store), outcome=outcome, steps=(step("installs", outcome),))
    store.finish_run(run)
    return run.id


def _culprit(spec: Value = SPEC) -> Culprit:
    witness = Witness(combination=combination(), runs=(1,))
    return Culprit(
        capability="networks",
        values=(spec,),
        standing=CulpritStanding.NAMED,
        context=(),
        failure=witness,
        second=None,
        twin=None,
        cleared=(),
        tried=1,
        partners=1,
        cause="",
        cause_name="",
        since=NOW,
        observed_at=NOW,
        fresh_until=at(10),
        sentence="It fails.",
    )


def _retraction(run_id: int) -> Retraction:
    return Retraction(run_id=run_id, reason="the disk was full", url="", retracted_at=at(5))


def test_nothing_rests_on_a_retracted_run_and_its_row_stays(store: Store) -> None:
    run_id = _run(store)
    assert store.trials(profile=PROFILE, host_key=HOST)

    store.corrections.retract(_retraction(run_id))

    assert store.trials(profile=PROFILE, host_key=HOST) == ()
    assert store.run(run_id) is not None
    assert store.corrections.retractions() == (_retraction(run_id),)
    (told,) = store.corrections.retracted_runs(PROFILE)
    kept = store.run(run_id)
    assert kept is not None
    assert (told.retraction, told.combination, told.host_key) == (_retraction(run_id), kept.combination, HOST)
    assert store.corrections.retracted_runs("another") == ()


def test_a_retracted_error_waits_for_no_retry(store: Store) -> None:
    run_id = _run(store, Outcome.ERROR)
    assert store.recent_errors(profile=PROFILE, host_key=HOST)

    store.corrections.retract(_retraction(run_id))

    assert store.recent_errors(profile=PROFILE, host_key=HOST) == {}


def test_a_run_that_does_not_exist_or_is_under_way_is_not_retracted(store: Store) -> None:
    under_way = begin(store).id

    for run_id in (under_way, 99):
        with pytest.raises(StoreError, match=f"there is no finished run {run_id}"):
            store.corrections.retract(_retraction(run_id))


def test_a_second_retraction_says_what_the_first_one_said(store: Store) -> None:
    run_id = _run(store)
    store.corrections.retract(_retraction(run_id))

    with pytest.raises(StoreError, match="was retracted before: the disk was full"):
        store.corrections.retract(_retraction(run_id))


def test_a_waiver_is_open_until_somebody_closes_it(store: Store) -> None:
    waiver = Waiver(values=(SPEC,), capability="networks", reason="known", url="u", until=date(2026, 12, 31))
    number = store.corrections.add_waiver(waiver, profile=PROFILE, now=NOW)

    (found,) = store.corrections.open_waivers(PROFILE)
    assert (found.id, found.values, found.until, found.given_at) == (number, (SPEC,), date(2026, 12, 31), NOW)
    assert store.corrections.open_waivers("another") == ()

    store.corrections.close_waiver(number, because="mended", now=at(1))
    assert store.corrections.open_waivers(PROFILE) == ()
    with pytest.raises(StoreError, match=f"no open waiver {number}"):
        store.corrections.close_waiver(number, because="again", now=at(2))


def test_revocations_are_counted_and_other_ends_are_not(store: Store) -> None:
    run_id = _run(store, Outcome.PASS)
    blamed = store.blamed(profile=PROFILE, host_key=HOST)
    key = _culprit().key
    for revoked_by in (run_id, None, run_id):
        blamed.record([_culprit()], {}, now=NOW)
        assert blamed.standing() == {key: NOW}
        blamed.record([], {key: revoked_by}, now=at(1))
        assert blamed.standing() == {}

    assert blamed.revocations() == {key: 2}
    assert store.blamed(profile=PROFILE, host_key="another").revocations() == {}
