"""A scenario of commands, as tracker.toml declares it."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING

from tracker.declared_stack.commands import Surrounding, finish, loopback_problem, run_command, started
from tracker.declared_stack.recipe import write_recipe
from tracker.protocols import IsolationNeeds, Step, StepSaid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.declared_stack.commands import Command
    from tracker.model import Cause, Combination, Component
    from tracker.protocols import Bench
    from tracker.protocols.scenario import RecipeFile


class CommandScenario:
    """Runs commands, each in the run's own directory, and reads their exit codes.

    Args:
        name: the profile's.
        title: one line for pages.
        commands: in their order.
        causes: known reasons for failing, most specific first.
        components: all that are combined or used, by name.
        has_own_network: runs get a network of their own, with loopback alone, where the tracker may make one.
    """

    def __init__(
        self,
        name: str,
        title: str,
        commands: tuple[Command, ...],
        *,
        causes: tuple[Cause, ...] = (),
        components: Mapping[str, Component],
        has_own_network: bool = True,
    ) -> None:
        surrounding = Surrounding(components=components, has_own_network=has_own_network)
        self.name = name
        self.title = title
        self.commands = commands
        self.causes: tuple[Cause, ...] = causes
        self.components = components
        self.has_own_network = has_own_network
        self.steps: tuple[Step, ...] = tuple(_step(command, surrounding) for command in commands)
        self.isolation = IsolationNeeds(network=has_own_network)
        self.installers: tuple[str, ...] = tuple(sorted({component.installer for component in components.values()}))
        self.content = json.dumps(
            {
                "commands": [repr(command) for command in commands],
                "causes": [repr(cause) for cause in causes],
                "network": has_own_network,
                "programs": {name: sorted(one.binaries.items()) for name, one in sorted(components.items())},
            }
        )
        """All that was declared and decides what a run does: it is the test, as code is of other scenarios."""

    def self_test(self, bench: Bench) -> StepSaid:
        """Show that programs start here, and that loopback works where the run has a network of its own."""
        if problem := loopback_problem(bench, has_own_network=self.has_own_network):
            return StepSaid.error(problem)
        done = bench.run([sys.executable, "-I", "-S", "-c", "print('here')"])
        if done.exit_code != 0 or done.stdout.strip() != "here":
            return StepSaid.error(f"programs do not start here: {done.output[:300]}")
        return StepSaid.passed("programs start here")

    def cause_logs(self, bench: Bench) -> Sequence[str]:
        """Return what the programs wrote that were started and run on."""
        return tuple(process.output() for process in started(bench).values())

    def finish(self, bench: Bench) -> None:
        """Stop what was started, the last first."""
        finish(bench)

    def recipe(
        self, combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script"
    ) -> str:
        """Return a shell script that fetches, unpacks and runs the commands, or a text with it."""
        script = write_recipe(self.commands, self.components, combination, assets)
        return f"Save this as a file and run it with `sh`:\n\n```sh\n{script}```\n" if form == "markdown" else script


def _step(command: Command, surrounding: Surrounding) -> Step:
    return Step(
        name=command.name,
        capability=command.capability,
        exercises=command.exercises,
        time_limit_seconds=command.time_limit_seconds,
        run=partial(run_command, command, surrounding),
    )
