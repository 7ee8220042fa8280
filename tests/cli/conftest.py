"""One box for all tests of the commands: `tracker up` runs once on this machine's own archive."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command answered."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class Box:
    """A working directory in which commands are run as a person runs them."""

    directory: Path

    def tracker(self, *words: str, prefix: tuple[str, ...] = ()) -> Answered:
        command = [*prefix, sys.executable, "-m", "tracker", *words]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False, timeout=280)
        assert "Traceback" not in done.stderr, done.stderr
        return Answered(done.returncode, done.stdout, done.stderr)

    @property
    def home(self) -> Path:
        return self.directory / "tracker-data"


@pytest.fixture
def empty_box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture
def open_box() -> Iterator[Box]:
    """A box that every user of the machine may enter and write, which none below pytest's own directory is."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o777)
        yield Box(Path(directory))


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    made = Box(tmp_path_factory.mktemp("box"))
    answered = made.tracker("up")
    assert answered.exit_code == 0, answered.stderr
    return made
