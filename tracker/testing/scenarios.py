"""What every scenario must do."""

from __future__ import annotations

import os
import re
import socket
import tempfile
import threading
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NoReturn

import psutil
import pytest

from tracker.errors import TrackerError
from tracker.model import Combination, Outcome, Value
from tracker.protocols import StepSaid
from tracker.testing.bench import BrokenBench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.model import Profile
    from tracker.protocols import Scenario

_NO_FAULT_OF_THE_SOFTWARE = {Outcome.ERROR, Outcome.SKIP}


class ScenarioContract:
    """Derive from it, and say:

    - ``scenario``: the object that the plugin registers;
    - ``profile``: a profile that runs it.
    """  # noqa: D415 - a list follows

    scenario: ClassVar[Scenario]
    profile: ClassVar[Profile]

    @pytest.fixture
    def bench(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BrokenBench:
        """Return a bench on which no program starts; its machine has no network either."""
        for owner, name in ((socket.socket, "connect"), (socket, "getaddrinfo")):
            monkeypatch.setattr(owner, name, _no_network)
        values = [
            Value(factor=factor.name, component=(factor.components or ("",))[0], version=(factor.variants or ("1",))[0])
            for factor in self.profile.factors
        ]
        return BrokenBench(Combination.of(values), tmp_path / "bench", dict.fromkeys(self.profile.host_key, "unknown"))

    def test_the_profile_runs_it(self) -> None:
        assert self.profile.scenario == self.scenario.name

    def test_every_step_says_what_it_shows_and_what_it_exercises(self) -> None:
        factors = {factor.name for factor in self.profile.factors}

        assert self.scenario.steps
        for step in self.scenario.steps:
            assert step.capability in self.profile.capabilities, step.name
            assert step.exercises, f"{step.name} exercises nothing: a failure of it would accuse nobody"
            assert step.exercises <= factors, f"{step.name} exercises what is no factor"
            assert step.time_limit_seconds > 0, step.name
        names = [step.name for step in self.scenario.steps]
        assert len(set(names)) == len(names)

    def test_its_steps_climb_the_chain_of_capabilities(self) -> None:
        places = [self.profile.capabilities.index(step.capability) for step in self.scenario.steps]

        assert places == sorted(places), "a step shows less than one before it"
        assert {step.capability for step in self.scenario.steps} == set(self.profile.capabilities)
        assert set(self.profile.required) <= set(self.profile.capabilities)

    def test_its_causes_can_be_told(self) -> None:
        for cause in self.scenario.causes:
            groups = re.compile(cause.pattern).groupindex
            assert cause.sentence.format(**dict.fromkeys(groups, "x")), cause.name
        names = [cause.name for cause in self.scenario.causes]
        assert len(set(names)) == len(names)

    def test_a_machine_that_starts_no_program_is_not_held_against_the_software(self, bench: BrokenBench) -> None:
        for step in self.scenario.steps:
            bench.state.clear()
            bench.attempts = 0
            said = _said(partial(step.run, bench))
            if said.outcome is Outcome.PASS and not bench.attempts:
                continue  # it looked at files alone
            assert said.outcome in _NO_FAULT_OF_THE_SOFTWARE, f"{step.name}: {said.outcome}: {said.reason}"
            assert said.reason, f"{step.name}: {said.outcome} without a reason"

    def test_its_self_test_tells_of_a_machine_that_starts_no_program(self, bench: BrokenBench) -> None:
        said = _said(partial(self.scenario.self_test, bench))

        assert said.outcome in _NO_FAULT_OF_THE_SOFTWARE
        assert said.reason

    def test_it_leaves_nothing_behind(
        self, bench: BrokenBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        for name in ("HOME", "TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(name, str(outside))
        monkeypatch.setattr(tempfile, "tempdir", None)
        monkeypatch.chdir(outside)
        before = _state_of_the_process()

        _said(partial(self.scenario.self_test, bench))
        for step in self.scenario.steps:
            _said(partial(step.run, bench))
        for _ in range(2):
            try:
                self.scenario.finish(bench)
            except TrackerError:
                continue  # the host tells it, and ends what is left
        self.scenario.cause_logs(bench)

        assert _state_of_the_process() == before
        assert list(outside.iterdir()) == []


def _no_network(*_: object, **__: object) -> NoReturn:
    message = "a contract suite reaches no other machine"
    raise OSError(message)


def _said(ask: Callable[[], StepSaid]) -> StepSaid:
    """Return what a step says, and for an exception what the host makes of it."""
    try:
        said = ask()
    except Exception as error:  # noqa: BLE001 - as the host: whatever a scenario raises is an ERROR
        return StepSaid.error(str(error) or type(error).__name__)
    assert isinstance(said, StepSaid), f"a step says {said!r}"
    return said


def _state_of_the_process() -> tuple[object, ...]:
    return tuple(_told())


def _told() -> Iterator[object]:
    yield os.getcwd()  # noqa: PTH109 - what is compared is the process's own word
    yield dict(os.environ)
    yield sorted(child.pid for child in psutil.Process().children(recursive=True))
    yield sorted(thread.name for thread in threading.enumerate())
