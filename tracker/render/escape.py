"""Makes Markdown of text that somebody else wrote.

Names, versions, notes and logs are hostile: none of them may become a tag, a link, a table cell or the end of a
fence. ``Md`` is text that is Markdown already; only this module turns ``str`` into it, apart from literals.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NewType
from urllib.parse import quote, urlsplit

Md = NewType("Md", str)
"""A piece of inline Markdown."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~#]")
_LINE_START = re.compile(r"^(?:[-+=:]|\d+[.)](?=\s|$))")
# What GitHub's viewer makes a link of without being asked; both stay as they are to any reader.
_LINKED = re.compile(r"(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
_FENCE = re.compile(r"^`{3,}")
_HEADING = re.compile(r"^(#{1,6}) +")
_SPACES = re.compile(r"\s+")
# What no reader can see, or what makes others see another order than the bytes have.
_DECEPTIVE = re.compile(
    "[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
_URL_SAFE = "/:?#@!$&'*+,;=%~-._"
_NOT_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")
_REMEMBERED = 1 << 14
"""The same names stand on thousands of pages."""


def visible(text: str) -> str:
    """Return ``text`` with what cannot be seen made visible; tabs and line feeds stay, other line ends become those."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _DECEPTIVE.sub("\N{REPLACEMENT CHARACTER}", unix.translate(_PICTURES))


@lru_cache(maxsize=_REMEMBERED)
def one_line(text: str) -> str:
    """Return ``text`` visible, on one line, every run of white space as one space."""
    return _SPACES.sub(" ", visible(text)).strip()


def for_xml(text: str) -> str:
    """Return ``text`` on one line, without the two letters of it that XML 1.0 does not allow."""
    return one_line(text).translate(_NOT_XML)


@lru_cache(maxsize=_REMEMBERED)
def text(words: str) -> Md:
    """Return Markdown that shows exactly ``words`` (on one line), wherever in a line it is put.

    Some viewers make links of bare addresses: those of the web are kept from it, those of mail cannot be.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", one_line(words)).replace("|", "&#124;")
    escaped = _LINKED.sub(r"\\\g<0>", escaped)
    return Md(_LINE_START.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", escaped))


@lru_cache(maxsize=_REMEMBERED)
def code(words: str) -> Md:
    """Return a code span that shows ``words`` (on one line); as plain text where a span could break a table."""
    flat = one_line(words)
    if not flat or "|" in flat:
        return text(flat)
    longest = max((len(run) for run in re.findall("`+", flat)), default=0)
    if not longest:
        return Md(f"`{flat}`")
    ticks = "`" * (longest + 1)
    return Md(f"{ticks} {flat} {ticks}")


def fence(words: str, language: str = "text") -> str:
    """Return a fenced block that shows ``words``; it is longer than any fence inside."""
    body = visible(words).strip("\n")
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{body}\n{ticks}"


def below(markdown: str, level: int) -> Md:
    """Return Markdown whose headings stand at least one below ``level``; what is in fences stays as it is."""
    closing = ""
    lines = []
    for line in markdown.splitlines():
        ticks = _FENCE.match(line)
        if ticks and not closing:
            closing = ticks[0]
        elif closing and line.strip() and set(line.strip()) == {"`"} and len(line.strip()) >= len(closing):
            closing = ""
        elif not closing and (found := _HEADING.match(line)):
            depth = min(6, max(len(found[1]) + level - 1, level + 1))
            lines.append(f"{'#' * depth} {line[found.end() :]}")
            continue
        lines.append(line)
    return Md("\n".join(lines).strip())


def external_link(label: Md, url: str) -> Md:
    """Return a link to ``url`` when it is an http or https address, else the label followed by the address as text."""
    flat = visible(url).strip()
    if not _is_web_address(flat):
        return Md(f"{label} ({code(flat)})") if flat else label
    return Md(f"[{label}](<{quote(flat, safe=_URL_SAFE)}>)")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not _SPACES.search(url)
