"""A project's page of a package index, as JSON or HTML, read into its files; no network.

The simple repository API: https://packaging.python.org/en/latest/specifications/simple-repository-api/ (read
2026-11-30), which holds PEP 503, 592, 629, 658, 691, 700, 714 and 792.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from tracker.api import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_JSON = "application/vnd.pypi.simple.v1+json"
_KNOWN_MAJOR = "1"
_HEX = {"sha256": 64, "sha384": 96, "sha512": 128}
_MOST_FILES = 100_000
_OF_A_PAGE = {"a", "body", "head", "html", "meta", "title"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """A file that the index offers.

    Attributes:
        name: file name.
        url: absolute, without fragment.
        digests: ``algorithm:hex`` of the algorithms that can be trusted, sorted.
        size: bytes; ``None`` where the index does not say.
        requires_python: which Pythons it is made for, as upstream writes it; empty for any.
        yanked: why it was taken back; empty text for no reason given, ``None`` where it was not.
        uploaded_at: aware UTC; ``None`` where the index does not say.
    """

    name: str
    url: str
    digests: tuple[str, ...] = ()
    size: int | None = None
    requires_python: str = ""
    yanked: str | None = None
    uploaded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """A project as one index shows it.

    Attributes:
        files: in the index's order.
        status: the project's own: ``active``, ``archived``, ``quarantined``, ``deprecated``.
    """

    files: tuple[IndexFile, ...]
    status: str = "active"


def read_page(body: bytes, content_type: str, url: str) -> IndexPage:
    """Return what a page offers.

    Args:
        body: of the answer.
        content_type: of the answer; empty for a file of this machine, which is HTML.
        url: that relative addresses count from.

    Raises:
        SourceError: it is no page of a package index, or one of an unknown version.
    """
    kind = content_type.partition(";")[0].strip().lower()
    return _read_json(body, url) if kind in {_JSON, "application/json"} else _read_html(body, url)


def _read_json(body: bytes, url: str) -> IndexPage:
    try:
        document: dict[str, Any] = json.loads(body)
        _check_version(str(document["meta"].get("api-version", "1.0")), url)
        files = tuple(_file_of(one, url) for one in document["files"][:_MOST_FILES])
        status = document.get("project-status") or {}
        return IndexPage(files=files, status=str(status.get("status", "active")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{url}: is no page of a package index: {type(error).__name__}: {error}"
        raise SourceError(message) from error


def _file_of(told: Mapping[str, Any], base: str) -> IndexFile:
    yanked = told.get("yanked", False)
    reason = yanked if isinstance(yanked, str) else ""
    return IndexFile(
        name=str(told["filename"]),
        url=_address(str(told["url"]), base)[0],
        digests=_digests({str(name): str(value) for name, value in told["hashes"].items()}),
        size=told["size"] if isinstance(told.get("size"), int) else None,
        requires_python=str(told.get("requires-python") or ""),
        yanked=reason if yanked else None,
        uploaded_at=_time(told.get("upload-time")),
    )


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.version = "1.0"
        self.status = "active"
        self.is_page = False
        self.anchors: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.is_page = self.is_page or tag in _OF_A_PAGE
        if tag == "a" and told.get("href"):
            self.anchors.append(told)
        elif tag == "base" and not self.base:
            self.base = told.get("href") or ""
        elif tag == "meta" and told.get("name") == "pypi:repository-version":
            self.version = told.get("content") or self.version
        elif tag == "meta" and told.get("name") == "pypi:project-status":
            self.status = told.get("content") or self.status


def _read_html(body: bytes, url: str) -> IndexPage:
    reader = _Anchors()
    reader.feed(body.decode("utf-8", "replace"))
    reader.close()
    if not reader.is_page:
        # A project without files is a page that says so; an answer that lost its content is none.
        message = f"{url}: is no page of a package index: there is no HTML in it"
        raise SourceError(message)
    _check_version(reader.version, url)
    base = urljoin(url, reader.base) if reader.base else url
    files = []
    for told in reader.anchors[:_MOST_FILES]:
        address, fragment = _address(told["href"] or "", base)
        name = unquote(urlsplit(address).path.rpartition("/")[2])
        algorithm, _, value = fragment.partition("=")
        yanked = (told["data-yanked"] or "") if "data-yanked" in told else None
        files.append(
            IndexFile(
                name=name,
                url=address,
                digests=_digests({algorithm: value}),
                requires_python=told.get("data-requires-python") or "",
                yanked=yanked,
            )
        )
    return IndexPage(files=tuple(files), status=reader.status)


def _check_version(told: str, url: str) -> None:
    if told.partition(".")[0] != _KNOWN_MAJOR:
        message = f"{url}: speaks version {told[:20]} of the simple API; this program reads {_KNOWN_MAJOR}.x"
        raise SourceError(message)


def _address(told: str, base: str) -> tuple[str, str]:
    """Return an absolute address without user, password and fragment, and the fragment."""
    address, fragment = urldefrag(urljoin(base, told))
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(), fragment


def _digests(told: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            f"{name}:{value.lower()}"
            for name, value in told.items()
            if re.fullmatch(rf"[0-9a-fA-F]{{{_HEX.get(name, 1)}}}", value) and name in _HEX
        )
    )


def _time(told: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at and at.astimezone(UTC)
