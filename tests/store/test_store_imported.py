"""Runs of other hosts come into the store once, with whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.store.samples import ENVIRONMENT, KEY, NOW, at, combination
from tracker.exchange.document import foreign
from tracker.model import ForeignRun, Job, JobKind, Outcome, Provenance, Retraction, Run, RunState, StepResult

if TYPE_CHECKING:
    from tracker.store import Store
    from tracker.store.imported import Taken

PROFILE, SCENARIO = "linux-containers", "containers"
A, B = "ed25519:A", "ed25519:B"


def a_run(minute: float = 0, outcome: Outcome = Outcome.PASS) -> Run:
    step = StepResult(name="start", capability="starts", outcome=outcome, exercises=frozenset({"runtime"}), log="hello")
    return Run(
        id=17,
        combination=combination(),
        key=KEY,
        environment=ENVIRONMENT,
        started_at=at(minute),
        finished_at=at(minute + 1),
        state=RunState.FINISHED,
        outcome=outcome,
        steps=(step,),
        logs={"daemon": "long"},
    )


def told(run: Run, origin: str = "box-a", retraction: Retraction | None = None) -> ForeignRun:
    return foreign(run, SCENARIO, origin, retraction)


def take(store: Store, *found: ForeignRun, key: str = "") -> Taken:
    return store.imported.take(found, profile=PROFILE, key=key, now=NOW)


def test_a_run_comes_in_whole_and_tells_whose_it_is(store: Store) -> None:
    assert take(store, told(a_run()), key=A).new == 1

    (found,) = store.runs(profile=PROFILE)
    assert store.run(found.id) == replace(a_run(), id=found.id, origin="box-a")
    assert store.imported.provenance(profile=PROFILE) == {found.id: Provenance(origin="box-a", keys=frozenset({A}))}
    assert [trial.outcome for trial in store.trials(profile=PROFILE, host_key=KEY.host_key)] == [Outcome.PASS]


def test_the_same_run_comes_in_once_whoever_brings_it(store: Store) -> None:
    take(store, told(a_run()))
    again = take(store, told(a_run()), told(replace(a_run(), id=99), "box-b"), told(a_run(5)), key=B)

    assert (again.new, again.known) == (1, 2)
    first, _ = sorted(store.imported.provenance(profile=PROFILE).items())
    assert first[1] == Provenance(origin="box-a", keys=frozenset({B}))


def test_a_run_of_this_store_that_comes_back_is_known(store: Store) -> None:
    run_id = store.start_run(
        Job(combination=combination(), kind=JobKind.NAMED, reason="asked"),
        profile=PROFILE,
        scenario=SCENARIO,
        key=KEY,
        environment=ENVIRONMENT,
        started_at=at(0),
    )
    own = replace(a_run(), id=run_id)
    store.finish_run(own)

    # Even where somebody on the way turned what it says into its opposite.
    back = take(store, told(own), told(replace(own, outcome=Outcome.FAIL)), key=A)

    assert (back.new, back.known) == (0, 2)
    assert store.imported.provenance(profile=PROFILE) == {}
    assert len(store.runs(profile=PROFILE)) == 1


def test_a_run_that_its_host_took_back_is_retracted_here_too(store: Store) -> None:
    taken_back = Retraction(run_id=17, reason="the disk was full", url="", retracted_at=NOW)
    take(store, told(a_run()), key=A)

    assert take(store, told(a_run(), retraction=taken_back), key=A).retracted == 1
    assert take(store, told(a_run(), retraction=taken_back), key=A).retracted == 0
    assert store.trials(profile=PROFILE, host_key=KEY.host_key) == ()


def test_nobody_else_takes_a_run_back(store: Store) -> None:
    taken_back = Retraction(run_id=17, reason="I say so", url="", retracted_at=NOW)
    take(store, told(a_run()), key=A)

    assert take(store, told(a_run(), retraction=taken_back), key=B).retracted == 0
    assert take(store, told(a_run(), retraction=taken_back)).retracted == 0
    assert len(store.trials(profile=PROFILE, host_key=KEY.host_key)) == 1


def test_an_error_elsewhere_keeps_this_host_from_nothing(store: Store) -> None:
    take(store, told(a_run(outcome=Outcome.ERROR)), key=A)

    assert store.recent_errors(profile=PROFILE, host_key=KEY.host_key) == {}
