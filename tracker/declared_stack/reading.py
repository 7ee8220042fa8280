"""The tables of tracker.toml that declare a stack, read into the objects that plugins would register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.declared_stack.command_tables import Scene, read_scenario
from tracker.declared_stack.component_tables import read_components
from tracker.declared_stack.names import NAME, check_name, unknown
from tracker.declared_stack.places import HOST_KEYS, TABLES
from tracker.declared_stack.stack import DeclaredStack
from tracker.declared_stack.toml_table import TomlTable
from tracker.errors import ConfigError
from tracker.model import Factor, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.model import Component

FACTOR_KEYS = ("title", "components", "values", "may_be_absent", "absent_while_unknown")


def read_stack(path: Path, document: Mapping[str, Any]) -> DeclaredStack | None:
    """Return the stack that the file declares; ``None`` when it declares none.

    Args:
        path: of the file, for messages.
        document: the whole file.

    Raises:
        ConfigError: a table, key or value is not allowed, or names something that is not there.
    """
    host = document.get("host", {})
    own = [key for key in HOST_KEYS if isinstance(host, dict) and key in host]
    if not any(name in document for name in TABLES):
        if own:
            message = f"{path}: host.{own[0]}: has a meaning only where the file declares a stack of its own"
            raise ConfigError(
                message, hint="See docs/your-stack.md for the tables [components], [factors], [scenario]."
            )
        return None
    missing = [name for name in TABLES if name not in document]
    if missing:
        declared = ", ".join(f"[{name}]" for name in TABLES if name in document)
        message = f"{path}: {declared} declares a stack, but [{missing[0]}] is not there"
        raise ConfigError(message, hint="A stack needs [components.NAME], [factors.NAME] and [[scenario.steps]].")
    return _Reader(path, document).stack()


class _Reader:
    def __init__(self, path: Path, document: Mapping[str, Any]) -> None:
        self._path = path
        self._document = document
        self._top = TomlTable(path, "", document, tuple(document))

    def stack(self) -> DeclaredStack:
        name = self._top.fitting("profile", NAME, "the name of the stack that is declared here, in small letters")
        components = read_components(self._path, self._top.table("components"))
        factors = self._factors(components)
        scenario = read_scenario(
            self._path,
            self._document["scenario"],
            Scene(name=name, components=components, factors=tuple(factor.name for factor in factors)),
        )
        used = {one for factor in factors for one in factor.components}
        for one in scenario.tools:
            if one in used:
                message = f"{self._path}: scenario.tools: '{one}' is the component of a factor"
                raise ConfigError(message, hint="A tool is what runs use without testing it.")
        idle = [one for one in components if one not in used and one not in scenario.tools]
        if idle:
            message = f"{self._path}: components.{idle[0]}: no factor has it, and it is no tool"
            raise ConfigError(
                message, hint=f'Name it in [factors.NAME] components = ["{idle[0]}"], or in scenario.tools.'
            )
        profile = Profile(
            name=name,
            title=scenario.commands.title,
            factors=factors,
            scenario=name,
            capabilities=scenario.capabilities,
            required=scenario.required,
            host_key=self._host_key(),
            tools=scenario.tools,
            asset_platforms=self._host().texts("asset_platforms"),
        )
        return DeclaredStack(components=components, profile=profile, scenario=scenario.commands)

    def _host(self) -> TomlTable:
        table = self._top.table("host")
        return TomlTable(self._path, "host", table, tuple(table))

    def _host_key(self) -> tuple[str, ...]:
        key = self._host().texts("key")
        if not key:
            message = f"{self._path}: host.key is not set: it names the facts of a host that decide what works"
            raise ConfigError(
                message, hint='For instance [host] key = ["os", "arch"]; `tracker doctor` lists all facts.'
            )
        return key

    def _factors(self, components: Mapping[str, Component]) -> tuple[Factor, ...]:
        tables = self._top.table("factors")
        if not tables:
            message = f"{self._path}: factors: there is no factor"
            raise ConfigError(message, hint='[factors.NAME] with components = ["..."] or values = ["..."]')
        return tuple(self._factor(name, tables[name], components) for name in tables)

    def _factor(self, name: str, told: object, components: Mapping[str, Component]) -> Factor:
        where = f"factors.{name}"
        check_name(self._path, where, name)
        table = TomlTable(self._path, where, told, FACTOR_KEYS)
        named, values = table.texts("components"), table.texts("values")
        if bool(named) == bool(values):
            message = f"{self._path}: {where}: must have either components or values"
            raise ConfigError(message, hint="Components bring their versions; values are fixed, the newest first.")
        for one in named:
            if one not in components:
                raise unknown(self._path, f"{where}.components", one, components)
        return Factor(
            name=name,
            title=table.text("title", name),
            components=named,
            variants=values,
            may_be_absent=table.truth("may_be_absent", default=False),
            absent_while_unknown=table.truth("absent_while_unknown", default=False),
        )
