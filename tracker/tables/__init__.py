"""The tables of tracker.toml, each described in one module.

What stands here is all that the reader, the JSON Schema and ``tracker init`` know of them. A further table is a
module with a ``Table`` in it, a line here, and a field of ``Config``. A table is loaded when the file has it: most
files have few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.configured import SCHEMA
from tracker.settings import Anything, Key, Later, Named, Table, Text

if TYPE_CHECKING:
    from typing import Any

__all__ = ["SCHEMA", "TOP"]


class _Version:
    """The version of the file's own form."""

    words = str(SCHEMA)

    def read(self, value: object, place: Any) -> int:  # noqa: ANN401 - as ``Kind``
        """Return it."""
        if isinstance(value, bool) or value != SCHEMA:
            place.refuse(value, self.words, "This file was written for another version of tracker.")
        return SCHEMA

    def schema(self) -> dict[str, Any]:
        """Return the one number."""
        return {"type": "integer", "const": SCHEMA}


_TABLES = (
    Key(
        "paths",
        Later("tracker.tables.paths", "PATHS"),
        "Where things lie. Relative paths count from the directory of this file.",
        {},
    ),
    Key(
        "sources",
        Named(of=Anything()),
        "How upstreams are asked; each source has a table and options of its own.",
        {},
    ),
    Key(
        "pins",
        Named(of=Text()),
        "The versions that you use now, by factor: tested first, and what `tracker check` asks about.",
        {},
    ),
    Key(
        "host",
        Later("tracker.tables.smoke", "HOST"),
        "Whose programs are run, where they are not this machine's own.",
        {},
    ),
    Key("smoke", Later("tracker.tables.smoke", "SMOKE"), "How runs are executed.", {}),
    Key(
        "watch",
        Later("tracker.tables.watch", "WATCH"),
        "Which releases are tried, and what you know of pull requests.",
        {},
    ),
    Key("evidence", Later("tracker.tables.paths", "EVIDENCE"), "How long results count.", {}),
    Key("daemon", Later("tracker.tables.daemon", "DAEMON"), "When `tracker daemon` makes a pass.", {}),
    Key("network", Later("tracker.tables.network", "NETWORK"), "How other machines are reached.", {}),
    Key("site", Later("tracker.tables.site", "SITE"), "The published site, and where it goes.", {}),
    Key("trust", Later("tracker.tables.trust", "TRUST"), "Whose evidence and verdicts count here.", {}),
    Key("plugins", Later("tracker.tables.paths", "PLUGINS"), "What is loaded.", {}),
)


_EXAMPLE = """[[waivers]]
pins = { FACTOR = "VERSION", OTHER = "VERSION" }
reason = "We do not use the two together."
until = 2026-12-31"""


def _places() -> dict[str, str]:
    """Return the one table in which a key stands, for whoever writes it at the top; names in two are left out."""
    tables = {key.name: key.kind for key in _TABLES if isinstance(key.kind, Table)}
    names = [key.name for table in tables.values() for key in table.keys]
    return {key.name: name for name, table in tables.items() for key in table.keys if names.count(key.name) == 1}


TOP = Table(
    (
        Key("schema", _Version(), "The version of this file's form.", SCHEMA),
        Key("profile", Text(), "What is combined and tested; empty for the profile of this platform.", ""),
        *_TABLES,
        Key(
            "waivers",
            Later("tracker.tables.waivers", "WAIVERS"),
            "Failures that you accept for a while, each with a reason.",
            [],
            example=_EXAMPLE,
        ),
    ),
    elsewhere=_places,
)
