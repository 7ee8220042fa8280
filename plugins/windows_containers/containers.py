"""The steps of ``runs``: a container without network, by containerd's own client and by nerdctl."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.api import Step, StepSaid

from .daemon import cni_conf_dir
from .images import reference
from .names import ISOLATION
from .processes import beyond_border, ctr, last_line, pipe_of, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.api import Bench, Completed

TOKEN = "tracker-smoke-token"  # noqa: S105 - a word to read back, no secret
_RUNTIME = "io.containerd.runhcs.v1"


def nerdctl(bench: Bench, *argv: str) -> Completed:
    """Run nerdctl against the run's own daemon, with the run's own data and network directories."""
    own = [
        *("--address", pipe_of(bench), "--namespace", "default"),
        *("--data-root", bench.name_of(bench.workspace / "nerdctl")),
        *("--cni-path", bench.name_of(bench.prefixes["cni"]) if "cni" in bench.prefixes else ""),
        *("--cni-netconfpath", bench.name_of(cni_conf_dir(bench))),
    ]
    return run(bench, [bench.binary("nerdctl", "nerdctl"), *own, *argv])


def nerdctl_container(bench: Bench, network: str, command: Sequence[str]) -> Completed:
    """Run a container by nerdctl in the combination's isolation and return what it wrote."""
    isolation = bench.combination[ISOLATION].version
    settings = ("--rm", "--network", network, "--isolation", isolation)
    return nerdctl(bench, "run", *settings, reference(bench), *command)


def _by_ctr(bench: Bench) -> StepSaid:
    if said := beyond_border(bench):
        return said
    isolated = ("--isolated",) if bench.combination[ISOLATION].version == "hyperv" else ()
    settings = ("--rm", "--runtime", _RUNTIME, *isolated)
    done = ctr(bench, "run", *settings, reference(bench), "smoke-ctr", "cmd", "/c", f"echo {TOKEN}")
    return _said(done, "ctr")


def _by_nerdctl(bench: Bench) -> StepSaid:
    if bench.combination["nerdctl"].is_absent:
        return StepSaid.passed("there is no nerdctl in this combination")
    return _said(nerdctl_container(bench, "none", ["cmd", "/c", f"echo {TOKEN}"]), "nerdctl")


def _said(done: Completed, client: str) -> StepSaid:
    if done.exit_code != 0:
        return StepSaid.failed(f"{client} does not run the container: {last_line(done)}")
    if TOKEN not in done.stdout.split():
        return StepSaid.failed(f"the container wrote '{done.stdout.strip()[:200]}' in the place of the token")
    return StepSaid.passed(f"a container started by {client} wrote the token")


RUN_STEPS = (
    Step(
        name="run-by-ctr",
        capability="runs",
        exercises=frozenset({"containerd", "image", ISOLATION}),
        time_limit_seconds=180.0,
        run=_by_ctr,
        needs_root=True,
    ),
    Step(
        name="run-by-nerdctl",
        capability="runs",
        exercises=frozenset({"containerd", "nerdctl", "image", ISOLATION}),
        time_limit_seconds=180.0,
        run=_by_nerdctl,
        needs_root=True,
    ),
)
