"""What publishing remembers of the site as it left it: which files are its own, and what they were made from.

It lies in the site's directory under a name that web servers do not list, and is itself no page. A manifest that is
missing or damaged costs time, never correctness: every file is then made and compared again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import stat_result

NAME = ".tracker-site.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A published file.

    Attributes:
        key: digest of what it was made from, or of its content.
        size: bytes.
        mtime_ns: when it was written, as the file system tells it.
    """

    key: str
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, key: str, stat: stat_result) -> Entry:
        """Return the entry of a file with ``stat``."""
        return cls(key, stat.st_size, stat.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What publishing remembers.

    Attributes:
        files: the published files, by path relative to the site's root, with ``/``.
        gone: pages that were here, by path without suffix, each with the day since when they are not (ISO 8601).
    """

    files: Mapping[str, Entry] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the bytes of the manifest's file, the same for the same files."""
        files = {name: [entry.key, entry.size, entry.mtime_ns] for name, entry in sorted(self.files.items())}
        document = {"schema": SCHEMA, "gone": dict(sorted(self.gone.items())), "files": files}
        # On one line: with indentation it takes ten times as long, at every pass.
        return f"{json.dumps(document)}\n".encode("ascii")

    @classmethod
    def decode(cls, content: bytes | None) -> Manifest:
        """Return what ``content`` says; an empty manifest when it is missing, damaged or of another schema."""
        try:
            document = json.loads(content or b"")
            if document["schema"] != SCHEMA:
                return cls()
            files = {
                name: Entry(str(key), int(size), int(mtime)) for name, (key, size, mtime) in document["files"].items()
            }
            gone = {path: date.fromisoformat(day).isoformat() for path, day in document.get("gone", {}).items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()
        return cls(
            {name: entry for name, entry in files.items() if _is_inside(name)},
            {path: day for path, day in gone.items() if _is_inside(path)},
        )


def _is_inside(name: str) -> bool:
    """A manifest that somebody edited must not make publishing remove a file elsewhere."""
    return bool(name) and not any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in name.split("/"))
