"""The tables ``[components.NAME]`` of tracker.toml."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tracker.declared_stack.names import check_name
from tracker.declared_stack.toml_table import TomlTable
from tracker.errors import ConfigError
from tracker.model import AssetRule, Component, TagRule, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMPONENT_KEYS = (
    *("title", "source", "scheme", "installer", "homepage", "options", "programs", "aliases", "watches"),
    *("tag", "line", "prerelease", "live_lines", "assets", "checksums"),
)
_USUAL_TAG = r"v?(?P<version>\d.*)"
_USUAL_LINE = r"\d+(?:\.\d+)?"
_USUAL_PRERELEASE = r"(?i)(alpha|beta|rc|pre|dev)"


def read_components(path: Path, tables: Mapping[str, Any]) -> Mapping[str, Component]:
    """Return the declared components by name.

    Raises:
        ConfigError: a key or value is not allowed.
    """
    if not tables:
        message = f"{path}: components: there is no component"
        raise ConfigError(message, hint="[components.NAME] with source, scheme and installer")
    return {name: _component(path, name, tables[name]) for name in tables}


def _component(path: Path, name: str, told: object) -> Component:
    where = f"components.{name}"
    check_name(path, where, name)
    table = TomlTable(path, where, told, COMPONENT_KEYS)
    return Component(
        name=name,
        title=table.text("title", name),
        source=table.needed("source"),
        scheme=table.needed("scheme"),
        installer=table.needed("installer"),
        options=_texts(path, f"{where}.options", table.table("options")),
        homepage=table.text("homepage", ""),
        binaries=_programs(table),
        tags=_tags(path, where, table),
        assets=_assets(path, where, table),
        checksums=table.texts("checksums"),
        live_lines=table.whole("live_lines", least=0) if table.has("live_lines") else 0,
        watches=tuple(
            _watch(path, f"{where}.watches[{place}]", one) for place, one in enumerate(table.tables("watches"))
        ),
        aliases=table.texts("aliases"),
    )


def _programs(table: TomlTable) -> Mapping[str, tuple[str, ...]]:
    """Return places by the program's name; two places of one name are alternatives, in the order written."""
    found: dict[str, tuple[str, ...]] = {}
    for place in table.texts("programs"):
        name = PurePosixPath(place).name
        found[name] = (*found.get(name, ()), place)
    return found


def _tags(path: Path, where: str, table: TomlTable) -> TagRule | None:
    if not any(table.has(key) for key in ("tag", "line", "prerelease")):
        return None
    version = _expression(path, f"{where}.tag", table.text("tag", _USUAL_TAG))
    if "(?P<version>" not in version:
        message = f"{path}: {where}.tag = {version!r}: must have a group called version"
        raise ConfigError(message, hint="Write (?P<version>...) around the version.")
    return TagRule(
        version=version,
        line=_expression(path, f"{where}.line", table.text("line", _USUAL_LINE)),
        prerelease=_expression(path, f"{where}.prerelease", table.text("prerelease", _USUAL_PRERELEASE)),
    )


def _expression(path: Path, where: str, text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"{path}: {where} = {text!r}: is no regular expression: {error}"
        raise ConfigError(message, hint="In TOML write it between single quotes, so that \\ stays as it is.") from error
    return text


def _assets(path: Path, where: str, table: TomlTable) -> tuple[AssetRule, ...]:
    rules = []
    for place, one in enumerate(table.tables("assets")):
        rule = TomlTable(path, f"{where}.assets[{place}]", one, ("platform", "pattern"))
        rules.append(AssetRule(platform=rule.needed("platform"), pattern=rule.needed("pattern")))
    return tuple(rules)


def _watch(path: Path, where: str, told: object) -> Watch:
    table = TomlTable(path, where, told, ("source", "options"))
    return Watch(source=table.needed("source"), options=_texts(path, f"{where}.options", table.table("options")))


def _texts(path: Path, where: str, told: Mapping[str, Any]) -> Mapping[str, str]:
    table = TomlTable(path, where, told, tuple(told))
    return {name: table.text(name, "") for name in told}
