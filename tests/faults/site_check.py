"""Whether a site on the disk is whole: every page ends, and every link of a page leads to one."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HTML_LINK = re.compile(r'href="([^"]*)"')
_MARKDOWN_LINK = re.compile(r"\]\(<?([^)>]*)>?\)")


def broken_promises(site: Path) -> Iterator[str]:
    """Yield what a reader who comes in by the front page would stumble over; nothing where there is no site yet."""
    for front in ("index.html", "index.md"):
        if (site / front).exists():
            yield from _walk(site, front)
    for name in ("matrix.json", "health.json"):
        if (site / name).exists():
            try:
                json.loads((site / name).read_bytes())
            except ValueError as error:
                yield f"{name} is not whole: {error}"


def _walk(site: Path, front: str) -> Iterator[str]:
    seen, waiting = {front}, [front]
    while waiting:
        name = waiting.pop()
        text = (site / name).read_text(encoding="utf-8")
        if not text.rstrip().endswith("</html>" if name.endswith(".html") else ")"):
            yield f"{name} is cut off"
        for target in (_HTML_LINK if name.endswith(".html") else _MARKDOWN_LINK).findall(text):
            parts = urlsplit(target)
            if parts.scheme or not parts.path:
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            if not (site / file).is_file():
                yield f"{name} links to {file}, which is not there"
            elif file not in seen and file.endswith((".html", ".md")):
                seen.add(file)
                waiting.append(file)
