"""The smoke of one combination of containerd, runtime, CNI plugins and CNI version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.api import Scenario, StepSaid, hookimpl

from .causes import CAUSES
from .containers import ROOT_STEPS, daemon_log, stop_daemon
from .installs import INSTALL_STEPS
from .isolation import NEEDS
from .recipe import recipe_markdown, write_recipe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Bench, Cause, Combination, IsolationNeeds, RecipeFile, Step

NAME = "linux-containers"
CAPABILITIES = ("installs", "starts", "runs", "networks")
_SELF_TEST = """
grep -q "$1" /proc/self/cgroup || { echo "not in the control group $1"; exit 1; }
ip link set lo up && ping -c 1 -W 2 127.0.0.1 >/dev/null || { echo "no loopback"; exit 1; }
ip link add smoke0 type bridge && ip link add v0 type veth peer name v1 || { echo "no bridge or veth"; exit 1; }
"""


class LinuxContainers:
    """containerd runs a container without and with a network, from a prefix, with nothing of it installed."""

    name = NAME
    title = "containerd runs a container without and with a network"
    steps: tuple[Step, ...] = (*INSTALL_STEPS, *ROOT_STEPS)
    causes: tuple[Cause, ...] = CAUSES
    isolation: IsolationNeeds = NEEDS
    installers: tuple[str, ...] = ("deb",)

    def self_test(self, bench: Bench) -> StepSaid:
        """Show that control groups, loopback, bridges and veth pairs work inside the isolation."""
        busybox = bench.binary("busybox", "busybox")
        done = bench.run([busybox, "sh", "-c", _SELF_TEST, "sh", bench.facts["run.cgroup"]])
        if done.exit_code != 0:
            return StepSaid.error(f"the test bed does not work here: {done.output[:300]}")
        return StepSaid.passed("control groups, loopback, bridges and veth pairs work")

    def cause_logs(self, bench: Bench) -> Sequence[str]:
        """Return the daemon's log, which holds the shim's; the client tells the symptom only."""
        return (daemon_log(bench),)

    def finish(self, bench: Bench) -> None:
        """Stop the daemon."""
        stop_daemon(bench)

    def recipe(
        self, combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script"
    ) -> str:
        """Return a POSIX shell script that redoes ``combination`` with nothing of ours, or a text with it."""
        script = write_recipe(combination, assets)
        return recipe_markdown(script) if form == "markdown" else script


@hookimpl
def tracker_scenarios() -> tuple[Scenario, ...]:
    """Return the scenario ``linux-containers``."""
    return (LinuxContainers(),)
