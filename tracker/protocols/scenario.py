"""A smoke recipe: ordered steps, each of which demonstrates a capability."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tracker.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tracker.model.combination import Combination, Value
    from tracker.model.run import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that ended.

    Attributes:
        exit_code: as a shell tells it; negative for a signal. ``None`` when it was ended at the time limit.
        stdout: decoded as UTF-8 with replacement, bounded by the host.
        stderr: likewise.
        timed_out: it was ended at its time limit.
    """

    exit_code: int | None
    stdout: str
    stderr: str
    timed_out: bool = False

    @property
    def output(self) -> str:
        """Both streams, standard output first."""
        return "\n".join(part for part in (self.stdout.strip(), self.stderr.strip()) if part)


class Process(Protocol):
    """A process that was started and runs beside the steps; the host ends it with the run."""

    def exit_code(self) -> int | None:
        """Return how it ended, or ``None`` while it runs."""

    def output(self) -> str:
        """Return all that it has written so far."""

    def stop(self, *, grace_seconds: float) -> int | None:
        """Ask it to end, end it after ``grace_seconds``, and return its exit code (negative for a signal)."""


class Bench(Protocol):
    """What a step works with: one run's isolated workspace. Everything on it is gone when the run is over.

    Attributes:
        combination: what is being run.
        prefixes: where the component of each factor, and each tool, is installed: by factor name, tools by
            component name.
        workspace: the run's own directory, empty at first, the same path inside and outside the isolation.
        is_root: whether steps that need root (on Windows: elevation) can run.
        launcher: name of what runs the programs of another platform (``wine``); empty for this machine's own.
        facts: all facts of the host.
        state: for steps to hand things on to later ones.
    """

    combination: Combination
    prefixes: Mapping[str, Path]
    workspace: Path
    is_root: bool
    launcher: str
    facts: Mapping[str, str]
    state: dict[str, object]

    def binary(self, factor: str, name: str) -> Path:
        """Return the executable ``name`` of the component that ``factor`` (or a tool) has in this combination.

        Raises:
            FileNotFoundError: the release does not hold it.
        """

    def run(self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, stdin: str = "") -> Completed:
        """Run a program inside the isolation, within what is left of the step's time limit, and log its output.

        It gets a minimal environment with ``env`` on top; nothing of the tracker's own environment reaches it but
        the proxy, without credentials. Arguments that are paths are named as ``name_of`` does.
        """

    def name_of(self, path: Path) -> str:
        r"""Return how programs of this run call ``path`` of this machine (under Wine: ``Z:\...``)."""

    def exclusive(self, resource: str) -> AbstractContextManager[None]:
        """Hold ``resource``, which this machine has once (Windows' host networks), for the time of the block.

        Other runs of the same home wait; the time that this one waits is added to the step's time limit.
        """

    def start(self, argv: Sequence[str | Path], *, name: str, env: Mapping[str, str] | None = None) -> Process:
        """Start a program inside the isolation that outlives the step; its output is kept as the log ``name``."""

    def wait_until(self, condition: Callable[[], bool], *, what: str) -> bool:
        """Poll ``condition`` until it holds; false when the step's time limit came first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSaid:
    """What a step's own code says.

    Attributes:
        outcome: PASS, FAIL, ERROR or SKIP.
        reason: one sentence for people.
    """

    outcome: Outcome
    reason: str = ""

    @classmethod
    def passed(cls, reason: str = "") -> StepSaid:
        """Return that the capability was demonstrated."""
        return cls(outcome=Outcome.PASS, reason=reason)

    @classmethod
    def failed(cls, reason: str) -> StepSaid:
        """Return that the software under test is at fault."""
        return cls(outcome=Outcome.FAIL, reason=reason)

    @classmethod
    def error(cls, reason: str) -> StepSaid:
        """Return that the test or the host is at fault."""
        return cls(outcome=Outcome.ERROR, reason=reason)

    @classmethod
    def skipped(cls, reason: str) -> StepSaid:
        """Return that the step does not apply here."""
        return cls(outcome=Outcome.SKIP, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a scenario.

    Attributes:
        name: unique within the scenario.
        capability: what it demonstrates; one of the profile's.
        exercises: names of the factors whose values it exercises.
        time_limit_seconds: after it the step is ended; the host stretches it for the rerun of a time-out.
        run: does the work; exceptions other than ``SmokeError`` are our fault and become ERROR.
        needs_root: without root the host records SKIP and does not call ``run``.
    """

    name: str
    capability: str
    exercises: frozenset[str]
    time_limit_seconds: float
    run: Callable[[Bench], StepSaid]
    needs_root: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationNeeds:
    """What a scenario's run must have for itself.

    Attributes:
        fresh_dirs: absolute directories that are empty and private inside the run.
        network: a network of its own, with loopback only.
        cgroup: a control group of its own, whose path is the fact ``run.cgroup`` on the bench.
    """

    fresh_dirs: tuple[str, ...] = ()
    network: bool = False
    cgroup: bool = False


class Scenario(Protocol):
    """A smoke recipe.

    Attributes:
        name: unique among scenarios.
        title: one line for pages.
        steps: in order; the first that does not pass ends the run. (SKIP ends its capability and all later ones.)
        causes: known reasons for failing, most specific first.
        isolation: what each run must have for itself.
        installers: names of the installers whose code belongs to the scenario's digest.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    causes: tuple[Cause, ...]
    isolation: IsolationNeeds
    installers: tuple[str, ...]

    def self_test(self, bench: Bench) -> StepSaid:
        """Show that the test bed itself works, with nothing that is under test; PASS, SKIP or ERROR."""

    def cause_logs(self, bench: Bench) -> Sequence[str]:
        """Return the logs in which a cause is searched, best first, before the failing step's own output."""

    def finish(self, bench: Bench) -> None:
        """Stop what the steps started, in good order; called once after the last step, whatever happened."""

    def recipe(
        self, combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script"
    ) -> str:
        """Return how a person redoes ``combination`` by hand, with nothing of ours.

        Args:
            combination: what to redo.
            assets: what to fetch, by factor name, tools by component name; main file first.
            form: ``"script"`` for a script that does it, ``"markdown"`` for a text that tells it.
        """


@runtime_checkable
class Written(Protocol):
    """A scenario that is not code alone.

    Attributes:
        content: all else that decides what a run does; evidence under another content is history, as under other code.
    """

    content: str


@runtime_checkable
class Reproducing(Protocol):
    """A scenario that can tell of a failure in the fewest commands."""

    def reproduction(
        self,
        failing: Combination,
        capability: str,
        twin: Combination | None,
        files: Mapping[Value, Sequence[RecipeFile]],
    ) -> str:
        """Return as Markdown the commands of both up to ``capability``, with what differs marked.

        Args:
            failing: what fails.
            capability: what it fails at.
            twin: what passes it; ``None`` where nothing is known to.
            files: what to fetch for each value of the two; main file first.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFile:
    """A file that a recipe fetches.

    Attributes:
        name: file name.
        url: where it is fetched from; without credentials.
        digest: ``sha256:`` digest to check before use.
        is_library: a library for the main file rather than the release itself.
    """

    name: str
    url: str
    digest: str
    is_library: bool = field(default=False)
