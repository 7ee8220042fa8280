"""From settings to plugins, profile and store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.output import note

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.passes.workplace import Workplace


def opened(config: Config) -> Workplace:
    """Return settings, plugins and profile; problems with plugins are told on standard error."""
    from tracker.passes.workplace import open_workplace

    place = open_workplace(config)
    for problem in place.registry.problems:
        note(f"warning: plugin {problem.plugin} is set aside: {problem.reason}")
    return place
