"""Everything that a pass works with: settings, plugins, profile, store, network."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, StoreError, UsageError
from tracker.http import Client
from tracker.passes.known_names import check_names, check_plugins
from tracker.passes.stacked import check_environments, with_stack
from tracker.registry import Registry, build_registry, find
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.config import Config
    from tracker.model import Profile
    from tracker.protocols import Launcher


_SYSTEMS = {"linux": "linux", "windows": "win32"}
"""What ``sys.platform`` says on a host of a platform as tracker.toml names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Settings, plugins and the profile that they lead to."""

    config: Config
    registry: Registry
    profile: Profile

    def open_store(self, *, create: bool = False) -> Store:
        """Open the store.

        Args:
            create: make home and store when they are missing; otherwise that is an error.

        Raises:
            StoreError: there is no store yet, or it cannot be used.
        """
        path = self.config.store_path
        if not create and not path.exists():
            message = f"there is no store at {path}"
            raise StoreError(message, hint="Run `tracker up` once, or name another tracker.toml with --config.")
        try:
            self.config.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{self.config.home}: cannot be made: {error.strerror}"
            raise StoreError(
                message, hint="Set paths.home in tracker.toml to a directory that you can write."
            ) from error
        return Store.open(path)

    @property
    def launcher(self) -> Launcher | None:
        """What runs the programs of another platform here; ``None`` where this machine runs its own."""
        return self.registry.launchers.get(self.config.host.launcher)

    def require_scenario(self) -> str:
        """Return the name of the profile's scenario, for commands that run something.

        Raises:
            ConfigError: the profile only watches.
        """
        if self.profile.scenario:
            return self.profile.scenario
        others = [one.name for one in self.registry.profiles.values() if one.scenario]
        hint = f"Profiles that run something: {', '.join(others) or 'none'}."
        message = f"the profile {self.profile.name} only watches: it has nothing to run"
        if self.profile.name in others:
            message = f"the profile {self.profile.name} only watches on this platform ({sys.platform})"
            hint = "Name in [host] of tracker.toml what runs its programs here, or choose another profile."
        raise ConfigError(message, hint=hint)

    def open_http(self) -> Client:
        """Return the one client for all connections."""
        return Client(self.config.network, self.config.home / "cache" / "http.sqlite")


def open_workplace(config: Config) -> Workplace:
    """Load the plugins and choose the profile.

    Raises:
        ConfigError: the settings name a profile, source, option or factor that does not exist.
        PluginError: the profile rests on something that no plugin provides.
    """
    registry = with_stack(build_registry(config.disabled_plugins), config)
    check_plugins(config, registry)
    profile = _as_run_here(config, _choose_profile(config, registry))
    if profile.scenario:
        find("scenario", registry.scenarios, profile.scenario, registry.problems)
    for name in profile.component_names:
        component = find("component", registry.components, name, registry.problems)
        find("source", registry.sources, component.source, registry.problems)
        for watch in component.watches if not config.disabled_plugins else ():
            # A further place is no more than a missed look to whoever switched its plugin off.
            find("source", registry.sources, watch.source, registry.problems)
        find("version scheme", registry.version_schemes, component.scheme, registry.problems)
        if profile.scenario and name not in profile.informs:
            fillers = {**registry.installers, **registry.environment_builders}
            find("installer", fillers, component.installer, registry.problems)
    check_environments(config, registry)
    _check_launcher(config, registry)
    sources = check_names(config, registry, profile)
    return Workplace(config=replace(config, sources=sources), registry=registry, profile=profile)


def check_component(place: Workplace, name: str) -> None:
    """Return when the profile watches a component called ``name``.

    Raises:
        UsageError: it does not; the message names the nearest one.
    """
    known = place.profile.component_names
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        message = f"there is no component '{name}'" + (f" (did you mean '{near[0]}'?)" if near else "")
        raise UsageError(message, hint=f"Components: {', '.join(known)}")


def _as_run_here(config: Config, profile: Profile) -> Profile:
    """Return the profile without its scenario where this machine cannot run it: then it is watched alone."""
    platform = _SYSTEMS.get(config.host.platform, sys.platform)
    return profile if not profile.platforms or platform in profile.platforms else replace(profile, scenario="")


def _choose_profile(config: Config, registry: Registry) -> Profile:
    if config.profile:
        if config.profile in registry.profiles:
            return registry.profiles[config.profile]
        raise _unknown(config, "profile", config.profile, registry.profiles)
    platform = _SYSTEMS.get(config.host.platform, sys.platform)
    for profile in registry.profiles.values():
        if platform in profile.platforms:
            return profile
    known = ", ".join(registry.profiles) or "none"
    message = f"no profile is made for this platform ({platform})"
    raise ConfigError(message, hint=f'Name one in tracker.toml: profile = "NAME" (known: {known}).')


def _check_launcher(config: Config, registry: Registry) -> None:
    host = config.host
    if host.launcher:
        if host.launcher not in registry.launchers:
            raise _unknown(config, "host.launcher", host.launcher, registry.launchers)
        platform = registry.launchers[host.launcher].platform
        if platform != host.platform:
            message = (
                f"{config.path}: host.launcher = {host.launcher!r}: runs programs of {platform}, not {host.platform}"
            )
            raise ConfigError(message)
    elif host.platform and _SYSTEMS[host.platform] != sys.platform:
        fitting = [one.name for one in registry.launchers.values() if one.platform == host.platform]
        message = f"{config.path}: host.platform = {host.platform!r}: this machine is another platform ({sys.platform})"
        raise ConfigError(message, hint=f"Name a launcher in [host]: {', '.join(fitting) or 'none is known'}.")


def _unknown(config: Config, key: str, name: str, known: Mapping[str, object]) -> ConfigError:
    near = difflib.get_close_matches(name, list(known), n=1)
    meant = f" (did you mean '{near[0]}'?)" if near else ""
    message = f"{config.path}: {key}: unknown name '{name}'{meant}"
    return ConfigError(message, hint=f"Known: {', '.join(known) or 'none'}")
