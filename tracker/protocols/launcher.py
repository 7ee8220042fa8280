"""What runs the programs of another platform on this machine (Wine, say)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LauncherState:
    """What a launcher says of itself.

    Attributes:
        facts: by name; they stand over the host's own, so that its evidence is of a kind of host of its own.
        reason: why it cannot be used here and what to do; empty when it can.
    """

    facts: Mapping[str, str]
    reason: str = ""


class Launched(Protocol):
    """A launcher that is ready for one run.

    Attributes:
        env: what it needs besides the run's own environment, with its own ``PATH`` if it needs one.
        workspace: the run's directory.
        probe_argv: a program of the other platform that ends with 0 at once, if anything can be run at all.
    """

    env: Mapping[str, str]
    workspace: Path
    probe_argv: Sequence[str]

    def wrap(self, argv: Sequence[str]) -> list[str]:
        """Return the command of this machine that runs ``argv``, whose first part is a path of this machine."""

    def name_of(self, path: Path) -> str:
        """Return how launched programs call ``path`` of this machine."""

    def start_argv(self) -> list[str]:
        """Return the command that makes ready what all programs of the run share; empty when nothing is needed."""

    def close_argv(self) -> list[str]:
        """Return the command that ends all that it launched; empty when nothing is needed."""


class Launcher(Protocol):
    """Runs the programs of another platform.

    Attributes:
        name: what ``launcher`` in tracker.toml says.
        platform: whose programs it runs, as ``platform`` in tracker.toml says it (``windows``).
    """

    name: str
    platform: str

    def state(self) -> LauncherState:
        """Return whether it can be used here, and the facts of the host that it makes; quick, no network."""

    def prepare(self, cache_dir: Path) -> None:
        """Make what all runs share below ``cache_dir``, once; blocks, and several threads may call it.

        Raises:
            SmokeError: it cannot be made.
        """

    def open(self, cache_dir: Path, workspace: Path) -> Launched:
        """Make it ready for one run, with its own state below ``workspace``, after ``prepare``.

        Raises:
            SmokeError: it cannot be made ready.
        """

    def clean(self, workspace: Path) -> tuple[str, ...]:
        """Remove what a run left outside ``workspace``, after all of it ended; return what could not be removed."""
