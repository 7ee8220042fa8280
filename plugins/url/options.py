"""The options of a component that is watched at an address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote, urlsplit, urlunsplit

import jsonpath

from tracker.api import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.api import Component

_NAMED = "named."
_FILE_NAMES = frozenset({"keep_text", "kind", "max_kb", "name", "url"})
_JSON_CHILDREN = ("json_date", "json_digest", "json_url", "json_version")
_LISTING_NAMES = frozenset({"asset", "json_versions", "keeps_old", "kind", "max_kb", "pattern", "url", *_JSON_CHILDREN})
_USUAL_KB = 1024
_MOST_KB = 64 * 1024
_PLACEHOLDERS = frozenset({"version", "tag"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Only what the standard has: an expression then means the same to every other reader of it.
_JSON = jsonpath.JSONPathEnvironment(strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to ask.

    Attributes:
        url: as written, without its fragment.
        shown: the same without the values of its query, which may be secret.
        max_bytes: the longest answer that is taken.
    """

    url: str
    shown: str
    max_bytes: int

    @property
    def name(self) -> str:
        """The same on every day, and another one for another address."""
        query = urlsplit(self.url).query
        mark = f"?{hashlib.sha256(query.encode()).hexdigest()[:8]}" if query else ""
        return self.shown.partition("?")[0] + mark

    @property
    def file_name(self) -> str:
        """The last part of the path, as people say it."""
        path = urlsplit(self.url).path.rstrip("/")
        return unquote(path.rpartition("/")[2]) or self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """How the content of a file is watched.

    Attributes:
        address: where it lies.
        name: what people call it.
        named: what a version is of, and the expression whose group ``version`` finds it.
        keeps_text: whether the text itself is kept.
    """

    address: Address
    name: str
    named: tuple[tuple[str, re.Pattern[str]], ...]
    keeps_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingOptions:
    """How versions are read out of a page.

    Attributes:
        address: where it lies.
        pattern: finds versions in the text; ``None`` when ``query`` does.
        query: finds versions in a JSON document; ``None`` when ``pattern`` does.
        children: for what a found object's child holds, and the child's name.
        assets: addresses of a version's files, relative or not, with ``{version}`` and ``{tag}`` in them.
        keeps_old: whether a version that is listed no more was withdrawn.
    """

    address: Address
    pattern: re.Pattern[str] | None
    query: jsonpath.JSONPath | jsonpath.CompoundJSONPath | None
    children: Mapping[str, str]
    assets: tuple[str, ...]
    keeps_old: bool


def read_options(component: Component) -> FileOptions | ListingOptions:
    """Return what the component's options say.

    Raises:
        ConfigError: a value is not allowed; the message names component, option and value.
    """
    reader = _Reader(component)
    kind = component.options.get("kind", "")
    if kind not in {"file", "listing"}:
        reader.refuse("kind", kind, 'must be "file" (watch the content) or "listing" (read versions from it)')
    return reader.file() if kind == "file" else reader.listing()


class _Reader:
    def __init__(self, component: Component) -> None:
        self._component = component
        self._options = component.options

    def file(self) -> FileOptions:
        self._check_names(_FILE_NAMES, f"{_NAMED}WHAT")
        address = self._address()
        named = [(name.removeprefix(_NAMED), name) for name in self._options if name.startswith(_NAMED)]
        return FileOptions(
            address=address,
            name=self._options.get("name", "") or address.file_name,
            named=tuple((what, self._expression(name)) for what, name in sorted(named)),
            keeps_text=self._yes_or_no("keep_text", default=False),
        )

    def listing(self) -> ListingOptions:
        self._check_names(_LISTING_NAMES)
        has_pattern, has_query = bool(self._options.get("pattern")), bool(self._options.get("json_versions"))
        if has_pattern == has_query:
            message = f"component {self._component.name}: exactly one of pattern and json_versions must be set"
            raise ConfigError(message, hint="One of them says how versions are found in the page.")
        for name in _JSON_CHILDREN:
            if has_pattern and name in self._options:
                self.refuse(name, self._options[name], "has no meaning beside pattern: use groups of the pattern")
        return ListingOptions(
            address=self._address(),
            pattern=self._expression("pattern") if has_pattern else None,
            query=self._query("json_versions") if has_query else None,
            children={name.removeprefix("json_"): self._options[name] for name in _JSON_CHILDREN if self._get(name)},
            assets=self._templates("asset"),
            keeps_old=self._yes_or_no("keeps_old", default=True),
        )

    def refuse(self, name: str, value: str, fault: str, hint: str = "", cause: Exception | None = None) -> NoReturn:
        message = f"component {self._component.name}: {name} = {value!r}: {fault}"
        raise ConfigError(message, hint=hint) from cause

    def _get(self, name: str) -> str:
        return self._options.get(name, "")

    def _check_names(self, known: frozenset[str], *more: str) -> None:
        for name in self._options:
            if name not in known and not (more and name.startswith(_NAMED) and name != _NAMED):
                allowed = ", ".join((*sorted(known), *more))
                self.refuse(name, self._get(name), f"is no option of this kind (known: {allowed})")

    def _address(self) -> Address:
        text = self._get("url").strip()
        try:
            parts = urlsplit(text)
            has_user = parts.username is not None or parts.password is not None
        except ValueError as error:
            self.refuse("url", "...", f"cannot be read: {error}", cause=error)
        if has_user:
            self.refuse("url", "...", "holds a user name or a password, which would be shown to everybody")
        if not (parts.scheme == "file" or (parts.scheme in {"http", "https"} and parts.hostname)):
            self.refuse("url", text, "must be an address that starts with https:, http: or file:")
        query = "&".join(f"{pair.partition('=')[0]}=..." for pair in parts.query.split("&")) if parts.query else ""
        return Address(
            url=urlunsplit(parts._replace(fragment="")),
            shown=urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")),
            max_bytes=self._max_kb() << 10,
        )

    def _max_kb(self) -> int:
        text = self._get("max_kb") or str(_USUAL_KB)
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_KB):
            self.refuse("max_kb", text, f"must be a number from 1 to {_MOST_KB}")
        return int(text[:9])

    def _yes_or_no(self, name: str, *, default: bool) -> bool:
        text = self._options.get(name, "yes" if default else "no")
        if text not in {"yes", "no"}:
            self.refuse(name, text, 'must be "yes" or "no"')
        return text == "yes"

    def _expression(self, name: str) -> re.Pattern[str]:
        text = self._get(name)
        try:
            pattern = re.compile(text, re.MULTILINE)
        except (re.error, OverflowError, RecursionError) as error:
            at = getattr(error, "pos", None)
            where = f" at character {at + 1}" if at is not None else ""
            fault = f"is no regular expression{where}: {getattr(error, 'msg', error)}"
            self.refuse(name, text, fault, cause=error)
        if "version" not in pattern.groupindex:
            self.refuse(name, text, "has no group called version", "Write (?P<version>...) around the version.")
        return pattern

    def _query(self, name: str) -> jsonpath.JSONPath | jsonpath.CompoundJSONPath:
        text = self._get(name)
        try:
            return _JSON.compile(text)
        except jsonpath.JSONPathError as error:
            at = getattr(getattr(error, "token", None), "index", None)
            # The library tells -1 for the end of the expression.
            where = "" if at is None else f" at character {at + 1 if at >= 0 else len(text) + 1}"
            fault = f"is no JSONPath (RFC 9535){where}: {error.args[0] if error.args else error}"
            self.refuse(name, text, fault, cause=error)

    def _templates(self, name: str) -> tuple[str, ...]:
        templates = tuple(self._get(name).split())
        for template in templates:
            for placeholder in _PLACEHOLDER.findall(template):
                if placeholder not in _PLACEHOLDERS:
                    self.refuse(name, template, f"holds {{{placeholder}}}; known are {{version}} and {{tag}}")
        return templates
