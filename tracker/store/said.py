"""What a run said of each capability, as a text that alike runs share, and when each was, as packed numbers; no I/O."""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from dataclasses import dataclass
from itertools import islice
from operator import ge
from typing import TYPE_CHECKING

from tracker.model import Moments, Outcome, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Moment, Run, StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What alike runs said of one capability; the fields are those of a ``Trial``.

    Attributes:
        factors: names of the factors whose values were exercised.
    """

    capability: str
    outcome: Outcome
    factors: frozenset[str]
    reason: str
    cause: str
    cause_name: str
    is_deterministic: bool
    timed_out: bool


def write_said(run: Run) -> str:
    """Return what ``run`` said as JSON: its limit factor, then each capability in order of its first step."""
    by_capability: dict[str, list[StepResult]] = {}
    for step in run.steps:
        by_capability.setdefault(step.capability, []).append(step)
    told = [_told(capability, own, run.reason) for capability, own in by_capability.items()]
    return json.dumps([run.limit_factor, told], separators=(",", ":"))


def read_said(text: str) -> tuple[float, tuple[Saying, ...]]:
    """Return the limit factor and the sayings that ``write_said`` wrote."""
    limit_factor, told = json.loads(text)
    return limit_factor, tuple(
        Saying(
            capability=capability,
            outcome=Outcome(outcome),
            factors=frozenset(factors),
            reason=reason,
            cause=cause,
            cause_name=cause_name,
            is_deterministic=is_deterministic,
            timed_out=timed_out,
        )
        for capability, outcome, factors, reason, cause, cause_name, is_deterministic, timed_out in told
    )


def digest_of(text: str) -> str:
    """Return what names a text of ``write_said``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def moment_of(run: Run) -> Moment:
    """Return when the finished ``run`` was.

    Raises:
        ValueError: it has no end.
    """
    if run.finished_at is None:
        message = f"run {run.id} has no end"
        raise ValueError(message)
    return (to_microseconds(run.finished_at), to_microseconds(run.started_at), run.id)


def pack(moments: Iterable[Moment]) -> bytes:
    """Return ``moments`` as 24 bytes each, in their order."""
    return _little(array("q", [number for moment in moments for number in moment])).tobytes()


def unpack(pages: Sequence[bytes]) -> Moments:
    """Return the moments of all ``pages``, whatever their order."""
    numbers = array("q")
    for page in pages:
        numbers.frombytes(page)
    numbers = _little(numbers)
    finished = numbers[0::3]
    if any(map(ge, finished, islice(finished, 1, None))):
        return Moments.of(zip(finished, numbers[1::3], numbers[2::3], strict=True))
    return Moments(finished, numbers[1::3], tuple(numbers[2::3]))


def _little(numbers: array[int]) -> array[int]:
    """Return ``numbers`` from, or for, the order of bytes in the store."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _told(capability: str, own: Sequence[StepResult], error: str) -> list[object]:
    """Return what the capability's steps say: the first that is no PASS decides, and alone tells what it exercised."""
    failing = next((step for step in own if step.outcome is not Outcome.PASS), None)
    telling = failing or own[-1]
    factors = failing.exercises if failing else {name for step in own for name in step.exercises}
    return [
        capability,
        # A run that was an ERROR as a whole (it left something behind, say) says nothing of the software.
        Outcome.ERROR if error else telling.outcome,
        sorted(factors),
        error or telling.reason,
        telling.cause,
        telling.cause_name,
        telling.is_deterministic,
        telling.timed_out,
    ]
