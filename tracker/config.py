"""tracker.toml: what a person decides, read into an immutable value.

Every error names the file, the key, the value and what is allowed, with the nearest match for a misspelt key.
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
    SmokeConfig,
    Superseded,
    TrustConfig,
)
from tracker.errors import ConfigError
from tracker.model import Basis, Succession
from tracker.protocols import NetworkSettings
from tracker.signing import PUBLIC_KEY
from tracker.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "tracker.toml"
HOME_NAME = "tracker-data"
SCHEMA = 1


PLATFORMS = ("linux", "windows")
_TABLES = (
    *("daemon", "evidence", "host", "network", "paths", "pins", "plugins", "site", "smoke", "sources", "trust"),
    "watch",
)

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
        ConfigError: it cannot be read, is no TOML, or holds a key or value that is not allowed.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise ConfigError(message, hint="Write one with `tracker init`.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: is no valid TOML: {error}"
        raise ConfigError(message) from error
    return _Reader(path, document).config()


class _Reader:
    def __init__(self, path: Path, document: Mapping[str, Any]) -> None:
        self._path = path
        self._document = document
        self._top = TomlTable(path, "", document, ("schema", "profile", "waivers", *_TABLES))

    def _sub(self, name: str, *keys: str) -> TomlTable:
        return TomlTable(self._path, name, self._document.get(name, {}), keys)

    def config(self) -> Config:
        schema = self._document.get("schema", SCHEMA)
        if schema != SCHEMA:
            message = f"{self._path}: schema = {schema!r}: must be {SCHEMA}"
            raise ConfigError(message, hint="This file was written for another version of tracker.")
        paths = self._sub("paths", "home", "site")
        base = self._path.resolve().parent
        home = (base / Path(paths.text("home", HOME_NAME)).expanduser()).resolve()
        site = paths.text("site", "")
        return Config(
            path=self._path,
            profile=self._top.text("profile", ""),
            home=home,
            site_dir=(base / Path(site).expanduser()).resolve() if site else home / "site",
            site_title=self._sub("site", "title").text("title", DEFAULT_TITLE),
            disabled_plugins=frozenset(self._sub("plugins", "disabled").texts("disabled")),
            max_age_days=self._sub("evidence", "max_age_days").number("max_age_days", 90.0, least=0.01),
            host=self._host(),
            network=self._network(base),
            smoke=self._smoke(),
            daemon=self._daemon(),
            sources=self._sources(),
            pins=self._pins(),
            minimum_age_days=self._watch().number("minimum_age_days", 0.0, least=0),
            superseded=self._superseded(),
            waivers=self._waivers(),
            trust=self._trust(),
        )

    def _host(self) -> HostConfig:
        table = self._sub("host", "platform", "launcher")
        platform, launcher = table.text("platform", ""), table.text("launcher", "")
        if platform and platform not in PLATFORMS:
            message = f"{self._path}: host.platform = {platform!r}: must be one of {', '.join(PLATFORMS)}"
            raise ConfigError(message)
        if launcher and not platform:
            message = f"{self._path}: host.launcher = {launcher!r}: needs host.platform, whose programs it runs"
            raise ConfigError(message, hint='For Wine: platform = "windows".')
        return HostConfig(platform=platform, launcher=launcher)

    def _watch(self) -> TomlTable:
        return self._sub("watch", "minimum_age_days", "superseded")

    def _superseded(self) -> tuple[Superseded, ...]:
        keys = ("repository", "number", "by", "reason", "url")
        tables = [
            TomlTable(self._path, f"watch.superseded[{place}]", one, keys)
            for place, one in enumerate(self._watch().tables("superseded"))
        ]
        return tuple(
            Superseded(
                repository=one.needed("repository"),
                number=one.whole("number", least=1),
                succession=Succession(
                    number=one.whole("by", least=1),
                    basis=Basis.PERSON,
                    reason=one.needed("reason"),
                    url=one.text("url", ""),
                ),
            )
            for one in tables
        )

    def _waivers(self) -> tuple[ConfiguredWaiver, ...]:
        keys = ("pins", "capability", "reason", "url", "until", "closes_after")
        tables = [
            TomlTable(self._path, f"waivers[{place}]", one, keys)
            for place, one in enumerate(self._top.tables("waivers"))
        ]
        return tuple(
            ConfiguredWaiver(
                pins=self._waived(one.table("pins")),
                capability=one.text("capability", ""),
                reason=one.needed("reason"),
                url=one.text("url", ""),
                until=one.day("until"),
                closes_after=int(one.number("closes_after", 3, least=1)),
            )
            for one in tables
        )

    def _waived(self, pins: Mapping[str, Any]) -> Mapping[str, str]:
        table = TomlTable(self._path, "waivers.pins", pins, tuple(pins))
        if not pins:
            message = f"{self._path}: waivers: a waiver without pins would accept every failure"
            raise ConfigError(message, hint='Name what it is about: pins = { FACTOR = "VERSION" }')
        return {name: table.needed(name) for name in pins}

    def _trust(self) -> TrustConfig:
        table = self._sub("trust", "name", "keys", "accept_unsigned")
        keys = table.table("keys")
        named = TomlTable(self._path, "trust.keys", keys, tuple(keys))
        return TrustConfig(
            name=table.text("name", ""),
            keys={name: named.fitting(name, PUBLIC_KEY, "a key as `tracker key` prints it") for name in keys},
            accept_unsigned=table.truth("accept_unsigned", default=False),
        )

    def _network(self, base: Path) -> NetworkSettings:
        table = self._sub("network", "offline", "proxy", "ca_file", "timeout_seconds")
        ca_file = table.text("ca_file", "")
        found = (base / Path(ca_file).expanduser()).resolve() if ca_file else None
        if found is not None and not found.is_file():
            message = f"{self._path}: network.ca_file = {ca_file!r}: there is no such file"
            raise ConfigError(message)
        return NetworkSettings(
            offline=table.truth("offline", default=False),
            proxy=table.text("proxy", ""),
            ca_file=found,
            timeout_seconds=table.number("timeout_seconds", 60.0, least=0.1),
        )

    def _smoke(self) -> SmokeConfig:
        table = self._sub("smoke", "lanes", "budget_jobs", "budget_minutes", "spare_jobs", "retry_after_minutes")
        return SmokeConfig(
            lanes=int(table.number("lanes", 0, least=0)),
            budget_jobs=int(table.number("budget_jobs", 500, least=0)),
            budget_minutes=table.number("budget_minutes", 0.0, least=0),
            spare_jobs=int(table.number("spare_jobs", 6, least=0)),
            retry_after_minutes=table.number("retry_after_minutes", 30.0, least=0),
        )

    def _daemon(self) -> DaemonConfig:
        table = self._sub("daemon", "interval_minutes", "jitter_minutes")
        return DaemonConfig(
            interval_minutes=table.number("interval_minutes", 60.0, least=0.01),
            jitter_minutes=table.number("jitter_minutes", 5.0, least=0),
        )

    def _sources(self) -> Mapping[str, Mapping[str, object]]:
        tables = self._top.table("sources")
        whole = TomlTable(self._path, "sources", tables, tuple(tables))
        return {name: self._source(whole.table(name)) for name in tables}

    def _source(self, table: Mapping[str, object]) -> Mapping[str, object]:
        """Return a source's options; a file that one names counts from the directory of tracker.toml."""
        base = self._path.resolve().parent
        return {
            name: str(base / Path(value).expanduser()) if name.endswith("_file") and isinstance(value, str) else value
            for name, value in table.items()
        }

    def _pins(self) -> Mapping[str, str]:
        pins = self._top.table("pins")
        table = TomlTable(self._path, "pins", pins, tuple(pins))
        return {factor: table.text(factor, "") for factor in pins}
