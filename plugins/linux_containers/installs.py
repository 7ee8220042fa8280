"""The steps of ``installs``: each part alone starts and tells what it is. None of them needs root."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tracker.api import Step, StepSaid, is_local

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Bench, Completed

_UPSTREAM = re.compile(r"(?:\d+:)?(?P<version>\d+(?:\.\d+)+)")
_LIBRARY_MISSING = "error while loading shared libraries"
_PLUGINS = ("bridge", "host-local")
_LIMIT_SECONDS = 20.0


def _step(factor: str, run: Callable[[Bench], StepSaid]) -> Step:
    return Step(
        name=f"install-{factor}",
        capability="installs",
        exercises=frozenset({factor}),
        time_limit_seconds=_LIMIT_SECONDS,
        run=run,
    )


def _containerd(bench: Bench) -> StepSaid:
    bench.binary("containerd", "containerd-shim-runc-v2")
    return _tells_version(bench, "containerd", "containerd")


def _runtime(bench: Bench) -> StepSaid:
    return _tells_version(bench, "runtime", "runtime")


def _cni_plugins(bench: Bench) -> StepSaid:
    known: set[str] = set()
    for name in _PLUGINS:
        done = bench.run(
            [bench.binary("cni-plugins", name)],
            env={"CNI_COMMAND": "VERSION"},
            stdin=json.dumps({"cniVersion": "0.4.0"}),
        )
        if said := _problem(done, name):
            return said
        try:
            known |= set(json.loads(done.stdout)["supportedVersions"])
        except (ValueError, KeyError, TypeError):
            return StepSaid.failed(f"{name} does not answer CNI_COMMAND=VERSION: {done.output[:200]}")
    return StepSaid.passed(f"the plugins speak CNI {', '.join(sorted(known))}")


def _tells_version(bench: Bench, factor: str, name: str) -> StepSaid:
    done = bench.run([bench.binary(factor, name), "--version"])
    value = bench.combination[factor]
    if said := _problem(done, value.component):
        return said
    match = _UPSTREAM.match(value.version)
    expected = match["version"] if match else value.version
    first = done.stdout.strip().partition("\n")[0]
    if is_local(value.version):
        # A file of this machine was released as nothing: whatever it says it is, it starts.
        return StepSaid.passed(first)
    if not re.search(rf"(?<![\d.]){re.escape(expected)}(?![\d])", done.stdout):
        return StepSaid.error(f"the file that was installed for {expected} says it is '{first[:200]}'")
    return StepSaid.passed(first)


def _problem(done: Completed, name: str) -> StepSaid | None:
    if done.timed_out:
        return StepSaid.failed(f"{name} does not answer")
    if _LIBRARY_MISSING in done.stderr:
        return StepSaid.error(f"a library that {name} needs was not installed with it: {done.stderr.strip()[:300]}")
    if done.exit_code:
        return StepSaid.failed(f"{name} does not start here (exit code {done.exit_code})")
    return None


INSTALL_STEPS = (_step("containerd", _containerd), _step("runtime", _runtime), _step("cni-plugins", _cni_plugins))
