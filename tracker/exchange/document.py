"""A file of evidence: JSON lines, the first says what the file is, each further one is a run. Pure.

What comes in is hostile: every line is decoded strictly, bounded, and refused with its number.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from tracker.errors import StoreError
from tracker.model import Combination, EvidenceKey, ForeignRun, Outcome, Retraction, Run, RunState, StepResult, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SCHEMA = "evidence/1"
MOST_LINE_BYTES = 64_000_000
_TOLERATED = timedelta(days=1)
"""How far ahead of this machine's clock another one may go."""

_Name = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]+$")]
_OptionalName = Annotated[str, Meta(max_length=500, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]*$")]
_Text = Annotated[str, Meta(max_length=1_000_000)]
_Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
_Log = Annotated[str, Meta(max_length=16_000_000)]
_Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
_Files = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}( sha256:[0-9a-f]{64})?$")]
_At = Annotated[datetime, Meta(tz=True)]


class Header(Struct, frozen=True, kw_only=True):
    """The first line: whose evidence of which profile the file holds, and how many runs."""

    schema: str
    profile: _Name
    origin: _Title
    exported_at: _At
    run_count: Annotated[int, Meta(ge=0)]


class _Value(Struct, frozen=True, kw_only=True):
    factor: _Name
    version: _Name
    component: _OptionalName = ""
    is_alternative: bool = False


class _Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: _Name
    capability: _Name
    outcome: Outcome
    exercises: tuple[_Name, ...] = ()
    reason: _Text = ""
    cause: _Text = ""
    cause_name: _OptionalName = ""
    is_deterministic: bool = False
    timed_out: bool = False
    seconds: Annotated[float, Meta(ge=0)] = 0.0
    log: _Log = ""


class _Retraction(Struct, frozen=True, kw_only=True):
    reason: _Text
    url: _Text
    retracted_at: _At


class _Content(Struct, frozen=True, kw_only=True):
    """All that makes it this run and no other."""

    scenario: _Name
    combination: Annotated[tuple[_Value, ...], Meta(min_length=1, max_length=100)]
    scenario_digest: _Digest
    artifact_digest: _Files
    host_key: Annotated[str, Meta(min_length=1, max_length=2000)]
    started_at: _At
    finished_at: _At
    outcome: Outcome
    limit_factor: Annotated[float, Meta(gt=0, le=1000)]
    reason: _Text
    steps: Annotated[tuple[_Step, ...], Meta(max_length=1000)]
    environment: dict[str, _Text]
    artifacts: dict[str, _Name]
    logs: dict[str, _Log]


class _Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    run: Annotated[int, Meta(ge=1)]
    origin: _Title
    content: _Content
    retracted: _Retraction | None = None


def to_lines(header: Header, runs: Iterable[ForeignRun]) -> Iterator[bytes]:
    """Yield the lines of a file, each with its end, the header first."""
    yield msgspec.json.encode(header) + b"\n"
    for one in runs:
        yield msgspec.json.encode(_line(one)) + b"\n"


def foreign(run: Run, scenario: str, origin: str, retraction: Retraction | None = None) -> ForeignRun:
    """Return a finished run of a store as others are told of it.

    Raises:
        ValueError: it has no end.
    """
    found = _content(run, scenario)
    return ForeignRun(run=run, scenario=scenario, origin=origin, digest=_digest(found), retraction=retraction)


def from_lines(lines: Sequence[bytes], name: str, *, now: datetime) -> tuple[Header, tuple[ForeignRun, ...]]:
    """Return what a file says, its runs in their order.

    Args:
        lines: of the whole file.
        name: what errors call the file.
        now: aware UTC; a run that ended a day later than this, or more, is refused.

    Raises:
        StoreError: a line is not what it should be, or lines are missing; nothing of the file is to be used then.
    """
    if not lines:
        message = f"{name}: is empty"
        raise StoreError(message, hint="`tracker export FILE` writes one.")
    header = _header(lines[0], name)
    if len(lines) - 1 != header.run_count:
        message = f"{name}: holds {len(lines) - 1} runs and should hold {header.run_count}: it was cut short"
        raise StoreError(message, hint="Fetch it again.")
    return header, tuple(_run(line, f"{name}:{number}", now) for number, line in enumerate(lines[1:], start=2))


def _header(line: bytes, name: str) -> Header:
    try:
        schema = msgspec.json.decode(line, type=dict[str, object]).get("schema")
        if schema == SCHEMA:
            return msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        message = f"{name}: is no evidence of tracker ({error})"
        raise StoreError(message, hint="`tracker export FILE` writes one.") from error
    message = f"{name}: is of schema {schema!r}, this program reads {SCHEMA}"
    raise StoreError(message, hint="It was written by another version of tracker.")


def _run(line: bytes, place: str, now: datetime) -> ForeignRun:
    try:
        read = msgspec.json.decode(line, type=_Line)
        combination = Combination.of(
            Value(one.factor, one.version, one.component, one.is_alternative) for one in read.content.combination
        )
    except (msgspec.DecodeError, RecursionError, UnicodeError, ValueError) as error:
        message = f"{place}: is no run ({error})"
        raise StoreError(message, hint="Nothing was taken over. Ask for the file again.") from error
    content = read.content
    if not content.started_at <= content.finished_at <= now + _TOLERATED:
        message = f"{place}: a run from {content.started_at} to {content.finished_at} cannot be"
        raise StoreError(message, hint="Nothing was taken over. Is one of the two clocks wrong?")
    told = read.retracted
    return ForeignRun(
        run=Run(
            id=read.run,
            combination=combination,
            key=EvidenceKey(
                scenario_digest=content.scenario_digest,
                artifact_digest=content.artifact_digest,
                host_key=content.host_key,
            ),
            started_at=content.started_at,
            finished_at=content.finished_at,
            state=RunState.FINISHED,
            outcome=content.outcome,
            steps=tuple(map(_step, content.steps)),
            environment=content.environment,
            artifacts=content.artifacts,
            limit_factor=content.limit_factor,
            reason=content.reason,
            logs=content.logs,
        ),
        scenario=content.scenario,
        origin=read.origin,
        digest=_digest(content),
        retraction=None
        if told is None
        else Retraction(run_id=read.run, reason=told.reason, url=told.url, retracted_at=told.retracted_at),
    )


def _line(one: ForeignRun) -> _Line:
    taken = one.retraction
    retracted = _Retraction(reason=taken.reason, url=taken.url, retracted_at=taken.retracted_at) if taken else None
    return _Line(
        run=one.run.id,
        origin=one.origin,
        content=_content(one.run, one.scenario),
        retracted=retracted,
    )


def _content(run: Run, scenario: str) -> _Content:
    if run.finished_at is None:
        message = f"run {run.id} has no end"
        raise ValueError(message)
    return _Content(
        scenario=scenario,
        combination=tuple(
            _Value(factor=one.factor, version=one.version, component=one.component, is_alternative=one.is_alternative)
            for one in run.combination
        ),
        scenario_digest=run.key.scenario_digest,
        artifact_digest=run.key.artifact_digest,
        host_key=run.key.host_key,
        started_at=run.started_at,
        finished_at=run.finished_at,
        outcome=run.outcome,
        limit_factor=run.limit_factor,
        reason=run.reason,
        steps=tuple(
            _Step(
                name=step.name,
                capability=step.capability,
                outcome=step.outcome,
                exercises=tuple(sorted(step.exercises)),
                reason=step.reason,
                cause=step.cause,
                cause_name=step.cause_name,
                is_deterministic=step.is_deterministic,
                timed_out=step.timed_out,
                seconds=step.seconds,
                log=step.log,
            )
            for step in run.steps
        ),
        environment=dict(run.environment),
        artifacts=dict(run.artifacts),
        logs=dict(run.logs),
    )


def _step(one: _Step) -> StepResult:
    return StepResult(
        name=one.name,
        capability=one.capability,
        outcome=one.outcome,
        exercises=frozenset(one.exercises),
        reason=one.reason,
        cause=one.cause,
        cause_name=one.cause_name,
        is_deterministic=one.is_deterministic,
        timed_out=one.timed_out,
        seconds=one.seconds,
        log=one.log,
    )


def _digest(content: _Content) -> str:
    return "sha256:" + hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
