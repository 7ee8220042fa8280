"""What a service is made of, the same for every operating system. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.passes.part import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_TITLES = {
    Part.ALL: "tracker: watches, runs and publishes",
    Part.WATCH: "tracker: watches upstreams and publishes",
    Part.SMOKE: "tracker: runs what is planned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDefinition:
    """A service.

    Attributes:
        name: unique on the machine.
        title: one line for people.
        part: what it does of a pass.
        python: the interpreter of the installation that is to run.
        config: the tracker.toml; absolute.
        home: store, cache and runs; absolute.
        site_dir: the published site; absolute.
        account: who runs it; empty for the system's default of this part.
    """

    name: str
    title: str
    part: Part
    python: Path
    config: Path
    home: Path
    site_dir: Path
    account: str = ""

    @property
    def log_file(self) -> Path:
        """Where it writes what it does."""
        return self.home / "logs" / f"tracker-{self.part}.log"

    @property
    def needs_rights(self) -> bool:
        """Whether it runs what is under test, for which some steps need root or elevation."""
        return self.part is not Part.WATCH

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the interpreter gets to run the daemon in the foreground."""
        daemon = ("daemon", "--part", str(self.part), "--log-file", str(self.log_file))
        return ("-m", "tracker", "--config", str(self.config), *daemon)


def define_service(config: Config, part: Part, python: Path, *, name: str = "", account: str = "") -> ServiceDefinition:
    """Return the service for ``part`` of the settings.

    Args:
        config: the settings; they must have come from a file, which the service reads again.
        part: what it does.
        python: the interpreter.
        name: empty for ``tracker-PART``.
        account: empty for the system's default.

    Raises:
        UsageError: there is no tracker.toml, or the name cannot be one of a service.
    """
    if config.path is None:
        message = "a service needs a tracker.toml of its own"
        raise UsageError(
            message, hint="Write one with `tracker init DIR`, and name it: tracker --config DIR/tracker.toml."
        )
    name = name or f"tracker-{part}"
    if not _NAME.fullmatch(name):
        message = f"{name!r}: cannot be the name of a service"
        raise UsageError(message, hint="Use letters, digits and '-', and begin with a letter.")
    return ServiceDefinition(
        name=name,
        title=_TITLES[part],
        part=part,
        python=python.absolute(),
        config=config.path.resolve(),
        home=config.home,
        site_dir=config.site_dir,
        account=account,
    )


def as_installed(asked: ServiceDefinition, words: Sequence[str], account: str) -> ServiceDefinition:
    """Return the service as it was installed, which a name alone does not tell.

    Args:
        asked: which one is meant, by the settings and options of this command.
        words: what the system starts for it.
        account: who the system says runs it.

    Raises:
        UsageError: it is somebody else's, or that of another tracker.toml.
    """
    named = dict(pairwise(words))
    part, config = named.get("--part", ""), named.get("--config", "")
    if not named.get("-m", "").startswith("tracker") or part not in set(Part) or not config:
        message = f"{asked.name} is no service of tracker"
        raise UsageError(message, hint=f"It starts: {' '.join(words) or 'nothing that is understood'}")
    if Path(config) != asked.config:
        message = f"{asked.name} works with {config}, not with {asked.config}"
        raise UsageError(message, hint=f'Name its settings: tracker --config "{config}" service ...')
    return replace(asked, part=Part(part), title=_TITLES[Part(part)], account=account)
