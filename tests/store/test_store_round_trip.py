from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import ENVIRONMENT, KEY, NOW, SEEN, job, look
from tracker.model import (
    Asset,
    AssetRole,
    Combination,
    EvidenceKey,
    Outcome,
    Release,
    Run,
    RunState,
    StepResult,
    Value,
)
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_text = st.text(max_size=12)
_zones = st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30)), timezone(timedelta(hours=14))])
_times = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2500, 1, 1), timezones=_zones)  # noqa: DTZ001
_seconds = st.floats(min_value=0, allow_infinity=False)
_texts = st.dictionaries(_text, _text, max_size=3)

_values = st.builds(Value, _text, _text, _text, st.booleans())
_combinations = st.lists(_values, unique_by=lambda value: value.factor, max_size=4).map(Combination.of)
_assets = st.builds(
    Asset,
    name=_text,
    url=_text,
    size=st.none() | st.integers(0, 2**62),
    digest=st.none() | _text,
    role=st.sampled_from(AssetRole),
)
_releases = st.builds(
    Release,
    component=st.sampled_from(["runc", "containerd"]),
    version=st.sampled_from(["1", "2"]),
    upstream_version=_text,
    line=_text,
    channel=_text,
    assets=st.lists(_assets, max_size=3).map(tuple),
    published_at=st.none() | _times,
    is_prerelease=st.booleans(),
    notes=_text,
    url=_text,
)
_steps = st.builds(
    StepResult,
    name=_text,
    capability=_text,
    outcome=st.sampled_from(Outcome),
    exercises=st.frozensets(_text, max_size=3),
    reason=_text,
    cause=_text,
    cause_name=_text,
    is_deterministic=st.booleans(),
    timed_out=st.booleans(),
    seconds=_seconds,
    log=st.text(max_size=300),
)
_runs = st.builds(
    Run,
    combination=_combinations,
    key=st.builds(EvidenceKey, scenario_digest=_text, artifact_digest=_text, host_key=_text),
    started_at=_times,
    finished_at=_times,
    state=st.just(RunState.FINISHED),
    outcome=st.sampled_from(Outcome),
    steps=st.lists(_steps, max_size=4).map(tuple),
    environment=_texts,
    artifacts=_texts,
    limit_factor=_seconds,
    reason=_text,
    logs=_texts,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("kept") / "tracker.sqlite") as opened:
        yield opened


@given(run=_runs)
def test_a_run_comes_back_as_it_was(kept: Store, run: Run) -> None:
    run_id = kept.start_run(
        job(run.combination), profile="p", scenario="s", key=KEY, environment=ENVIRONMENT, started_at=NOW
    )

    kept.finish_run(replace(run, id=run_id))

    read = kept.run(run_id)
    assert read == replace(run, id=run_id)
    assert read is not None
    assert read.started_at.utcoffset() == timedelta(0)
    assert [one.id for one in kept.runs(combination=run.combination, limit=1)] == [run_id]


@given(combination=_combinations)
def test_a_combination_comes_back_with_all_parts_of_its_values(kept: Store, combination: Combination) -> None:
    (queued,) = kept.enqueue([job(combination)], profile="c", now=NOW)

    read = next(one for one in kept.queued_jobs("c") if one.id == queued.id)

    assert read == queued
    assert read.combination.values == combination.values


@given(
    answers=st.lists(
        st.lists(_releases, max_size=4, unique_by=lambda one: (one.component, one.version, one.line, one.channel)),
        min_size=1,
        max_size=3,
    )
)
def test_a_target_offers_its_last_answer_whatever_it_offered_before(kept: Store, answers: list[list[Release]]) -> None:
    for minutes, answer in enumerate(answers):
        kept.record_look(look(minutes), state=SEEN, offered=answer)

    offered = kept.offered("debian", "bookworm")

    assert len(offered) == len(answers[-1])
    assert set(offered) == set(answers[-1])
    for stored in kept.releases(offered_only=True):
        assert stored.release in answers[-1]
        assert len(stored.offers) == sum(
            (one.component, one.version) == (stored.release.component, stored.release.version) for one in answers[-1]
        )
