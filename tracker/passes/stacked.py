"""Plugins and the stack that tracker.toml declares, together: everything behind it treats both alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.declared_stack.names import unknown
from tracker.errors import ConfigError
from tracker.smoke.facts import gather_facts
from tracker.smoke.runner import ISOLATION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.config import Config
    from tracker.declared_stack import DeclaredStack
    from tracker.model import Component
    from tracker.registry import Registry


def with_stack(registry: Registry, config: Config) -> Registry:
    """Return all that plugins registered, with the stack that tracker.toml declares.

    Its components stand over those of plugins with the same name: the file is the person's own word.

    Raises:
        ConfigError: the stack has the name of a plugin's profile or scenario, or names something that no plugin
            provides.
    """
    stack, path = config.stack, config.path
    if stack is None or path is None:
        return registry
    name = stack.profile.name
    if name in registry.profiles or name in registry.scenarios:
        message = f"{path}: profile = {name!r}: is the name of a plugin's profile, and this file declares a stack"
        raise ConfigError(message, hint="Give the stack a name of its own, or remove its tables.")
    for component in stack.components.values():
        _check_component(path, component, registry)
    _check_first_capability(path, stack, registry)
    _check_host_key(path, stack, registry)
    return replace(
        registry,
        components={**registry.components, **stack.components},
        profiles={**registry.profiles, name: stack.profile},
        scenarios={**registry.scenarios, name: stack.scenario},
    )


def _check_component(path: Path, component: Component, registry: Registry) -> None:
    fillers: Mapping[str, object] = {**registry.installers, **registry.environment_builders}
    named: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("source", component.source, registry.sources),
        ("scheme", component.scheme, registry.version_schemes),
        ("installer", component.installer, fillers),
        *(("watches", watch.source, registry.sources) for watch in component.watches),
    )
    for key, name, known in named:
        if name not in known:
            raise unknown(path, f"components.{component.name}.{key}", name, known)


def _check_first_capability(path: Path, stack: DeclaredStack, registry: Registry) -> None:
    first = stack.profile.capabilities[0]
    builds = any(one.installer in registry.environment_builders for one in stack.components.values())
    if not builds and all(command.capability != first for command in stack.scenario.commands):
        message = f"{path}: scenario.capabilities: no step demonstrates '{first}'"
        raise ConfigError(message, hint="Only the environment of a stack that has one demonstrates it by itself.")


def _check_host_key(path: Path, stack: DeclaredStack, registry: Registry) -> None:
    facts = {**gather_facts(registry.host_facts), ISOLATION: ""}
    for name in stack.profile.host_key:
        if name not in facts:
            raise unknown(path, "host.key", name, facts)


def check_environments(config: Config, registry: Registry) -> None:
    """Return when each table ``[environments.NAME]`` is a builder's, with options that it has.

    Raises:
        ConfigError: one is not; the message names the nearest that is.
    """
    path = config.path
    if path is None:
        return
    for name, options in config.environments.items():
        if name not in registry.environment_builders:
            raise unknown(path, "environments", name, registry.environment_builders)
        allowed = dict.fromkeys(sorted(registry.environment_builders[name].option_names))
        for option in options:
            if option not in allowed:
                raise unknown(path, f"environments.{name}", option, allowed)
