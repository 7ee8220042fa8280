"""The steps of ``configures`` and ``starts``: the daemon of one run, with places and pipes of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tracker.api import SmokeError, Step, StepSaid

from .daemon_config import Places, adjusted, config_version
from .processes import ctr, daemon_of, last_line, pipe_of, private_folders, run

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.api import Bench, Completed

DAEMON = "containerd"
_BOOTED = "containerd successfully booted"


def cni_conf_dir(bench: Bench) -> Path:
    """Return the run's directory of network configurations."""
    return bench.workspace / "cni" / "conf"


def daemon_log(bench: Bench) -> str:
    """Return all that the daemon has written; empty when it was not started."""
    return daemon_of(bench).output() if "daemon" in bench.state else ""


def stop_daemon(bench: Bench) -> None:
    """End the daemon in good order, if it was started."""
    if "daemon" in bench.state:
        daemon_of(bench).stop(grace_seconds=10.0)
        del bench.state["daemon"]


def _configures(bench: Bench) -> StepSaid:
    binary = bench.binary("containerd", "containerd")
    done = run(bench, [binary, "config", "default"])
    if done.exit_code != 0:
        return StepSaid.failed(f"containerd writes no default configuration: {last_line(done)}")
    home = bench.workspace / "containerd"
    cni_conf_dir(bench).mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    cni = bench.prefixes.get("cni", bench.workspace / "cni" / "bin")
    places = Places(
        home=bench.name_of(home),
        pipe=pipe_of(bench),
        cni_bin=bench.name_of(cni),
        cni_conf=bench.name_of(cni_conf_dir(bench)),
    )
    try:
        version = config_version(done.stdout)
        text = adjusted(done.stdout, places)
    except ValueError as error:
        message = f"the default configuration of containerd cannot be moved: {error}"
        raise SmokeError(message) from error
    config = bench.workspace / "containerd.toml"
    config.write_text(text, encoding="ascii")
    bench.state["config"] = config
    dumped = run(bench, [binary, "--config", config, "config", "dump"])
    if dumped.exit_code != 0 or places.home.replace("\\", "") not in dumped.stdout.replace("\\", ""):
        return StepSaid.failed(f"containerd does not read back the configuration that it wrote: {last_line(dumped)}")
    return StepSaid.passed(f"configuration version {version}")


def _starts(bench: Bench) -> StepSaid:
    argv: list[str | Path] = [bench.binary("containerd", "containerd"), "--config", cast("Path", bench.state["config"])]
    daemon = bench.start(argv, name=DAEMON, env=private_folders(bench))
    bench.state["daemon"] = daemon
    bench.wait_until(lambda: daemon.exit_code() is not None or _BOOTED in daemon.output(), what="containerd to boot")
    if daemon.exit_code() is not None:
        return StepSaid.failed(f"containerd ended while it started (exit code {daemon.exit_code()})")
    answers = [ctr(bench, "version")]

    def is_ready() -> bool:
        # A daemon that says it has booted may still turn a client away for a moment.
        if not _is_answer(answers[-1]) and daemon.exit_code() is None:
            answers.append(ctr(bench, "version"))
        return _is_answer(answers[-1]) or daemon.exit_code() is not None

    bench.wait_until(is_ready, what="containerd to answer its client")
    if not _is_answer(answers[-1]):
        return StepSaid.failed(f"containerd does not answer its client: {last_line(answers[-1])}")
    listed = ctr(bench, "plugins", "ls")
    return StepSaid.passed(f"containerd answers its client{_told(listed.stdout)}")


def _is_answer(done: Completed) -> bool:
    return done.exit_code == 0 and "Server:" in done.stdout


def _told(listing: str) -> str:
    """Return what ``ctr plugins ls`` says of plugins that are not ready: the listing itself is in the step's log."""
    rows = [line.split() for line in listing.splitlines()[1:] if line.strip()]
    failed = sorted(f"{row[0]}.{row[1]}" for row in rows if row[-1] == "error")
    ready = sum(row[-1] == "ok" for row in rows)
    if not rows:
        return ", and tells nothing of its plugins"
    return f"; {ready} of {len(rows)} plugins are ready" + (f", in error: {', '.join(failed)}" if failed else "")


DAEMON_STEPS = (
    Step(
        name="configure-containerd",
        capability="configures",
        exercises=frozenset({"containerd"}),
        time_limit_seconds=60.0,
        run=_configures,
    ),
    Step(
        name="start-containerd",
        capability="starts",
        exercises=frozenset({"containerd"}),
        time_limit_seconds=90.0,
        run=_starts,
        needs_root=True,
    ),
)
