"""How the scenario's programs are called, and what the host cannot do for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tracker.api import StepSaid

from .names import ISOLATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.api import Bench, Completed, Process

_LOST_PIPE = "failed to write client preface"
_TRIES_LAUNCHED = 3
"""Under Wine a client now and then loses its pipe before it said a word (seen with Wine 10)."""
_NO_COMPUTE_SERVICE = "has no Host Compute Service: creating a container lies beyond it"


def private_folders(bench: Bench) -> Mapping[str, str]:
    """Return the variables that lead programs to folders of this run where they would take the machine's.

    containerd and nerdctl derive their defaults from them. Wine sets them by itself again, so that all that matters is
    named in the configuration as well.
    """
    return {
        name: bench.name_of(bench.workspace / folder)
        for name, folder in (("ProgramData", "ProgramData"), ("ProgramFiles", "ProgramFiles"), ("APPDATA", "AppData"))
    }


def run(bench: Bench, argv: Sequence[str | Path], *, stdin: str = "", **env: str) -> Completed:
    """Run a program of the run with the folders of this run."""
    return bench.run(argv, env={**private_folders(bench), **env}, stdin=stdin)


def pipe_of(bench: Bench) -> str:
    """Return the daemon's own named pipe; no other run on the machine has the same."""
    return rf"\\.\pipe\tracker-{bench.workspace.parent.name}"


def ctr(bench: Bench, *argv: str | Path) -> Completed:
    """Run containerd's client against the run's own daemon."""
    command = [bench.binary("containerd", "ctr"), "--address", pipe_of(bench), *argv]
    done = run(bench, command)
    for _ in range(_TRIES_LAUNCHED if bench.launcher else 0):
        if done.exit_code == 0 or _LOST_PIPE not in done.output:
            break
        done = run(bench, command)
    return done


def daemon_of(bench: Bench) -> Process:
    """Return the run's containerd, which an earlier step has started."""
    return cast("Process", bench.state["daemon"])


def beyond_border(bench: Bench) -> StepSaid | None:
    """Return SKIP where this host cannot create the container of this combination, else ``None``."""
    wanted = bench.combination[ISOLATION].version
    if bench.launcher:
        return StepSaid.skipped(f"{bench.facts.get('launcher', bench.launcher)} {_NO_COMPUTE_SERVICE}")
    able = bench.facts.get("windows.isolation", "none")
    if able == "none":
        return StepSaid.skipped("this Windows has no Host Compute Service; install the feature Containers")
    if wanted not in able.split("+"):
        return StepSaid.skipped(f"this Windows has no {wanted} isolation (it has {able}); install the feature Hyper-V")
    return None


def last_line(done: Completed) -> str:
    """Return the last line that a program wrote, bounded; what it says of itself when it wrote nothing."""
    if done.timed_out:
        return "it did not end within the time limit"
    lines = done.output.splitlines()
    return lines[-1][:300] if lines else f"it wrote nothing (exit code {done.exit_code})"
