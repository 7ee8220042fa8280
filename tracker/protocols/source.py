"""Code that asks one kind of upstream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tracker.protocols.network import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.model.component import Component
    from tracker.model.release import Release
    from tracker.model.sighting import Sighting
    from tracker.protocols.http import HttpClient
    from tracker.settings import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialHint:
    """Where a token for one origin may be found; the host looks, and no source ever sees the token.

    The first place that holds one is taken: the file, the environment variables in order, the program's output.

    Attributes:
        origin: scheme, host and port that the token is sent to, and to no other: ``"https://api.github.com"``.
        file: path of a file that holds the token; empty for none.
        environment: names of environment variables.
        command: program and arguments that print the token; empty for none. A missing program is no error.
    """

    origin: str
    file: str = ""
    environment: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that is asked as a whole: a Debian suite, a repository. It succeeds or fails as a whole.

    Attributes:
        name: unique within the source and stable over time (``bookworm-security``).
        title: what a person reads in an error (address and suite).
        components: whose releases the answer tells.
        details: whatever the source needs to ask; opaque to the host.
        credential: where a token for it may be found; ``None`` when it needs none.
        is_follow_up: ask it after all others, since ``PollRequest.commits`` comes from their answers.
        addresses: where it is asked, as far as that is known before, the one without which no look succeeds first;
            ``tracker doctor`` tries the way there.
    """

    name: str
    title: str
    components: tuple[Component, ...]
    details: Mapping[str, object] = field(default_factory=dict)
    credential: CredentialHint | None = None
    is_follow_up: bool = False
    addresses: tuple[str, ...] = ()


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
        network: how a program that the source starts reaches other machines.
        platforms: whose assets are wanted, as ``"windows/amd64"``; empty when releases have one file.
        is_authorized: the client has a token for the target's origin.
        hint: what ``BatchSource.survey`` said of this target; empty when nothing was said.
        commits: commits whose way into tags is wanted: what each is (``"#101"``) and its id, from other targets'
            pull requests of the same components; empty for most sources.
    """

    target: Target
    http: HttpClient
    cursor: str
    options: Mapping[str, object]
    cache_dir: Path
    now: datetime
    network: NetworkSettings = field(default_factory=NetworkSettings)
    platforms: tuple[str, ...] = ()
    is_authorized: bool = False
    hint: str = ""
    commits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoNews:
    """The upstream was looked at and says that nothing changed since ``cursor``."""

    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The whole truth of the target about its components at this look, or, with ``unknown``, a part of it.

    Attributes:
        releases: every release that the target offers now, of the target's components, in any order.
        cursor: opaque; handed back at the next look.
        sightings: everything else that the target shows now, each place once, in any order.
        keeps_old: this upstream never takes a release away in the ordinary course, so that one which is missing was
            withdrawn. False for archives that offer the newest alone.
        unknown: what this look could not see, each in a few words ("assets", "state of pull requests"), and why in
            ``reason``. When it says anything, nothing that is missing is taken for gone.
        reason: why something is unknown, in one sentence.
        remarks: what was set aside, each in a sentence for people.
    """

    releases: tuple[Release, ...]
    cursor: str
    sightings: tuple[Sighting, ...] = ()
    keeps_old: bool = False
    unknown: tuple[str, ...] = ()
    reason: str = ""
    remarks: tuple[str, ...] = ()


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


@runtime_checkable
class ExplainedSource(Protocol):
    """A source that describes its options, so that the host checks them and tells editors and ``init`` of them.

    Attributes:
        options: one entry for each name in ``option_names``; none is required. ``PollRequest.options`` holds what the
            entry's kind reads: a ``Path`` for a path, a ``SecretPlace`` for a secret, a tuple for a list. What a
            profile says by itself comes as it stands there.
    """

    options: tuple[Key, ...]


@runtime_checkable
class BatchSource(Protocol):
    """A source that can ask cheaply, for many targets at once, whether anything changed."""

    def survey(self, requests: Sequence[PollRequest]) -> Mapping[str, str]:
        """Return, by name of target, an opaque text that changes when anything of the target does; blocks.

        Each text is handed to ``poll`` as ``hint``, for the source to compare with what it wrote into its cursor. A
        target that is not in the answer is polled without a hint. The requests are of one origin and credential.

        Raises:
            SourceError: nothing could be learned; every target is polled without a hint.
        """
