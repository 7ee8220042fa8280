"""The steps that need root: the daemon starts, a container runs, a container has a network."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from tracker.api import SmokeError, Step, StepSaid

from .cni import CONFIGURATION_DIR, FILE_NAME, GATEWAY, PLUGIN_DIR, conflist
from .image import REFERENCE, build_image

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.api import Bench, Completed, Process

DAEMON = "containerd"
TOKEN = "tracker-smoke-token"  # noqa: S105 - a word to read back, no secret
SOCKET = "/run/smoke.sock"
_BOOTED = "containerd successfully booted"
_NO_OVERLAY = 'skip loading plugin "io.containerd.snapshotter.v1.overlayfs"'
_NO_KUBERNETES = ("io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime")
DAEMON_CONFIG = f"""version = 2
root = "/run/smoke/root"
state = "/run/smoke/state"
disabled_plugins = [{", ".join(f'"{name}"' for name in _NO_KUBERNETES)}]
[grpc]
  address = "{SOCKET}"
[debug]
  level = "debug"
"""
"""All that the daemon keeps lies in the run's own /run: in memory, so that no other user of the disk slows it down."""


def daemon_log(bench: Bench) -> str:
    """Return what the daemon has written since the current step began; empty when it was not started."""
    daemon = bench.state.get("daemon")
    if daemon is None:
        return ""
    return cast("Process", daemon).output()[cast("int", bench.state.get("log_start", 0)) :]


def stop_daemon(bench: Bench) -> None:
    """End the daemon in good order, if it was started."""
    daemon = bench.state.pop("daemon", None)
    if daemon is not None:
        cast("Process", daemon).stop(grace_seconds=5.0)


def _starts(bench: Bench) -> StepSaid:
    busybox = bench.binary("busybox", "busybox")
    _must(bench.run([busybox, "ip", "link", "set", "lo", "up"]), "bring up the loopback interface")
    config = bench.workspace / "containerd.toml"
    config.write_text(DAEMON_CONFIG, encoding="utf-8")
    binary = bench.binary("containerd", "containerd")
    path = f"{binary.parent}:/usr/sbin:/usr/bin:/sbin:/bin"  # where the daemon looks for its shim
    daemon = bench.start([binary, "--config", config], name=DAEMON, env={"PATH": path})
    bench.state["daemon"] = daemon
    bench.wait_until(lambda: daemon.exit_code() is not None or _BOOTED in daemon.output(), what="containerd to boot")
    if daemon.exit_code() is not None:
        return StepSaid.failed(f"containerd ended while it started (exit code {daemon.exit_code()})")
    done = bench.run([bench.binary("containerd", "ctr"), "--address", SOCKET, "version"])
    if done.exit_code != 0 or "Server:" not in done.stdout:
        return StepSaid.failed("containerd does not answer its client")
    return StepSaid.passed("containerd answers its client")


def _runs(bench: Bench) -> StepSaid:
    _mark_log(bench)
    image = bench.workspace / "image.tar"
    image.write_bytes(_image(bench.binary("busybox", "busybox")))
    bench.state["snapshotter"] = "native" if _NO_OVERLAY in _whole_log(bench) else "overlayfs"
    done = bench.run(
        [*_ctr(bench), "image", "import", "--snapshotter", cast("str", bench.state["snapshotter"]), str(image)]
    )
    if done.exit_code != 0:
        return StepSaid.failed("containerd does not import the image")
    done = _container(bench, "hello", [], ["echo", TOKEN])
    if done.exit_code != 0:
        return StepSaid.failed(_ended(done))
    if TOKEN not in done.stdout.split():
        return StepSaid.failed(f"the container wrote '{done.stdout.strip()[:200]}' in the place of the token")
    return StepSaid.passed("a container wrote the token")


def _networks(bench: Bench) -> StepSaid:
    _mark_log(bench)
    plugins = bench.binary("cni-plugins", "bridge").parent
    script = f'mkdir -p {CONFIGURATION_DIR} && cat >{CONFIGURATION_DIR}/{FILE_NAME} && ln -s "$1" {PLUGIN_DIR}'
    spec = bench.combination["cni-spec"].version
    written = bench.run([bench.binary("busybox", "busybox"), "sh", "-c", script, "sh", plugins], stdin=conflist(spec))
    _must(written, "write the network configuration")
    done = _container(bench, "net", ["--cni"], ["ping", "-c", "1", "-W", "2", GATEWAY])
    if done.exit_code != 0:
        return StepSaid.failed(_ended(done))
    return StepSaid.passed(f"the gateway {GATEWAY} answered from inside the container")


def _ctr(bench: Bench) -> list[str]:
    return [str(bench.binary("containerd", "ctr")), "--address", SOCKET]


def _container(bench: Bench, name: str, options: list[str], command: list[str]) -> Completed:
    runtime = bench.binary("runtime", "runtime")
    group = f"{bench.facts['run.cgroup']}/{name}"
    snapshotter = cast("str", bench.state["snapshotter"])
    settings = ["--rm", "--snapshotter", snapshotter, "--runc-binary", str(runtime), "--cgroup", group]
    return bench.run([*_ctr(bench), "run", *settings, *options, REFERENCE, name, "/bin/busybox", *command])


def _ended(done: Completed) -> str:
    if done.timed_out:
        return "the container did not end within the time limit"
    return f"the container was not run: {done.output.splitlines()[-1][:300] if done.output else 'no word of why'}"


def _mark_log(bench: Bench) -> None:
    bench.state["log_start"] = len(_whole_log(bench))


def _whole_log(bench: Bench) -> str:
    return cast("Process", bench.state["daemon"]).output()


def _must(done: Completed, what: str) -> None:
    if done.exit_code != 0:
        message = f"the test bed could not {what}: {done.output[:300]}"
        raise SmokeError(message)


@lru_cache(maxsize=4)
def _image(busybox: Path) -> bytes:
    return build_image(busybox.read_bytes())


ROOT_STEPS = (
    Step(
        name="start-containerd",
        capability="starts",
        exercises=frozenset({"containerd"}),
        time_limit_seconds=20.0,
        run=_starts,
        needs_root=True,
    ),
    Step(
        name="run-container",
        capability="runs",
        exercises=frozenset({"containerd", "runtime"}),
        time_limit_seconds=30.0,
        run=_runs,
        needs_root=True,
    ),
    Step(
        name="ping-gateway",
        capability="networks",
        exercises=frozenset({"containerd", "runtime", "cni-plugins", "cni-spec"}),
        time_limit_seconds=30.0,
        run=_networks,
        needs_root=True,
    ),
)
