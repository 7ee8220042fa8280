"""tracker.toml: what a person decides, read into an immutable value.

Every error names the file, the key, the value and what is allowed, with the nearest match for a misspelt key; all
errors are told at once. What may stand in the file is described in ``tracker.tables``.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.configured import (
    DEFAULT_TITLE,
    Config,
    ConfiguredWaiver,
    DaemonConfig,
    HostConfig,
    SiteConfig,
    SmokeConfig,
    Superseded,
    TrustConfig,
)
from tracker.errors import ConfigError
from tracker.settings import Faults, Place
from tracker.tables import HOME_NAME, PLATFORMS, SCHEMA, TOP

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "tracker.toml"

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
    read = TOP.read(document, Place(faults=faults, base=path.resolve().parent))
    faults.check()
    return _config(path, read)


def _config(path: Path, read: Mapping[str, Any]) -> Config:
    paths, watch = read["paths"], read["watch"]
    base = path.resolve().parent
    home: Path = paths["home"] or base
    return Config(
        path=path,
        profile=read["profile"],
        home=home,
        site_dir=paths["site"] or home / "site",
        site_title=read["site"]["title"],
        site=SiteConfig(**{name: value for name, value in read["site"].items() if name != "title"}),
        disabled_plugins=frozenset(read["plugins"]["disabled"]),
        max_age_days=read["evidence"]["max_age_days"],
        host=read["host"],
        network=read["network"],
        smoke=read["smoke"],
        daemon=read["daemon"],
        sources={name: _source(table, base) for name, table in read["sources"].items()},
        pins=read["pins"],
        minimum_age_days=watch["minimum_age_days"],
        superseded=watch["superseded"],
        waivers=read["waivers"],
        trust=read["trust"],
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
