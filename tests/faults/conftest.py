"""A home in which one pass was made; each test gets it as it was then, in the same place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.commands import Commands, Ended
from tests.faults.greet_stack import Upstream, install

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Box:
    """A working directory in which commands are run."""

    directory: Path
    environment: Mapping[str, str]
    commands: Commands

    @property
    def home(self) -> Path:
        return self.directory / "tracker-data"

    @property
    def store(self) -> Path:
        return self.home / "tracker.sqlite"

    def __call__(self, *words: str) -> Ended:
        return self.commands(self.directory, *words)

    def under(self, before: tuple[str, ...], *words: str) -> Ended:
        """Run a command as another program's last words: in namespaces, at another time."""
        done = subprocess.run(
            [*before, sys.executable, "-m", "tracker", *words],
            cwd=self.directory,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=200,
        )
        assert "Traceback" not in done.stdout, done.stdout
        assert "a fault in tracker itself" not in done.stdout, done.stdout
        return Ended(done.returncode, done.stdout, 0)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    directory = tmp_path_factory.mktemp("faults")
    with Upstream() as upstream:
        environment = install(directory, Path(__file__).resolve().parents[2], upstream.url)
        with Commands(environment) as commands:
            box = Box(directory, environment, commands)
            made = box("up")
            assert made.code == 0, made.said
            shutil.copytree(box.home, directory / "as-it-was")
            yield box


@pytest.fixture
def box(settled: Box) -> Box:
    shutil.rmtree(settled.home)
    shutil.copytree(settled.directory / "as-it-was", settled.home)
    return settled
