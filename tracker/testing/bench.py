"""A bench on which nothing works: whatever goes wrong on it is not the software's fault."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from tracker.errors import SmokeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tracker.model import Combination
    from tracker.protocols import Completed, Process

_WHY = "this machine cannot start programs today"


class BrokenBench:
    """A ``Bench`` whose machine cannot start any program; every release seems to hold what it is asked for.

    Args:
        combination: what would be run.
        directory: an empty directory; workspace and prefixes lie below it.
        facts: of the host.

    Attributes:
        attempts: how many programs were to be started.
    """

    def __init__(self, combination: Combination, directory: Path, facts: Mapping[str, str] | None = None) -> None:
        self.combination = combination
        self.workspace = directory / "workspace"
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.prefixes: Mapping[str, Path] = _Prefixes(directory / "prefixes")
        self.is_root = True
        self.launcher = ""
        self.facts: Mapping[str, str] = facts or {}
        self.state: dict[str, object] = {}
        self.attempts = 0

    def binary(self, factor: str, name: str) -> Path:
        """Return a file of that name."""
        path = self.prefixes[factor] / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
        return path

    def run(self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, stdin: str = "") -> Completed:
        """Fail as the host does when it cannot start a program."""
        self._fail(argv, env, stdin)

    def start(self, argv: Sequence[str | Path], *, name: str, env: Mapping[str, str] | None = None) -> Process:
        """Fail as the host does when it cannot start a program."""
        self._fail(argv, env, name)

    def name_of(self, path: Path) -> str:
        """Return the path as it is."""
        return str(path)

    @contextmanager
    def exclusive(self, resource: str) -> Iterator[None]:  # noqa: ARG002 - nobody else wants it
        """Hold nothing."""
        yield

    def wait_until(self, condition: Callable[[], bool], *, what: str) -> bool:  # noqa: ARG002 - it may name it
        """Ask once."""
        return condition()

    def _fail(self, argv: Sequence[str | Path], *_: object) -> NoReturn:
        self.attempts += 1
        message = f"{argv[0]}: {_WHY}"
        raise SmokeError(message)


class _Prefixes(dict[str, "Path"]):
    """A prefix for every name."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def __missing__(self, name: str) -> Path:
        path = self._directory / name
        path.mkdir(parents=True)
        self[name] = path
        return path
