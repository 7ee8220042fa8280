"""The smoke of one combination of containerd, nerdctl, network plugins, image and isolation on Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tracker.api import IsolationNeeds, Scenario, StepSaid, hookimpl

from .causes import CAUSES
from .containers import RUN_STEPS
from .daemon import DAEMON_STEPS, daemon_log, stop_daemon
from .images import PULL_STEPS, remove_layers, stop_server
from .installs import INSTALL_STEPS
from .networks import NETWORK_STEPS, release_networks
from .recipe import write_recipe
from .recipe_reproduction import reproduction
from .speaks import SAID, SPEAKS_STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Bench, Cause, Combination, RecipeFile, Step, Value

NAME = "windows-containers"


class WindowsContainers:
    """containerd runs a Windows container without and with a network, from a prefix, with nothing of it installed."""

    name = NAME
    title = "containerd runs a Windows container without and with a network"
    steps: tuple[Step, ...] = (
        *INSTALL_STEPS,
        *SPEAKS_STEPS,
        *DAEMON_STEPS,
        *PULL_STEPS,
        *RUN_STEPS,
        *NETWORK_STEPS,
    )
    causes: tuple[Cause, ...] = CAUSES
    isolation: IsolationNeeds = IsolationNeeds()
    installers: tuple[str, ...] = ("archive", "oci-layout")

    def self_test(self, bench: Bench) -> StepSaid:
        """Show that a program of this platform starts, gets its arguments and tells its exit code."""
        said = "tracker-self-test"
        done = bench.run(["cmd.exe", "/c", f"echo {said}&exit 7"])
        if done.exit_code != 7 or said not in done.stdout:  # noqa: PLR2004 - any code but those of failures
            return StepSaid.error(f"the test bed does not work here: {done.output[:300] or done.exit_code}")
        return StepSaid.passed("programs start, write and tell their exit codes")

    def cause_logs(self, bench: Bench) -> Sequence[str]:
        """Return what the steps found out, and the daemon's log, which holds the shim's."""
        return (cast("str", bench.state.get(SAID, "")), daemon_log(bench))

    def finish(self, bench: Bench) -> None:
        """Remove networks and layers by those who made them, then stop the daemon."""
        release_networks(bench)
        remove_layers(bench)
        stop_daemon(bench)
        stop_server(bench)

    def recipe(
        self, combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script"
    ) -> str:
        """Return a PowerShell script, or Markdown, that installs ``combination`` with nothing of ours."""
        return write_recipe(combination, assets, form=form)

    def reproduction(
        self,
        failing: Combination,
        capability: str,
        twin: Combination | None,
        files: Mapping[Value, Sequence[RecipeFile]],
    ) -> str:
        """Return the commands of both up to ``capability``, with what differs marked."""
        return reproduction(failing, capability, twin, files)


@hookimpl
def tracker_scenarios() -> tuple[Scenario, ...]:
    """Return the scenario ``windows-containers``."""
    return (WindowsContainers(),)
