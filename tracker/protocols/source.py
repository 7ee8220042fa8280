"""Code that asks one kind of upstream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.model.component import Component
    from tracker.model.release import Release
    from tracker.protocols.http import HttpClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that is asked as a whole: a Debian suite, a repository. It succeeds or fails as a whole.

    Attributes:
        name: unique within the source and stable over time (``bookworm-security``).
        title: what a person reads in an error (address and suite).
        components: whose releases the answer tells.
        details: whatever the source needs to ask; opaque to the host.
    """

    name: str
    title: str
    components: tuple[Component, ...]
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """What the host hands to a source for one look at one target.

    Attributes:
        target: what to ask.
        http: the host's client; a source opens no connection of its own.
        cursor: what the source returned with its last applied answer; empty for a full look.
        options: the source's table of tracker.toml over the profile's defaults.
        cache_dir: the source's own directory, for files that it can fetch again.
        now: aware UTC time of the look.
    """

    target: Target
    http: HttpClient
    cursor: str
    options: Mapping[str, object]
    cache_dir: Path
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoNews:
    """The upstream was looked at and says that nothing changed since ``cursor``."""

    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The whole truth of the target about its components at this look.

    Attributes:
        releases: every release that the target offers now, of the target's components, in any order.
        cursor: opaque; handed back at the next look.
    """

    releases: tuple[Release, ...]
    cursor: str


class Source(Protocol):
    """Asks one kind of upstream. It keeps no state of its own, sorts nothing and reads no environment variable.

    Attributes:
        name: unique among sources; the table ``[sources.NAME]`` of tracker.toml holds its options.
        option_names: the keys that may stand in that table.
    """

    name: str
    option_names: frozenset[str]

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return what must be asked to learn of ``components``; may read the machine's configuration files.

        Raises:
            ConfigError: the configuration does not say where to ask, or says it wrongly.
        """

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one target once; blocks.

        Raises:
            SourceError: the target could not be looked at, or its answer could not be verified.
        """
