"""The tracker.toml that ``init`` writes, and the schema that it writes for editors: both from one description."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from tracker.config import HOME_NAME, SCHEMA
from tracker.passes.known_names import narrowed_table, source_tables
from tracker.settings import REQUIRED, Key, Table, Tables
from tracker.tables import TOP
from tracker.watch.places import watched_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.passes.workplace import Workplace

SCHEMA_NAME = "tracker.schema.json"
_WIDTH = 110
_HEAD = f"""#:schema ./{SCHEMA_NAME}
# What tracker watches and tests on this machine. "# " begins an explanation; "#" without a space begins a setting with
# its default: take the # away, and change it. Relative paths count from the directory of this file.
# An editor that knows TOML schemas (Taplo, Even Better TOML) completes and checks it by {SCHEMA_NAME};
# `tracker init --schema` writes that again, after an update or with another plugin.
"""


def starter_config(place: Workplace) -> str:
    """Return a commented tracker.toml for the profile: what is set is what a person most likely changes."""
    written = {"schema": str(SCHEMA), "profile": json.dumps(place.profile.name)}
    top = [
        _setting(key, written) for key in TOP.keys if not isinstance(key.kind, Table) and key.name not in _BY_PROFILE
    ]
    tables = [_table(key, place) for key in TOP.keys if isinstance(key.kind, Table) or key.name in _BY_PROFILE]
    return "\n".join([_HEAD, *top, *tables])


def editor_schema(place: Workplace) -> str:
    """Return the JSON Schema (draft 7) of tracker.toml, with the plugins and the profile of ``place``."""
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"tracker.toml with the profile {place.profile.name}",
        **narrowed_table(place.registry, place.profile).schema(),
    }
    return json.dumps(document, indent=2) + "\n"


_BY_PROFILE = ("sources", "pins")


def _table(key: Key, place: Workplace) -> str:
    if key.name == "sources":
        return _sources(key, place)
    if key.name == "pins":
        examples = [f'{factor.name} = "..."' for factor in place.profile.factors]
        return "\n".join([*_prose(key.sentence), "[pins]", *_example("\n".join(examples)), ""])
    written = {"home": json.dumps(HOME_NAME)} if key.name == "paths" else {}
    return _written_table(key, key.name, written)


def _written_table(key: Key, name: str, written: Mapping[str, str]) -> str:
    """Return a table with its keys, and then the tables inside it, as TOML wants them."""
    keys: tuple[Key, ...] = key.kind.keys  # type: ignore[attr-defined]
    single = [_setting(one, written) for one in keys if not isinstance(one.kind, Table)]
    inner = [_written_table(one, f"{name}.{one.name}", {}) for one in keys if isinstance(one.kind, Table)]
    return "\n".join([*_prose(key.sentence), f"[{name}]", *single, *inner])


def _sources(key: Key, place: Workplace) -> str:
    """Return the tables of the sources that the profile watches, with what the profile says of them."""
    profile = place.profile
    watched = watched_places([place.registry.components[name] for name in profile.component_names])
    parts = ["\n".join([*_prose(key.sentence), *(f"# {line}" for line in profile.advice), ""])]
    for described in source_tables(place.registry).keys:
        options: Mapping[str, object] = profile.source_options.get(described.name, {})
        keys = [one for one in described.kind.keys if not one.is_old]  # type: ignore[attr-defined]
        if described.name in watched and keys:
            written = {name: json.dumps(value) for name, value in options.items()}
            parts.append("\n".join([f"[sources.{described.name}]", *(_setting(one, written) for one in keys)]))
    return "\n".join(parts)


def _setting(key: Key, written: Mapping[str, str]) -> str:
    """Return one key: its sentence, and its value, commented out where it is the default."""
    lines = [*_prose(key.sentence), *_example(key.example)]
    if key.name in written:
        lines.append(f"{key.name} = {written[key.name]}")
    elif key.default is not REQUIRED and key.default is not None and not isinstance(key.kind, Tables):
        lines.append(f"#{key.name} = {json.dumps(key.default)}")
    return "\n".join([*lines, ""])


def _prose(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def _example(text: str) -> list[str]:
    return [f"#     {line}" for line in text.splitlines()]
