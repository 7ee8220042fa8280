"""Runs the steps of a scenario on a bench and tells what each of them said."""

from __future__ import annotations

import logging
import re
import shutil
import time
import traceback
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import TrackerError
from tracker.model import Outcome, StepResult
from tracker.protocols import StepSaid
from tracker.smoke.bench import bounded
from tracker.smoke.causes import FoundCause, find_cause
from tracker.smoke.limits import mib
from tracker.smoke.wakefulness import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.protocols import Scenario, Step
    from tracker.smoke.bench import RunBench
    from tracker.smoke.isolation import Isolation

_LOG = logging.getLogger(__name__)
_NO_SPACE = re.compile(r"[^\n]{0,120}(?:no space left on device|disk quota exceeded)", re.IGNORECASE)
"""ENOSPC and EDQUOT as the C library and Go say them: whoever hears it from the system is not at fault."""


class _Host(NamedTuple):
    """What a step's failure is held against before it counts."""

    isolation: Isolation
    reached: Callable[[], str]


def run_steps(
    scenario: Scenario,
    bench: RunBench,
    isolation: Isolation,
    *,
    limit_factor: float,
    no_root_reason: str,
    reached: Callable[[], str] = lambda: "",
) -> tuple[StepResult, ...]:
    """Run the steps in order; the first that does not pass ends the run.

    Args:
        scenario: whose steps.
        bench: what they work with.
        isolation: where the bench's programs run; a failure after it fell is an ERROR.
        limit_factor: by how much time limits are stretched.
        no_root_reason: why steps that need root are skipped, where they are.
        reached: tells what of the host the run came to the end of; then a failure is an ERROR.
    """
    results: list[StepResult] = []
    ended_by: StepResult | None = None
    for step in scenario.steps:
        if ended_by is not None:
            result = unreached(step, ended_by)
        elif step.needs_root and not bench.is_root:
            result = _result(step, Outcome.SKIP, no_root_reason)
        else:
            result = _run_step(scenario, step, bench, _Host(isolation, reached), limit_factor)
        results.append(result)
        if ended_by is None and result.outcome is not Outcome.PASS:
            ended_by = result
    return tuple(results)


def unreached(step: Step, ended_by: StepResult) -> StepResult:
    """Return what a step comes to that is not run, since another one ended the run."""
    if ended_by.outcome is Outcome.SKIP:
        return _result(step, Outcome.SKIP, ended_by.reason)
    return _result(step, Outcome.NOT_REACHED, f"{ended_by.name} ended the run")


def _result(step: Step, outcome: Outcome, reason: str) -> StepResult:
    return StepResult(
        name=step.name, capability=step.capability, outcome=outcome, exercises=step.exercises, reason=reason
    )


def _run_step(scenario: Scenario, step: Step, bench: RunBench, host: _Host, limit_factor: float) -> StepResult:
    started, awake = time.monotonic(), Mark.now()
    bench.begin_step(step.time_limit_seconds * limit_factor)
    trace = ""
    try:
        said = step.run(bench)
    except TrackerError as error:
        said = StepSaid.error(str(error))
    except Exception as error:  # noqa: BLE001 - a scenario may fail in any way; that is our fault, not the software's
        said = StepSaid.error(f"the scenario's own code failed: {type(error).__name__}: {error}")
        trace = traceback.format_exc()
        _LOG.warning("step %s of %s failed by itself", step.name, scenario.name, exc_info=True)
    logs = _cause_logs(scenario, bench) if said.outcome is Outcome.FAIL else ()
    said = _doubt(said, bench, host, logs, awake.slept_seconds(Mark.now()))
    log = bench.step_log()
    cause = find_cause(scenario.causes, logs) if said.outcome is Outcome.FAIL else FoundCause()
    return StepResult(
        name=step.name,
        capability=step.capability,
        outcome=said.outcome,
        exercises=step.exercises,
        reason=cause.sentence or said.reason,
        cause=_without_paths(cause.line, bench),
        cause_name=cause.name,
        is_deterministic=cause.is_deterministic,
        timed_out=bench.has_timed_out and said.outcome is not Outcome.PASS,
        seconds=time.monotonic() - started,
        log=bounded("\n".join(part for part in (log, trace) if part)),
    )


def _without_paths(line: str, bench: RunBench) -> str:
    """Return ``line`` without this machine's directories, so that it reads the same everywhere."""
    for prefix in bench.prefixes.values():
        line = line.replace(f"{prefix}/", "")
    return line.replace(str(bench.workspace), "WORKSPACE")


def _doubt(said: StepSaid, bench: RunBench, host: _Host, logs: Sequence[str], slept_seconds: float) -> StepSaid:
    """Return ERROR in the place of a FAIL that the host explains."""
    if said.outcome is not Outcome.FAIL:
        return said
    if slept_seconds:
        return StepSaid.error(f"the machine slept for {slept_seconds:.0f} seconds meanwhile ({said.reason})")
    if reached := host.reached():
        return StepSaid.error(f"{reached} ({said.reason})")
    if not host.isolation.is_alive():
        return StepSaid.error(f"the run's surroundings ended before the step did ({said.reason})")
    full = next((match[0] for log in logs if (match := _NO_SPACE.search(log))), "")
    if full:
        where = f"{mib(shutil.disk_usage(bench.workspace).free)} are left on the disk of {bench.workspace}"
        return StepSaid.error(f"the system refused to write: {full}; {where} ({said.reason})")
    return said


def _cause_logs(scenario: Scenario, bench: RunBench) -> tuple[str, ...]:
    """Return what was said, best first: the logs that the scenario names, then the step's own output."""
    try:
        logs = tuple(scenario.cause_logs(bench))
    except Exception:  # noqa: BLE001 - as above; the step's own output still tells something
        _LOG.warning("%s could not name its logs", scenario.name, exc_info=True)
        logs = ()
    return (*logs, bench.step_output())
