"""The tables of tracker.toml, each described in one module.

What stands here is all that the reader, the JSON Schema and ``tracker init`` know of them. A further table is a
module with a ``Table`` in it, a line here, and a field of ``Config``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.settings import Anything, Key, Named, Table, Text
from tracker.tables.daemon import DAEMON
from tracker.tables.network import NETWORK
from tracker.tables.paths import EVIDENCE, HOME_NAME, PATHS, PLUGINS
from tracker.tables.site import SITE
from tracker.tables.smoke import HOST, PLATFORMS, SMOKE
from tracker.tables.trust import TRUST
from tracker.tables.waivers import EXAMPLE, WAIVERS
from tracker.tables.watch import WATCH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["HOME_NAME", "PLATFORMS", "SCHEMA", "TOP"]

SCHEMA = 1


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
    Key("paths", PATHS, "Where things lie. Relative paths count from the directory of this file.", {}),
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
    Key("host", HOST, "Whose programs are run, where they are not this machine's own.", {}),
    Key("smoke", SMOKE, "How runs are executed.", {}),
    Key("watch", WATCH, "Which releases are tried, and what you know of pull requests.", {}),
    Key("evidence", EVIDENCE, "How long results count.", {}),
    Key("daemon", DAEMON, "When `tracker daemon` makes a pass.", {}),
    Key("network", NETWORK, "How other machines are reached.", {}),
    Key("site", SITE, "The published site.", {}),
    Key("trust", TRUST, "Whose evidence and verdicts count here.", {}),
    Key("plugins", PLUGINS, "What is loaded.", {}),
)


def _places(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return the one table in which a key stands, for whoever writes it at the top; names in two are left out."""
    names = [key.name for table in tables.values() for key in table.keys]
    return {key.name: name for name, table in tables.items() for key in table.keys if names.count(key.name) == 1}


TOP = Table(
    (
        Key("schema", _Version(), "The version of this file's form.", SCHEMA),
        Key("profile", Text(), "What is combined and tested; empty for the profile of this platform.", ""),
        *_TABLES,
        Key("waivers", WAIVERS, "Failures that you accept for a while, each with a reason.", [], example=EXAMPLE),
    ),
    elsewhere=_places({key.name: key.kind for key in _TABLES if isinstance(key.kind, Table)}),
)
