"""What a run has installed: releases in prefixes of their own, and environments of several parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.protocols import Selective
from tracker.registry import find
from tracker.smoke.artifacts import ArtifactCache
from tracker.smoke.assembly import Assembled, Assembly
from tracker.smoke.bench import Installed
from tracker.smoke.prefixes import Prefixes, PrefixPlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.config import Config
    from tracker.model import Combination, Profile, Release
    from tracker.protocols import EnvironmentBuilder, HttpClient
    from tracker.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipped:
    """What a run works with.

    Attributes:
        installed: by factor, tools by component name; empty when the environments ended the run.
        assembled: what the environments are.
    """

    installed: Mapping[str, Installed]
    assembled: Assembled


class Equipment:
    """Installs what runs need; safe to use from several threads.

    Args:
        registry: all plugins.
        profile: what is run.
        config: where things lie.
        http: what fetches.

    Attributes:
        artifacts: the files of releases, each verified when it is fetched.
    """

    def __init__(self, registry: Registry, profile: Profile, config: Config, http: HttpClient) -> None:
        self._registry = registry
        self.artifacts = ArtifactCache(config.home / "cache", http)
        self._prefixes = Prefixes(config.home / "prefixes", self.artifacts)
        self._assembly = Assembly(registry, profile, config, http)

    def builder_of(self, release: Release) -> EnvironmentBuilder | None:
        """Return what makes the environment that ``release`` comes into; ``None`` where an installer installs it."""
        return self._assembly.builder_of(self._registry.components.get(release.component))

    def taken(self, release: Release, combination: Combination, facts: Mapping[str, str]) -> Release:
        """Return ``release`` with the assets that a host with ``facts`` takes of several that fit its platform."""
        if builder := self.builder_of(release):
            return self._assembly.select(builder, release, combination)
        component = self._registry.components.get(release.component)
        installer: object = self._registry.installers.get(component.installer) if component else None
        return installer.select(release, facts) if isinstance(installer, Selective) else release

    def have(self, wanted: Mapping[str, Release], combination: Combination) -> Equipped:
        """Install what is ``wanted``, by factor, tools by component name; blocks.

        Environments come first: what contradicts itself needs nothing else.

        Raises:
            TrackerError: something could not be fetched, resolved or installed.
        """
        members = {name: release for name, release in wanted.items() if self.builder_of(release)}
        assembled = self._assembly.assemble(
            {name: (self._registry.components[one.component], one) for name, one in members.items()}, combination
        )
        if assembled.ended_by is not None:
            return Equipped(installed={}, assembled=assembled)
        others = {name: self.install(release) for name, release in wanted.items() if name not in members}
        return Equipped(installed={**others, **assembled.installed}, assembled=assembled)

    def install(self, release: Release) -> Installed:
        """Return where ``release`` is installed, fetching and installing it when needed; blocks.

        Raises:
            TrackerError: it could not be fetched or installed.
        """
        component = find("component", self._registry.components, release.component, self._registry.problems)
        installer = find("installer", self._registry.installers, component.installer, self._registry.problems)
        plan = PrefixPlan(component=component, release=release, installer=installer)
        return Installed(component=component, prefix=self._prefixes.ensure(plan))
