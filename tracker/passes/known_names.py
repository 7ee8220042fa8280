"""The names in tracker.toml that only plugins know: profiles, factors, capabilities, sources with their options.

What is told here narrows the description of tracker.toml to one set of plugins and one profile; settings are held
against it, and editors get the same as a schema.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.protocols import ExplainedSource
from tracker.settings import AnyValue, Choice, Faults, Key, Place, Table, Tables, Text, Texts
from tracker.tables import TOP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tracker.config import Config
    from tracker.model import Profile
    from tracker.protocols import Source
    from tracker.registry import Registry
    from tracker.settings import Kind


def check_plugins(config: Config, registry: Registry) -> None:
    """Return when there is a plugin for every name that is switched off.

    Raises:
        ConfigError: there is none; the message names the nearest one.
    """
    faults = Faults(config.path)
    kind = _plugin_names(registry, config.disabled_plugins)
    kind.read(sorted(config.disabled_plugins), _place(faults, config).at("plugins").at("disabled"))
    faults.check()


def check_names(config: Config, registry: Registry, profile: Profile) -> Mapping[str, Mapping[str, Any]]:
    """Return the options of the sources, read as each source describes them.

    Raises:
        ConfigError: the settings name something that does not exist, or an option is not what its source allows.
    """
    faults = Faults(config.path)
    place = _place(faults, config)
    sources = source_tables(registry).given(config.sources, place.at("sources"))
    pins = pin_table(profile)
    pins.given(config.pins, place.at("pins"))
    for index, waiver in enumerate(config.waivers):
        at = place.at("waivers").item(index)
        pins.given(waiver.pins, at.at("pins"))
        _capability(profile).read(waiver.capability, at.at("capability"))
    faults.check()
    return sources


def narrowed_table(registry: Registry, profile: Profile) -> Table:
    """Return the description of tracker.toml for these plugins and this profile; it has no ``build`` of its own."""
    launchers = Choice(("", *registry.launchers))
    return _with(
        TOP,
        {
            "profile": Choice(("", *registry.profiles)),
            "sources": source_tables(registry),
            "pins": pin_table(profile),
            "host": _with(_kind(TOP, "host"), {"launcher": launchers}),
            "plugins": _with(_kind(TOP, "plugins"), {"disabled": _plugin_names(registry, ())}),
            "waivers": Tables(
                _with(
                    _kind(TOP, "waivers").of,
                    {"pins": pin_table(profile)._replace(least=1), "capability": _capability(profile)},
                )
            ),
        },
    )


def source_tables(registry: Registry) -> Table:
    """Return the description of ``[sources]``: a table for each source that a plugin provides."""
    return Table(
        tuple(
            Key(name, option_table(source), f"Options of the source {name}.", {})
            for name, source in registry.sources.items()
        )
    )


def pin_table(profile: Profile) -> Table:
    """Return the description of a table of pins: a key for each factor, and for each component of one."""
    names = {factor.name: factor.title for factor in profile.factors}
    for factor in profile.factors:
        for component in factor.components:
            names.setdefault(component, f"{component}, as {factor.title}")
    return Table(tuple(Key(name, Text(), title, None) for name, title in names.items()))


def option_table(source: Source) -> Table:
    """Return the description of ``[sources.NAME]``; of options that the source does not describe only the names."""
    told = {key.name: key for key in source.options} if isinstance(source, ExplainedSource) else {}
    names = [*told, *sorted(source.option_names - told.keys())]
    return Table(tuple(told.get(name, Key(name, AnyValue(), "", None)) for name in names))


def _plugin_names(registry: Registry, disabled: Collection[str]) -> Texts:
    # What lies in a package that is switched off was never seen.
    inside = [one for one in disabled if any(one.startswith(f"{name}.") for name in registry.switchable & {*disabled})]
    return Texts(of=Choice(tuple(sorted({*registry.switchable, *inside}))))


def _capability(profile: Profile) -> Choice:
    return Choice(("", *profile.capabilities))


def _place(faults: Faults, config: Config) -> Place:
    return Place(faults=faults, base=config.path.resolve().parent if config.path else Path.cwd())


def _kind(table: Table, name: str) -> Any:  # noqa: ANN401 - each kind has a type of its own
    return next(key.kind for key in table.keys if key.name == name)


def _with(table: Table, kinds: Mapping[str, Kind]) -> Table:
    return table._replace(keys=tuple(key.of(kinds.get(key.name, key.kind)) for key in table.keys), build=dict)
