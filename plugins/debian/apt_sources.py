"""The entries of apt's source files, in both of their formats.

Formats as in sources.list(5), apt 2.6 to 3.0, read 2026-11-23. Only ``deb`` entries are told: sources are not run.
``trusted=yes`` is not honoured: what is run here is believed for its signature alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from debian.deb822 import Deb822

from tracker.api import ConfigError

from .apt_settings import truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FILE_NAME = re.compile(r"[A-Za-z0-9_:-][A-Za-z0-9_.:-]*\.(list|sources)")
_OPTIONS = re.compile(r"\[([^\]]*)\]")
_KEY_BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """Whose signature an entry must carry; all empty: anybody's whom the machine trusts.

    Attributes:
        keyrings: absolute paths of files with keys.
        fingerprints: upper-case; with ``!`` at the end only that very (sub)key counts.
        key_block: armored keys that the entry itself holds.
    """

    keyrings: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    key_block: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AptEntry:
    """One suite at one address.

    Attributes:
        uri: as written, without a slash at its end.
        suite: as written.
        components: as written; empty for an archive without suites.
        architectures: those it is limited to; empty when it is not.
        signed_by: whose signature it must carry.
        check_valid_until: the entry's own setting; ``None`` when it has none.
        check_date: likewise.
        file: where it is written.
    """

    uri: str
    suite: str
    components: tuple[str, ...]
    architectures: tuple[str, ...] = ()
    signed_by: SignedBy = field(default_factory=SignedBy)
    check_valid_until: bool | None = None
    check_date: bool | None = None
    file: str = ""


def read_entries(source_list: Path, source_parts: Path) -> tuple[AptEntry, ...]:
    """Return all enabled ``deb`` entries in apt's own order: the list, then the parts by name.

    Raises:
        ConfigError: a file cannot be read, or holds what apt does not understand either.
    """
    paths = [source_list] if source_list.is_file() else []
    if source_parts.is_dir():
        # apt ignores all other names, and so backups such as debian.sources.bak.
        named = (path for path in source_parts.iterdir() if _FILE_NAME.fullmatch(path.name) and path.is_file())
        paths += sorted(named, key=lambda path: path.name)
    return tuple(entry for path in paths for entry in _read(path))


def _read(path: Path) -> tuple[AptEntry, ...]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise ConfigError(message) from error
    parse = parse_deb822 if path.suffix == ".sources" else parse_one_line
    return tuple(parse(text, str(path)))


def parse_one_line(text: str, file: str) -> Iterator[AptEntry]:
    """Yield the entries of a ``.list`` file: ``deb [option=value ...] URI SUITE [COMPONENT ...]``."""
    for number, whole in enumerate(text.splitlines(), start=1):
        line = _without_comment(whole)
        where = f"{file}:{number}"
        words = line.split(maxsplit=1)
        if not words or words[0] != "deb":
            continue
        rest = words[1] if len(words) > 1 else ""
        options: dict[str, str] = {}
        if rest.startswith("["):
            told, bracket, rest = rest[1:].partition("]")
            if not bracket:
                raise _malformed(where, whole)
            options = _options(told)
        parts = rest.split()
        if len(parts) < 2 or (len(parts) == 2 and not parts[1].endswith("/")):  # noqa: PLR2004 - URI and suite
            raise _malformed(where, whole)
        yield _entry(parts[0], parts[1], tuple(parts[2:]), options, file)


def parse_deb822(text: str, file: str) -> Iterator[AptEntry]:
    """Yield the entries of a ``.sources`` file, one for each of a stanza's addresses and suites."""
    for stanza in Deb822.iter_paragraphs(text.splitlines(keepends=True), use_apt_pkg=False):
        fields = {name.lower(): str(value) for name, value in stanza.items()}
        if "deb" not in fields.get("types", "").split() or not truth(fields.get("enabled", ""), default=True):
            continue
        uris, suites = fields.get("uris", "").split(), fields.get("suites", "").split()
        components = tuple(fields.get("components", "").split())
        if not uris or not suites or (not components and not all(suite.endswith("/") for suite in suites)):
            raise _malformed(file, " ".join(f"{name}: {value}" for name, value in fields.items()))
        options = {
            "arch": fields.get("architectures", ""),
            "signed-by": fields.get("signed-by", ""),
            "check-valid-until": fields.get("check-valid-until", ""),
            "check-date": fields.get("check-date", ""),
        }
        for uri in uris:
            for suite in suites:
                yield _entry(uri, suite, components, options, file)


def _without_comment(line: str) -> str:
    """Return the line up to a ``#`` that is not inside brackets, as apt reads it."""
    held = _OPTIONS.search(line)
    mark = line.find("#")
    if held and held.start() < mark < held.end():
        mark = line.find("#", held.end())
    return (line if mark < 0 else line[:mark]).strip()


def _options(told: str) -> dict[str, str]:
    pairs = (word.partition("=") for word in told.split())
    return {name.lower(): value.strip('"') for name, _, value in pairs}


def _entry(uri: str, suite: str, components: tuple[str, ...], options: Mapping[str, str], file: str) -> AptEntry:
    return AptEntry(
        uri=uri.rstrip("/"),
        suite=suite,
        components=components,
        architectures=tuple(re.split(r"[\s,]+", options["arch"].strip())) if options.get("arch", "").strip() else (),
        signed_by=_signed_by(options.get("signed-by", "")),
        check_valid_until=_maybe(options.get("check-valid-until", "")),
        check_date=_maybe(options.get("check-date", "")),
        file=file,
    )


def _maybe(text: str) -> bool | None:
    return truth(text, default=True) if text.strip() else None


def _signed_by(text: str) -> SignedBy:
    if _KEY_BLOCK in text:
        lines = [line.strip() for line in text.strip().splitlines()]
        return SignedBy(key_block="\n".join("" if line == "." else line for line in lines))
    words = [word for word in re.split(r"[\s,]+", text) if word]
    return SignedBy(
        keyrings=tuple(word for word in words if word.startswith("/")),
        fingerprints=tuple(word.upper() for word in words if not word.startswith("/")),
    )


def _malformed(where: str, text: str) -> ConfigError:
    return ConfigError(f"{where}: is no entry that apt understands: {text.strip()[:200]}")
