"""Everything that one run has for itself, made together and taken down together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.smoke.bench import RunBench
from tracker.smoke.guard import Guard
from tracker.smoke.isolation import Isolation, open_isolation
from tracker.smoke.limits import NO_LIMITS, RunLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Combination
    from tracker.protocols import IsolationNeeds
    from tracker.smoke.bench import Installed
    from tracker.smoke.isolation import Ability, Launching
    from tracker.smoke.sweep import RunDirs


class Surroundings:
    """Directory, isolation and bench of one run.

    Args:
        runs: where run directories lie.
        ability: what this process can isolate.
        needs: what the scenario asks for.
        combination: what is run.
        installed: what is installed, by factor name, tools by component name.
        facts: all facts of the host.
        proxy: variables that tell programs of the proxy, without credentials.
        launching: what runs the programs of another platform, if any.
        limits: what the run may take of the host.

    Raises:
        SmokeError: they cannot be made; nothing of them is left.
    """

    isolation: Isolation
    bench: RunBench

    def __init__(  # noqa: PLR0913 - all that a run gets
        self,
        runs: RunDirs,
        ability: Ability,
        needs: IsolationNeeds,
        *,
        combination: Combination,
        installed: Mapping[str, Installed],
        facts: Mapping[str, str],
        proxy: Mapping[str, str] | None = None,
        launching: Launching | None = None,
        limits: RunLimits = NO_LIMITS,
    ) -> None:
        self._run_dir = runs.create()
        try:
            self.isolation = open_isolation(ability, needs, self._run_dir, launching, limits)
        except BaseException:
            self._run_dir.remove()
            raise
        self.bench = RunBench(
            combination,
            installed,
            workspace=self._run_dir.workspace,
            isolation=self.isolation,
            facts=facts,
            proxy=proxy or {},
            most_output=limits.output_bytes,
        )
        self.guard = Guard(self.isolation, self._run_dir.workspace, limits)

    def reached(self) -> str:
        """Return what the run came to the end of, as a sentence; empty for nothing."""
        return self.bench.reached() or self.guard.reached()

    def close(self) -> tuple[str, ...]:
        """End all that runs, take everything down, and return what could not be removed."""
        self.guard.close()
        self.bench.end_all()
        return (*self.isolation.close(), *self._run_dir.remove())
