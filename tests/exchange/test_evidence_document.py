"""A file of evidence says every run whole, and nothing strange in it is let in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import StoreError
from tracker.exchange.document import SCHEMA, Header, foreign, from_lines, to_lines
from tracker.model import Combination, EvidenceKey, ForeignRun, Outcome, Retraction, Run, RunState, StepResult, Value

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEX = "sha256:" + "a" * 64
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
words = st.text("abcXYZ019.+~-:@/", min_size=1, max_size=12)
steps = st.builds(
    StepResult,
    name=words,
    capability=words,
    outcome=st.sampled_from(Outcome),
    exercises=st.frozensets(words, max_size=3),
    reason=texts,
    cause=texts,
    is_deterministic=st.booleans(),
    timed_out=st.booleans(),
    seconds=st.floats(0, 1e6),
    log=texts,
)
runs = st.builds(
    Run,
    id=st.integers(1, 10**9),
    combination=st.lists(words, min_size=1, max_size=4, unique=True).map(
        lambda names: Combination.of(Value(name, f"1-{name}", name) for name in names)
    ),
    key=st.just(EvidenceKey(scenario_digest=HEX, artifact_digest=HEX, host_key="libc=2.36 kernel=6.18")),
    started_at=st.just(NOW - timedelta(minutes=1)),
    finished_at=st.just(NOW),
    state=st.just(RunState.FINISHED),
    outcome=st.sampled_from(Outcome),
    steps=st.lists(steps, max_size=3).map(tuple),
    environment=st.dictionaries(texts, texts, max_size=3),
    artifacts=st.dictionaries(texts, words, max_size=3),
    limit_factor=st.sampled_from([1.0, 3.0]),
    reason=texts,
    logs=st.dictionaries(texts, texts, max_size=2),
)
retractions = st.builds(Retraction, run_id=st.just(0), reason=texts, url=texts, retracted_at=st.just(NOW))


def header(count: int) -> Header:
    return Header(schema=SCHEMA, profile="p", origin="box-a", exported_at=NOW, run_count=count)


def a_file(*found: ForeignRun) -> list[bytes]:
    return [line.removesuffix(b"\n") for line in to_lines(header(len(found)), found)]


def one_run(**changes: Any) -> ForeignRun:  # noqa: ANN401 - whatever a test is about
    run = Run(
        id=7,
        combination=Combination.of([Value("a", "1", "a"), Value("b", "2", "b")]),
        key=EvidenceKey(scenario_digest=HEX, artifact_digest=HEX, host_key="h=1"),
        started_at=NOW - timedelta(minutes=1),
        finished_at=NOW,
        state=RunState.FINISHED,
        outcome=Outcome.PASS,
        steps=(StepResult(name="s", capability="runs", outcome=Outcome.PASS, exercises=frozenset({"a"})),),
    )
    return foreign(replace(run, **changes), "scenario", "box-a")


@given(st.lists(st.tuples(runs, st.none() | retractions), max_size=3))
def test_what_is_written_is_read_back_whole(told: list[tuple[Run, Retraction | None]]) -> None:
    found = [
        foreign(run, "scenario", "box-a", retraction and replace(retraction, run_id=run.id)) for run, retraction in told
    ]

    assert from_lines(a_file(*found), "f", now=NOW) == (header(len(found)), tuple(found))


@given(runs)
def test_a_run_has_the_same_digest_whatever_its_number_and_host(run: Run) -> None:
    one = foreign(run, "scenario", "box-a")
    other = foreign(replace(run, id=run.id + 1, job_id=9), "scenario", "box-b")
    changed = foreign(replace(run, reason=run.reason + "!"), "scenario", "box-a")

    assert one.digest == other.digest != changed.digest


def _content(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda line: line["content"].update({key: value})


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda line: line.pop("content"), id="without content"),
        pytest.param(lambda line: line.update(run=0), id="a run without a number"),
        pytest.param(lambda line: line.update(origin=""), id="of nobody"),
        pytest.param(lambda line: line.update(origin="a\nb"), id="of a host with two lines"),
        pytest.param(_content("outcome", "WORKS"), id="an outcome that nobody knows"),
        pytest.param(_content("outcome", None), id="no outcome"),
        pytest.param(_content("combination", []), id="a combination of nothing"),
        pytest.param(_content("combination", [{"factor": "a", "version": "1 b=2"}]), id="a version with a blank"),
        pytest.param(_content("combination", [{"factor": "a", "version": "\x1b[2J"}]), id="a version with a control"),
        pytest.param(
            _content("combination", [{"factor": "a", "version": "1"}, {"factor": "a", "version": "2"}]),
            id="two values for one factor",
        ),
        pytest.param(_content("scenario_digest", "sha256:short"), id="no digest"),
        pytest.param(_content("started_at", "2026-03-01T11:59:00"), id="a time without a zone"),
        pytest.param(_content("finished_at", "2026-03-01T11:00:00Z"), id="an end before the beginning"),
        pytest.param(_content("finished_at", "2026-03-03T12:00:00Z"), id="an end in the future"),
        pytest.param(_content("limit_factor", -1), id="no limit"),
        pytest.param(_content("steps", {}), id="steps of another form"),
        pytest.param(_content("environment", {"a": 1}), id="a fact that is no text"),
    ],
)
def test_a_strange_line_is_refused_with_its_number(spoil: Callable[[dict[str, Any]], None]) -> None:
    lines = a_file(one_run(), one_run(id=8, reason="x"))
    line = json.loads(lines[2])
    spoil(line)
    lines[2] = json.dumps(line).encode()

    with pytest.raises(StoreError, match=r"^evidence\.jsonl:3: "):
        from_lines(lines, "evidence.jsonl", now=NOW)


def test_a_file_that_was_cut_short_is_refused() -> None:
    with pytest.raises(StoreError, match="holds 1 runs and should hold 2: it was cut short"):
        from_lines(a_file(one_run(), one_run(id=8))[:-1], "f", now=NOW)


@pytest.mark.parametrize(
    "lines", [[], [b""], [b"null"], [b"[]"], [b"\xff"], [b"[" * 100_000], [b'{"schema": "evidence/9"}'], [b"{}"]]
)
def test_what_is_no_evidence_is_refused(lines: list[bytes]) -> None:
    with pytest.raises(StoreError):
        from_lines(lines, "f", now=NOW)


@given(st.data())
def test_damage_of_any_byte_is_refused_or_gives_a_run_that_is_one(data: st.DataObject) -> None:
    lines = a_file(one_run())
    place = data.draw(st.integers(0, len(lines[1]) - 1))
    spoiled = bytearray(lines[1])
    spoiled[place] = data.draw(st.integers(0, 255))

    try:
        _, (found,) = from_lines([lines[0], bytes(spoiled)], "f", now=NOW)
    except StoreError:
        return
    assert found.run.finished_at is not None
    assert foreign(found.run, found.scenario, found.origin).digest == found.digest
