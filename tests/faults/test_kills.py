"""``tracker up`` killed at moments of its own program: nothing is lost, doubled, half-published or left over.

The seed is printed with every broken promise; ``TRACKER_KILL_SEED`` chooses the first, ``TRACKER_KILL_CHAINS`` how
many homes are tried. `benchmarks/kill_passes.py` does the same for as long as one likes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.commands import Commands
from tests.faults.greet_stack import Upstream, install
from tests.faults.killing import Killing

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = int(os.environ.get("TRACKER_KILL_SEED", "1"))
CHAINS = int(os.environ.get("TRACKER_KILL_CHAINS", "3"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")


@pytest.fixture(scope="module")
def killing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killing]:
    directory = tmp_path_factory.mktemp("killing")
    repository = Path(__file__).resolve().parents[2]
    with Upstream() as upstream:
        environment = install(directory, repository, upstream.url)
        settings = (directory / "tracker.toml").read_text(encoding="utf-8")
        with Commands(environment) as commands:
            made = Killing(directory, commands, settings)
            made.measure()
            yield made


@pytest.mark.parametrize("seed", range(SEED, SEED + CHAINS))
def test_whatever_the_moment_nothing_is_lost_doubled_or_left(killing: Killing, seed: int) -> None:
    assert killing.chain(seed) == []
