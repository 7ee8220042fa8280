"""Versions that a page lists, found by an expression over its text or by a path into a JSON document; no network."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import jsonpath

from tracker.api import Asset, SourceError

from .text import beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .options import ListingOptions

_MOST_ENTRIES = 20_000
_LONGEST_VERSION = 200
_DIGESTS = {64: "sha256", 128: "sha512"}
_DIGEST = re.compile(r"(?i)(?:(sha-?256|sha-?512)[:=-])?([0-9a-f]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place where the page names a version; what it does not say is empty.

    Attributes:
        text: the version as it is written there.
        url: of a file, as it is written there.
        digest: of that file, as it is written there.
        date: as it is written there.
    """

    text: str
    url: str = ""
    digest: str = ""
    date: str = ""


@dataclass(slots=True, kw_only=True)
class Listed:
    """All that the page says of one version.

    Attributes:
        text: the version as it is written there.
        assets: its files, each address once, in the page's order.
        digests: those that the page tells without an address, each once.
        published_at: aware UTC time; ``None`` when none is told.
        remarks: what was set aside, each in a sentence.
    """

    text: str
    assets: list[Asset] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    published_at: datetime | None = None
    remarks: list[str] = field(default_factory=list)


def read_listing(text: str, options: ListingOptions, base: str) -> tuple[Listed, ...]:
    """Return the versions that a page lists, each once, in the page's order.

    Args:
        text: of the page.
        options: how they are found.
        base: address that relative ones count from.

    Raises:
        SourceError: the expression finds nothing there.
    """
    if options.pattern is not None:
        expression = options.pattern.pattern
        entries = _found_by_pattern(text, options.pattern)
    else:
        expression = str(options.query)
        entries = _found_by_query(text, options)
    found: dict[str, Listed] = {}
    for number, entry in enumerate(entries):
        if number >= _MOST_ENTRIES:
            message = f"{options.address.shown}: {expression} finds more than {_MOST_ENTRIES} versions"
            raise SourceError(message, hint="Make the expression narrower.")
        if len(entry.text) > _LONGEST_VERSION:
            message = f"{options.address.shown}: {expression} finds a version of {len(entry.text)} characters"
            raise SourceError(message, hint="Make the expression narrower.")
        _add(found.setdefault(entry.text, Listed(text=entry.text)), entry, base)
    if not found:
        message = f"{options.address.shown}: {expression} finds nothing there, which begins: {beginning(text)}"
        raise SourceError(message, hint="Has the page another form now? Then the expression must follow it.")
    return tuple(found.values())


def written_out(templates: tuple[str, ...], listed: Listed, *, version: str, base: str) -> list[Asset]:
    """Return the files that templates name for one version; a single one has the digest that the page tells."""
    urls = [urljoin(base, each.replace("{version}", version).replace("{tag}", listed.text)) for each in templates]
    digests = listed.digests if len(urls) == 1 else []
    if len(digests) > 1:
        return [_torn(_asset(urls[0], None))]
    return [_asset(url, digests[0] if digests else None) for url in dict.fromkeys(urls)]


def file_name(url: str) -> str:
    """Return the last part of an address's path."""
    path = urlsplit(url).path.rstrip("/")
    return unquote(path.rpartition("/")[2]) or url


def _found_by_pattern(text: str, pattern: re.Pattern[str]) -> Iterator[Entry]:
    for match in pattern.finditer(text):
        groups = {name: (value or "").strip() for name, value in match.groupdict().items()}
        if groups["version"]:
            known = {name: groups.get(name, "") for name in ("url", "digest", "date")}
            yield Entry(text=groups["version"], **known)


def _found_by_query(text: str, options: ListingOptions) -> Iterator[Entry]:
    shown = options.address.shown
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"{shown}: is no JSON: {error}; it begins: {beginning(text)}"
        raise SourceError(message) from error
    try:
        nodes = options.query.findall(document) if options.query is not None else []
    except (jsonpath.JSONPathError, RecursionError) as error:
        message = f"{shown}: {options.query} cannot be followed: {error}"
        raise SourceError(message) from error
    for node in nodes:
        if isinstance(node, str):
            version, known = node, {}
        else:
            version = _child(node, options.children.get("version", "version"))
            known = {name: _child(node, options.children.get(name, "")) for name in ("url", "digest", "date")}
        if version.strip():
            yield Entry(text=version.strip(), **known)


def _child(node: object, path: str) -> str:
    """Return the text or number below ``node`` that ``path`` names; empty when there is none."""
    if not path:
        return ""
    if isinstance(node, dict) and path in node:
        found = node[path]
        return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""
    first, dot, rest = path.partition(".")
    if not dot:
        return ""
    if isinstance(node, dict):
        return _child(node.get(first), rest)
    if isinstance(node, list) and first.isdecimal() and int(first) < len(node):
        return _child(node[int(first)], rest)
    return ""


def _add(listed: Listed, entry: Entry, base: str) -> None:
    if entry.date and listed.published_at is None:
        listed.published_at = read_time(entry.date)
        if listed.published_at is None:
            listed.remarks.append(f"{entry.text}: {beginning(entry.date, 60)!r} is no date that is understood.")
    digest = read_digest(entry.digest)
    if entry.digest and digest is None:
        listed.remarks.append(f"{entry.text}: {beginning(entry.digest, 60)!r} is no digest that is understood.")
    if not entry.url:
        if digest and digest not in listed.digests:
            listed.digests.append(digest)
        return
    url = urljoin(base, entry.url)
    if urlsplit(url).scheme not in {"http", "https", "file"}:
        listed.remarks.append(f"{entry.text}: {beginning(entry.url, 60)!r} is no address of a file.")
        return
    _add_file(listed, url, digest)


def _add_file(listed: Listed, url: str, digest: str | None) -> None:
    known = next((at for at, asset in enumerate(listed.assets) if asset.url == url), None)
    if known is None:
        listed.assets.append(_asset(url, digest))
    elif digest and listed.assets[known] != _asset(url, digest):
        # A page that names a file twice often tells its digest only once.
        other = listed.assets[known]
        listed.assets[known] = _asset(url, digest) if not (other.digest or other.further_digests) else _torn(other)


def _torn(asset: Asset) -> Asset:
    return Asset(name=asset.name, url=asset.url, distrust="the page tells two digests of it")


def _asset(url: str, digest: str | None) -> Asset:
    is_short = digest is not None and digest.startswith("sha256:")
    return Asset(
        name=file_name(url),
        url=url,
        digest=digest if is_short else None,
        further_digests=(digest,) if digest and not is_short else (),
    )


def read_digest(text: str) -> str | None:
    """Return ``"sha256:<hex>"`` or ``"sha512:<hex>"`` for a digest in any usual writing, else ``None``."""
    found = _DIGEST.fullmatch(text.strip())
    if not found or len(found[2]) not in _DIGESTS:
        return None
    algorithm = _DIGESTS[len(found[2])]
    if found[1] and found[1].lower().replace("-", "") != algorithm:
        return None
    return f"{algorithm}:{found[2].lower()}"


def read_time(text: str) -> datetime | None:
    """Return the aware UTC time of a date in ISO 8601 or as e-mail writes it; one without a zone counts as UTC."""
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            told = parsedate_to_datetime(text.strip())
        except ValueError:
            return None
    try:
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except OverflowError:
        return None
