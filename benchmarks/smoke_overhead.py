"""How much a run costs beyond a bare shell script that takes the same steps in the same isolation.

Run as root on Debian: ``python benchmarks/smoke_overhead.py [REPETITIONS]``. Both are measured in turns, so that a
busy machine slows both, and compared by their medians. Budget: 1.10. Then runs in one lane against two.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.plugins.linux_containers.cni import conflist
from tracker.plugins.linux_containers.containers import DAEMON_CONFIG
from tracker.plugins.linux_containers.image import build_image

from tracker.config import Config
from tracker.http import Client
from tracker.model import Combination, Job, JobKind, Outcome
from tracker.protocols import NetworkSettings, Observed, PollRequest
from tracker.registry import build_registry
from tracker.smoke.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.model import Release, Value
    from tracker.protocols import HttpClient
    from tracker.registry import Registry

BUDGET = 1.10
SPEC = "1.0.0"
PROFILE = "linux-containers"

SCRIPT = r"""
set -eu
if [ "${1-}" = inside ]; then
  for dir in /run /etc/cni /opt/cni /var/lib/cni; do mount -n -t tmpfs -o mode=755 tmpfs $dir; done
  cd "$WORK"
  : >log
  $CONTAINERD --version | grep -q containerd
  $RUNTIME --version | grep -q version
  for plugin in bridge host-local; do
    echo '{"cniVersion":"0.4.0"}' | CNI_COMMAND=VERSION "$PLUGINS/$plugin" | grep -q supportedVersions
  done
  $BUSYBOX ip link set lo up
  cp "$SOURCE/config.toml" "$SOURCE/image.tar" .
  PATH=$(dirname $CONTAINERD):/usr/sbin:/usr/bin:/sbin:/bin $CONTAINERD --config "$WORK/config.toml" >log 2>&1 &
  daemon=$!
  until grep -q 'containerd successfully booted' log; do sleep 0.01; done
  ctr="$CTR --address /run/smoke.sock"
  run="$ctr run --rm --snapshotter overlayfs --runc-binary $RUNTIME --cgroup"
  $ctr version | grep -q Server:
  $ctr image import --snapshotter overlayfs image.tar >import.log
  $run /$GROUP/hello localhost/smoke:1 hello /bin/busybox echo token | grep -q token
  mkdir -p /etc/cni/net.d
  cp "$SOURCE/conflist" /etc/cni/net.d/10-smoke.conflist
  ln -s "$PLUGINS" /opt/cni/bin
  $run /$GROUP/net --cni localhost/smoke:1 net /bin/busybox ping -c 1 -W 2 10.99.0.1 >ping.log
  kill $daemon
  wait $daemon || true
  exit 0
fi
mkdir "$WORK"
for root in $ROOTS; do
  mkdir $root/$GROUP $root/$GROUP/host
  for made in $root/$GROUP $root/$GROUP/host; do
    [ ! -e $made/cpuset.cpus ] || cat $made/../cpuset.cpus >$made/cpuset.cpus
    [ ! -e $made/cpuset.mems ] || cat $made/../cpuset.mems >$made/cpuset.mems
  done
done
(
  for root in $ROOTS; do echo 0 >$root/$GROUP/host/cgroup.procs; done
  exec unshare --mount --pid --net --ipc --uts --fork --kill-child=SIGKILL --mount-proc --propagation private \
    sh "$0" inside
)
for root in $ROOTS; do find $root/$GROUP -depth -type d -exec rmdir {} \;; done
rm -rf "$WORK"
"""


def offered(registry: Registry, http: HttpClient, cache: Path) -> list[Release]:
    """Return what this machine's Debian archives offer."""
    profile = registry.profiles[PROFILE]
    components = [registry.components[name] for name in profile.component_names]
    source, options = registry.sources["debian"], profile.source_options["debian"]
    found: list[Release] = []
    for target in source.targets(components, options):
        request = PollRequest(
            target=target, http=http, cursor="", options=options, cache_dir=cache, now=datetime.now(UTC)
        )
        answer = source.poll(request)
        found += answer.releases if isinstance(answer, Observed) else ()
    return found


def choose(registry: Registry, releases: list[Release]) -> tuple[Combination, dict[Value, Release]]:
    """Return the combination of what this machine's own Debian release offers."""
    profile = registry.profiles[PROFILE]
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    line = text.partition("VERSION_CODENAME=")[2].split()[0].strip('"')
    values = {
        factor.value(one.version, one.component): one
        for factor in profile.factors
        if factor.components
        for one in releases
        if one.component == factor.components[0] and one.channel == line
    }
    return Combination.of([*values, profile.factor("cni-spec").value(SPEC)]), values


def shell_environment(
    runner: Runner, values: Mapping[Value, Release], tool: Release, directory: Path
) -> dict[str, str]:
    """Return what the shell script works with: the very files that the runner uses."""
    from tracker.smoke.cgroups import hierarchies

    prefixes = {value.factor: runner.install(release).prefix for value, release in values.items()}
    busybox = next(path for path in (runner.install(tool).prefix).glob("**/bin/busybox"))
    (directory / "config.toml").write_text(DAEMON_CONFIG, encoding="utf-8")
    (directory / "conflist").write_text(conflist(SPEC), encoding="utf-8")
    (directory / "image.tar").write_bytes(build_image(busybox.read_bytes()))
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "SOURCE": str(directory),
        "WORK": str(directory / "work"),
        "GROUP": "benchmark",
        "ROOTS": " ".join(map(str, hierarchies())),
        "CONTAINERD": str(prefixes["containerd"] / "usr/bin/containerd"),
        "CTR": str(prefixes["containerd"] / "usr/bin/ctr"),
        "RUNTIME": str(prefixes["runtime"] / "usr/sbin/runc"),
        "PLUGINS": str(prefixes["cni-plugins"] / "usr/lib/cni"),
        "BUSYBOX": str(busybox),
    }


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(run: Callable[[], None], shell: Callable[[], None], repetitions: int) -> None:
    """Print both medians and their ratio."""
    run()
    shell()
    pairs = [(seconds(run), seconds(shell)) for _ in range(repetitions)]
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"one run: {ours * 1000:.0f} ms, bare shell script: {bare * 1000:.0f} ms ({repetitions} turns, medians)")
    print(f"ratio {ours / bare:.3f}, budget {BUDGET:.2f}: {'kept' if ours / bare <= BUDGET else 'NOT kept'}")


def measure_lanes(run: Callable[[], None], count: int) -> None:
    """Print how much two lanes gain."""

    def all_in(lanes: int) -> None:
        with ThreadPoolExecutor(lanes) as pool:
            list(pool.map(lambda _: run(), range(count)))

    times: dict[int, float] = {}
    for lanes in (1, 2, 1, 2):
        taken = seconds(partial(all_in, lanes))
        times[lanes] = min(taken, times.get(lanes, taken))
    print(f"{count} runs: one lane {times[1]:.2f} s, two lanes {times[2]:.2f} s, gain {times[1] / times[2]:.2f}")


def main(repetitions: int) -> None:
    """Measure on this machine."""
    registry = build_registry()
    with tempfile.TemporaryDirectory() as directory, closing(Client(NetworkSettings())) as http:
        home = Path(directory)
        runner = Runner(
            registry=registry,
            profile=registry.profiles[PROFILE],
            config=Config(home=home, site_dir=home / "site"),
            http=http,
        )
        releases = offered(registry, http, home / "cache")
        combination, values = choose(registry, releases)
        tool = next(one for one in releases if one.component == "busybox")
        job = Job(combination=combination, kind=JobKind.NAMED, reason="a benchmark")
        script = home / "bare.sh"
        script.write_text(SCRIPT, encoding="utf-8")
        (home / "bare").mkdir()
        environment = shell_environment(runner, values, tool, home / "bare")

        def run() -> None:
            made = runner.run(job, values, {"busybox": tool})
            if made.outcome is not Outcome.PASS:
                message = f"{combination}: {made.outcome} {made.reason} {made.steps}"
                raise SystemExit(message)

        def shell() -> None:
            subprocess.run(["/bin/sh", script], env=environment, check=True)

        print(combination)
        measure(run, shell, repetitions)
        measure_lanes(run, 8)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
