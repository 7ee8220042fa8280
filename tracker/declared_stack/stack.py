"""What tracker.toml declares: the same objects as plugins register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.declared_stack.scenario import CommandScenario
    from tracker.model import Component, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredStack:
    """A stack of a person's own.

    Attributes:
        components: by name.
        profile: what is combined; its name is what ``profile`` in tracker.toml says.
        scenario: the commands, under the profile's name.
    """

    components: Mapping[str, Component]
    profile: Profile
    scenario: CommandScenario
