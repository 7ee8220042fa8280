"""The step of ``pulls``: the image comes from this machine's cache through a registry on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from tracker.api import SmokeError, Step, StepSaid

from .image_server import ImageServer
from .names import ISOLATION
from .processes import beyond_border, ctr, last_line

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.api import Bench

_SERVER = "image server"


def reference(bench: Bench) -> str:
    """Return the name under which the run's containerd has the image."""
    return cast("str", bench.state["image"])


def stop_server(bench: Bench) -> None:
    """End the registry on loopback, if it was started."""
    server = bench.state.pop(_SERVER, None)
    if server is not None:
        cast("ImageServer", server).__exit__(None, None, None)


def remove_layers(bench: Bench) -> None:
    """Let containerd itself remove the image and its layers: their files belong to the Host Compute Service."""
    if "image" not in bench.state or "daemon" not in bench.state:
        return
    ctr(bench, "images", "rm", "--sync", reference(bench))
    bench.wait_until(lambda: _has_no_snapshots(bench), what="containerd to remove the layers")


def _has_no_snapshots(bench: Bench) -> bool:
    listed = ctr(bench, "snapshots", "--snapshotter", "windows", "ls")
    return listed.exit_code != 0 or len(listed.stdout.splitlines()) <= 1


def _pulls(bench: Bench) -> StepSaid:
    value = bench.combination["image"]
    if value.is_absent:
        return StepSaid.skipped("no image is known yet: its registry was not reached")
    layout = bench.prefixes.get("image")
    if layout is None:
        build = bench.facts.get("windows.build", "an unknown build")
        return StepSaid.skipped(f"{value.component} {value.version} has no image that this host ({build}) can run")
    server = ImageServer(layout)
    server.__enter__()
    bench.state[_SERVER] = server
    name = server.reference(_digest(layout))
    fetched = ctr(bench, "content", "fetch", "--plain-http", "--platform", "windows/amd64", name)
    if fetched.exit_code != 0:
        return StepSaid.failed(f"containerd does not fetch the image: {last_line(fetched)}")
    if said := beyond_border(bench):
        return StepSaid.skipped(f"the image was fetched and not unpacked: {said.reason}")
    pulled = ctr(bench, "images", "pull", "--plain-http", "--platform", "windows/amd64", name)
    if pulled.exit_code != 0:
        return StepSaid.failed(f"containerd does not unpack the image: {last_line(pulled)}")
    bench.state["image"] = name
    return StepSaid.passed(f"{value.component} {value.version} was fetched and unpacked")


def _digest(layout: Path) -> str:
    try:
        (manifest,) = json.loads((layout / "index.json").read_text(encoding="utf-8"))["manifests"]
        return str(manifest["digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{layout}: is no layout of one image: {error}"
        raise SmokeError(message, hint="Remove the directory; it is fetched again.") from error


PULL_STEPS = (
    Step(
        name="pull-image",
        capability="pulls",
        exercises=frozenset({"containerd", "image", ISOLATION}),
        time_limit_seconds=600.0,
        run=_pulls,
        needs_root=True,
    ),
)
