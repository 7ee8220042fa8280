"""The steps of ``installs``: every program starts, and says that it is the version that was released.

The programs' own words were read from genuine builds for Windows under Wine 10 (2026-11-24): ``containerd PACKAGE
vVERSION COMMIT``, ``ctr PACKAGE vVERSION``, ``CNI win-bridge plugin vVERSION``; windows-container-networking's
programs tell no version, and the shim tells that of hcsshim, if any.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.api import Outcome, Step, StepSaid, is_local

from .names import CNI_PLUGINS, WCN
from .processes import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Bench

PLUGINS = {WCN: ("nat", "sdnbridge", "sdnoverlay"), CNI_PLUGINS: ("win-bridge", "win-overlay", "host-local")}
"""Programs that each component's releases hold, the one that makes a network for containers first."""
_SHIM = "containerd-shim-runhcs-v1"
_VERSION = re.compile(r"(?<![\d.])v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)")
_LIMIT_SECONDS = 60.0


def installed_plugins(bench: Bench) -> tuple[str, ...]:
    """Return the network plugins that the release of this combination holds, in the order of ``PLUGINS``."""
    return tuple(name for name in PLUGINS.get(bench.combination["cni"].component, ()) if _has(bench, "cni", name))


def _containerd(bench: Bench) -> StepSaid:
    said = _tells(bench, "containerd", "containerd", ["--version"])
    client = _tells(bench, "containerd", "ctr", ["--version"])
    for one in (said, client):
        if one.outcome is not Outcome.PASS:
            return one
    if not _has(bench, "containerd", _SHIM):
        return StepSaid.passed(f"{said.reason}; the release brings no {_SHIM}")
    done = run(bench, [bench.binary("containerd", _SHIM), "--version"])
    if done.exit_code != 0:
        return StepSaid.failed(f"{_SHIM} does not start here (exit code {done.exit_code})")
    return said


def _nerdctl(bench: Bench) -> StepSaid:
    if bench.combination["nerdctl"].is_absent:
        return StepSaid.passed("there is no nerdctl in this combination")
    return _tells(bench, "nerdctl", "nerdctl", ["--version"])


def _cni(bench: Bench) -> StepSaid:
    value = bench.combination["cni"]
    if value.is_absent:
        return StepSaid.passed("there are no network plugins in this combination")
    plugins = installed_plugins(bench)
    if not plugins:
        return StepSaid.failed(f"{value.component} {value.version} holds none of {', '.join(PLUGINS[value.component])}")
    # Called without a command, a plugin says what it is.
    told = [_tells(bench, "cni", name, []) for name in plugins]
    bad = next((said for said in told if said.outcome is not Outcome.PASS), None)
    return bad or StepSaid.passed(f"{', '.join(plugins)} start ({told[0].reason})")


def _tells(bench: Bench, factor: str, name: str, argv: list[str]) -> StepSaid:
    """Start a program and hold the version that it tells, if any, against the one that was released."""
    value = bench.combination[factor]
    done = run(bench, [bench.binary(factor, name), *argv])
    if done.timed_out:
        return StepSaid.failed(f"{name} does not answer")
    if done.exit_code != 0:
        return StepSaid.failed(f"{name} does not start here (exit code {done.exit_code})")
    first = next((line for line in done.output.splitlines() if name.split("-", maxsplit=1)[0] in line), "")
    first = first or next(iter(done.output.splitlines()), "no word of itself")
    told = _VERSION.findall(first)
    if told and value.version not in told and not is_local(value.version):
        return StepSaid.error(f"{name}, installed for {value.version}, says it is '{first[:200]}'")
    return StepSaid.passed(first[:200])


def _has(bench: Bench, factor: str, name: str) -> bool:
    try:
        bench.binary(factor, name)
    except FileNotFoundError:
        return False
    return True


def _step(factor: str, run_it: Callable[[Bench], StepSaid]) -> Step:
    return Step(
        name=f"install-{factor}",
        capability="installs",
        exercises=frozenset({factor}),
        time_limit_seconds=_LIMIT_SECONDS,
        run=run_it,
    )


INSTALL_STEPS = (_step("containerd", _containerd), _step("nerdctl", _nerdctl), _step("cni", _cni))
