"""What a bundle says: which files it holds, and what the sources saw. Pure.

What comes in is hostile: everything is decoded strictly and bounded. The manifest names size and digest of all else,
so that one signature over it holds for the whole bundle.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tracker.errors import StoreError
from tracker.model import SIGHTING_KINDS, Change, Release, Sighting

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "bundle/1"
MANIFEST, SIGNATURE = "bundle.json", "bundle.json.sig"
EVIDENCE, KNOWLEDGE = "evidence.jsonl", "knowledge.jsonl"
MOST_MANIFEST_BYTES = 32_000_000
MOST_KNOWLEDGE_BYTES = 500_000_000
_TOLERATED = timedelta(days=1)

_Name = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
_Word = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]+$")]
_Text = Annotated[str, Meta(max_length=1_000_000)]
_At = Annotated[datetime, Meta(tz=True)]


class Entry(Struct, frozen=True, kw_only=True):
    """One file of a bundle."""

    name: Annotated[
        str, Meta(pattern=r"^((evidence|knowledge)\.jsonl|files/(sha256/[0-9a-f]{64}|sha512/[0-9a-f]{128}))$")
    ]
    size: Annotated[int, Meta(ge=0, le=1 << 40)]
    digest: Annotated[str, Meta(pattern=r"^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$")]


class Manifest(Struct, frozen=True, kw_only=True):
    """Whose bundle of which profile it is, and all files in it, in their order."""

    schema: str
    profile: _Word
    origin: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
    bundled_at: _At
    entries: Annotated[tuple[Entry, ...], Meta(max_length=100_000)]


class Seen(Struct, frozen=True, kw_only=True):
    """What one target of a source showed at its last look that succeeded, and what became of it before."""

    source: _Word
    target: _Name
    title: _Name
    looked_at: _At
    cursor: _Text
    offered: tuple[Release, ...]
    sightings: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]

    def shown(self) -> tuple[Sighting, ...]:
        """Return what it showed besides releases.

        Raises:
            ValueError: one of them is none.
        """
        found: list[Sighting] = []
        for one in self.sightings:
            kind = SIGHTING_KINDS.get(one.get("kind", ""))
            if kind is None:
                message = f"{str(one.get('kind'))[:100]!r} is no kind of sighting"
                raise ValueError(message)
            found.append(msgspec.convert({name: value for name, value in one.items() if name != "kind"}, kind))
        return tuple(found)


def told_sightings(shown: Sequence[Sighting]) -> tuple[dict[str, Any], ...]:
    """Return sightings as ``Seen`` holds them."""
    return tuple({"kind": one.place[0], **msgspec.to_builtins(one)} for one in shown)


def to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest's file."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read_manifest(data: bytes, name: str) -> Manifest:
    """Return what the manifest of the bundle ``name`` says.

    Raises:
        StoreError: it is none, or of another version.
    """
    try:
        schema = msgspec.json.decode(data, type=dict[str, object]).get("schema")
        if schema == SCHEMA:
            found = msgspec.json.decode(data, type=Manifest)
            _check_names(found)
            return found
    except (msgspec.DecodeError, RecursionError, UnicodeError, ValueError) as error:
        message = f"{name}: is no bundle of tracker ({error})"
        raise StoreError(message, hint="`tracker bundle FILE` writes one.") from error
    message = f"{name}: is of schema {schema!r}, this program reads {SCHEMA}"
    raise StoreError(message, hint="It was written by another version of tracker.")


def _check_names(manifest: Manifest) -> None:
    names = [one.name for one in manifest.entries]
    if len(set(names)) != len(names) or names[:2] != [EVIDENCE, KNOWLEDGE]:
        message = "its files are not those of a bundle"
        raise ValueError(message)
    for one in manifest.entries[2:]:
        if one.name != f"files/{one.digest.replace(':', '/')}":
            message = f"{one.name} is not named by its digest"
            raise ValueError(message)


def to_lines(seen: Sequence[Seen]) -> bytes:
    """Return the file that tells what the sources saw, a line for each target."""
    return b"".join(msgspec.json.encode(one) + b"\n" for one in seen)


def from_lines(data: bytes, name: str, *, now: datetime) -> tuple[Seen, ...]:
    """Return what the sources saw.

    Args:
        data: the file.
        name: what errors call it.
        now: aware UTC; what was seen a day later than this, or more, is refused.

    Raises:
        StoreError: a line is not what it should be.
    """
    found: list[Seen] = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            one = msgspec.json.decode(line, type=Seen)
            one.shown()
            times = [one.looked_at, *(each.observed_at for each in one.changes)]
            if any(each.tzinfo is None or each > now + _TOLERATED for each in times):
                message = "it was seen in the future: is one of the two clocks wrong?"
                raise ValueError(message)  # noqa: TRY301 - told like every other fault of the line
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeError, ValueError) as error:
            message = f"{name}:{number}: tells of no target ({error})"
            raise StoreError(message, hint="Nothing was taken over. Ask for the file again.") from error
        found.append(one)
    return tuple(found)
