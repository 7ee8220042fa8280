"""Code that turns several parts of a combination into one environment, with all that they need besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.model.combination import Combination
    from tracker.model.component import Component
    from tracker.model.release import Release
    from tracker.protocols.http import HttpClient
    from tracker.protocols.network import NetworkSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A part that a combination asks for.

    Attributes:
        factor: whose value it is; a tool's component name.
        component: the component.
        release: its release, with the files that ``select`` took.
    """

    factor: str
    component: Component
    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRequest:
    """What the host hands to an environment builder.

    Attributes:
        members: the parts that come into one environment, by factor.
        combination: the whole combination; empty where tools alone are installed.
        options: the builder's table ``[environments.NAME]`` of tracker.toml.
        cache_dir: the builder's own directory, for files that it can fetch again.
        network: how a program that the builder starts reaches other machines.
        http: fetches and verifies files, as for sources.
        source_options: the sources' options, by source: packages come from where they were seen.
    """

    members: tuple[Member, ...]
    combination: Combination
    options: Mapping[str, object]
    cache_dir: Path
    network: NetworkSettings
    http: HttpClient
    source_options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Part:
    """One file of an environment.

    Attributes:
        name: of the package, unique within the environment.
        version: of the package.
        file: its file name.
        url: where it comes from; without credentials.
        digest: ``sha256:`` digest of the file.
    """

    name: str
    version: str
    file: str
    url: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What an environment comes to: everything in it, exactly.

    Attributes:
        parts: all that is installed, asked for or not, by name.
        exercises: names of the factors whose values were shown to fit each other.
        facts: what else decides what the environment is (the interpreter), by name; recorded with the run.
        log: how it was found, for people.
    """

    parts: tuple[Part, ...]
    exercises: frozenset[str]
    facts: Mapping[str, str] = field(default_factory=dict)
    log: str = ""


class EnvironmentBuilder(Protocol):
    """Turns the members of a combination into one environment. A component names it where others name an installer.

    Resolving is the first step of a run, under the builder's name: it demonstrates the profile's first capability. The
    host keeps complete environments by what they come to, so that ``fill`` is called once for each; the parts belong
    to the key under which the run is comparable with others.

    Attributes:
        name: unique among environment builders and installers.
        option_names: the keys that may stand in ``[environments.NAME]`` of tracker.toml.
    """

    name: str
    option_names: frozenset[str]

    def select(self, release: Release, combination: Combination, options: Mapping[str, object]) -> Release:
        """Return the release with nothing but the files that this host takes; without assets where none fits.

        Raises:
            SmokeError: it cannot be told.
        """

    def resolve(self, request: EnvironmentRequest) -> Resolution:
        """Return what the environment comes to now; blocks.

        Raises:
            MisfitError: the members contradict each other, or this host's environment: the run is a FAIL.
            NotApplicableError: nothing was published that could be tried here: the run is a SKIP.
            SmokeError: it could not be found out; the run is an ERROR.
            SourceError: likewise.
        """

    def fill(self, request: EnvironmentRequest, resolution: Resolution, prefix: Path) -> None:
        """Make the environment at ``prefix``, an empty directory at its final place, with its parts verified; blocks.

        The host removes what is there when it raises, and after a kill.

        Raises:
            SmokeError: it could not be made here; the run is an ERROR.
            SourceError: likewise.
        """
