"""tracker.toml: what a person decides, read into an immutable value.

Every error names the file, the key, the value and what is allowed, with the nearest match for a misspelt key; all
errors are told at once. What may stand in the file is described in ``tracker.tables``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.configured import (
    DEFAULT_MAX_AGE_DAYS,
    DEFAULT_TITLE,
    HOME_NAME,
    PLATFORMS,
    SCHEMA,
    Config,
    ConfiguredWaiver,
    DaemonConfig,
    HostConfig,
    SiteConfig,
    SmokeConfig,
    Superseded,
    TrustConfig,
)
from tracker.declared_stack.places import HOST_KEYS, TABLES
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.declared_stack import DeclaredStack

FILE_NAME = "tracker.toml"
# What the file and ``Config`` call the same.
_FIELDS = ("profile", "host", "network", "smoke", "daemon", "pins", "waivers", "trust")

__all__ = [
    "DEFAULT_TITLE",
    "FILE_NAME",
    "HOME_NAME",
    "PLATFORMS",
    "SCHEMA",
    "Config",
    "ConfiguredWaiver",
    "DaemonConfig",
    "HostConfig",
    "SiteConfig",
    "SmokeConfig",
    "Superseded",
    "TrustConfig",
    "find_config",
    "read_config",
]


def find_config(explicit: Path | None, *, cwd: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Return the settings from ``explicit``, ``$TRACKER_CONFIG`` or ``tracker.toml`` in ``cwd``, else the defaults.

    Raises:
        ConfigError: a named file is missing, or the file found cannot be used.
    """
    named = explicit or (Path(environ["TRACKER_CONFIG"]) if environ.get("TRACKER_CONFIG") else None)
    if named is not None:
        return read_config(cwd / named)
    here = cwd / FILE_NAME
    if here.exists():
        return read_config(here)
    home = (cwd / HOME_NAME).resolve()
    return Config(home=home, site_dir=home / "site")


def read_config(path: Path) -> Config:
    """Return the settings that ``path`` holds.

    Raises:
        ConfigError: it cannot be read, is no TOML, or holds keys or values that are not allowed.
    """
    import tomllib

    from tracker.settings import Faults, Place
    from tracker.tables import TOP

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise ConfigError(message, hint="Write one with `tracker init`.") from error
    except (ValueError, RecursionError) as error:
        # Not TOMLDecodeError alone: the parser lets a ValueError of a number with too many digits through.
        message = f"{path}: is no valid TOML: {error}"
        raise ConfigError(message) from error
    faults = Faults(path)
    # Without defaults: those of tables that the file does not have are those of ``Config``.
    given = TOP.given(_without_stack(document), Place(faults=faults, base=path.resolve().parent))
    faults.check()
    return replace(_config(path, given), environments=_environments(path, document), stack=_stack(path, document))


def _stack(path: Path, document: Mapping[str, Any]) -> DeclaredStack | None:
    """Return the stack that the document declares; ``None`` where it declares none, as most do."""
    host = document.get("host", {})
    own = [name for name in HOST_KEYS if isinstance(host, dict) and name in host]
    if not own and not any(name in document for name in TABLES):
        return None
    from tracker.declared_stack.reading import read_stack

    return read_stack(path, document)


def _without_stack(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document without the tables of a declared stack, which are read by themselves."""
    rest = {name: table for name, table in document.items() if name not in {*TABLES, "environments"}}
    if isinstance(host := rest.get("host"), dict):
        rest["host"] = {name: value for name, value in host.items() if name not in HOST_KEYS}
    return rest


def _environments(path: Path, document: Mapping[str, Any]) -> Mapping[str, Mapping[str, object]]:
    tables = document.get("environments", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        message = f"{path}: environments: must be tables, each under [environments.NAME]"
        raise ConfigError(message)
    return tables


def _config(path: Path, given: Mapping[str, Any]) -> Config:
    paths, watch, site = given.get("paths", {}), given.get("watch", {}), given.get("site", {})
    base = path.resolve().parent
    home: Path = (paths["home"] or base) if paths else (base / HOME_NAME).resolve()
    named = {name: given[name] for name in _FIELDS if name in given}
    return Config(
        path=path,
        home=home,
        site_dir=paths.get("site") or home / "site",
        site_title=site.get("title", DEFAULT_TITLE),
        site_address=site.get("address", ""),
        site_report=site.get("report", ""),
        site=site.get("making", SiteConfig()),
        disabled_plugins=frozenset(given.get("plugins", {}).get("disabled", ())),
        max_age_days=given.get("evidence", {}).get("max_age_days", DEFAULT_MAX_AGE_DAYS),
        sources={name: _source(table, base) for name, table in given.get("sources", {}).items()},
        minimum_age_days=watch.get("minimum_age_days", 0.0),
        superseded=watch.get("superseded", ()),
        **named,
    )


def _source(table: Mapping[str, object], base: Path) -> Mapping[str, object]:
    """Return a source's options; a file that one names counts from the directory of tracker.toml."""
    return {
        name: _from(base, value) if name.endswith("_file") and isinstance(value, str) else value
        for name, value in table.items()
    }


def _from(base: Path, value: str) -> str:
    try:
        return str(base / Path(value).expanduser())
    except (RuntimeError, ValueError):
        return value  # whoever opens it says why it cannot
