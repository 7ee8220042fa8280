"""The steps of ``speaks``: the plugin that is needed is there, and speaks the CNI version that will be written.

A plugin that is asked with ``CNI_COMMAND=VERSION`` answers with a list (CNI specification, "VERSION"); whatever is
not in the list it refuses when it is called for real.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.api import Step, StepSaid

from .installs import installed_plugins
from .names import CNI_SPEC
from .processes import run

if TYPE_CHECKING:
    from tracker.api import Bench, Completed

CLIENT_PLUGIN = "nat"
"""The only kind of network that nerdctl makes on Windows (its pkg/netutil/netutil_windows.go)."""
SAID = "speaks.said"
"""What a step found out, in words in which causes are looked for: a plugin's own answer is a list without a verdict."""
VERSION_STEP = "cni-version"
_NO_PLUGIN = "there are no network plugins in this combination"


def _client(bench: Bench) -> StepSaid:
    cni, nerdctl = bench.combination["cni"], bench.combination["nerdctl"]
    if nerdctl.is_absent or cni.is_absent:
        return StepSaid.passed(_NO_PLUGIN if cni.is_absent else "no client asks for a certain plugin")
    plugins = installed_plugins(bench)
    if CLIENT_PLUGIN in plugins:
        return StepSaid.passed(f"{cni.component} {cni.version} has the plugin {CLIENT_PLUGIN}, which nerdctl needs")
    said = f"nerdctl needs the plugin {CLIENT_PLUGIN}; {cni.component} {cni.version} has {', '.join(plugins)}"
    bench.state[SAID] = said
    return StepSaid.failed(f"{said}.")


def _version(bench: Bench) -> StepSaid:
    cni, spec = bench.combination["cni"], bench.combination[CNI_SPEC].version
    if cni.is_absent:
        return StepSaid.passed(_NO_PLUGIN)
    told: dict[str, str] = {}
    for name in installed_plugins(bench):
        done = run(
            bench,
            [bench.binary("cni", name)],
            stdin=json.dumps({"cniVersion": spec, "name": "nat", "type": name}),
            CNI_COMMAND="VERSION",
        )
        spoken = read_versions(done)
        if spoken is None:
            return StepSaid.failed(f"{name} does not answer CNI_COMMAND=VERSION: {done.output[:200] or 'no word'}")
        if spec not in spoken:
            said = f"CNI {spec} is written; {name} of {cni.component} {cni.version} speaks {', '.join(spoken)}"
            bench.state[SAID] = said
            return StepSaid.failed(f"{said}.")
        told.setdefault(", ".join(spoken), name)
    return StepSaid.passed("; ".join(f"{name} speaks CNI {versions}" for versions, name in told.items()))


def read_versions(done: Completed) -> tuple[str, ...] | None:
    """Return the CNI versions that a plugin says it speaks, in its order; ``None`` for no such answer."""
    try:
        found = json.loads(done.stdout)["supportedVersions"]
    except (ValueError, KeyError, TypeError):
        return None
    if done.exit_code != 0 or not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return tuple(found)


SPEAKS_STEPS = (
    Step(
        name="plugin-for-client",
        capability="speaks",
        exercises=frozenset({"nerdctl", "cni"}),
        time_limit_seconds=10.0,
        run=_client,
    ),
    Step(
        name=VERSION_STEP,
        capability="speaks",
        exercises=frozenset({"cni", CNI_SPEC}),
        time_limit_seconds=60.0,
        run=_version,
    ),
)
