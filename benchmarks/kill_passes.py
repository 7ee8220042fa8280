"""Kills passes for as long as one likes, and tells every promise that was not kept.

``python benchmarks/kill_passes.py [SECONDS] [SEED]``, on Linux; as root the runs have namespaces and control groups.
Each seed is one home in which one to three passes are killed at moments chosen from the seed, before a last one ends.
Ends with 1 when a promise was broken; the seed plays it again. The homes lie in a directory that is removed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults.commands import Commands
from tests.faults.greet_stack import Upstream, install
from tests.faults.killing import Killing


def main() -> int:
    """Kill until the time is over; return the exit code."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    first = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000  # noqa: PLR2004 - the second word
    broken: list[str] = []
    with Upstream() as upstream, tempfile.TemporaryDirectory(prefix="killing-") as place:
        directory = Path(place)
        environment = install(directory, Path(__file__).resolve().parent.parent, upstream.url)
        settings = (directory / "tracker.toml").read_text(encoding="utf-8")
        with Commands(environment) as commands:
            killing = Killing(directory, commands, settings)
            killing.measure()
            until, seed = time.monotonic() + seconds, first
            while time.monotonic() < until:
                found = killing.chain(seed)
                broken += found
                for one in found:
                    print(one, flush=True)
                seed += 1
            print(f"{killing.kills} kills in {seed - first} homes from seed {first}: {len(broken)} promises broken")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
