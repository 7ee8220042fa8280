"""What a published site holds, and where its links lead."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HTML_LINK = r'href="([^"]*)"'
MARKDOWN_LINK = r"\]\(<?([^)>\s]*)>?(?: \"[^\"]*\")?\)"


def _links(name: str, text: str) -> list[tuple[str, str, str]]:
    """Return the links of a page that stay in the site: as written, the file, the fragment."""
    found = []
    for target in re.findall(HTML_LINK if name.endswith(".html") else MARKDOWN_LINK, text):
        parts = urlsplit(target)
        if not parts.scheme:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            found.append((target, file if parts.path else name, parts.fragment))
    return found


class Inspector:
    """Reads a published site from the disk."""

    def content(self, site: Path) -> dict[str, bytes]:
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}

    def pages(self, site: Path) -> dict[str, bytes]:
        return {name: octets for name, octets in self.content(site).items() if not name.startswith(".")}

    def times(self, site: Path) -> dict[str, int]:
        return {path.as_posix(): path.stat().st_mtime_ns for path in site.rglob("*")}

    def broken_links(self, site: Path) -> list[str]:
        """Return the links that a reader meets on the way from the front pages and that lead nowhere."""
        files = self.pages(site)
        anchors = {name: set(re.findall(r' id="([^"]*)"', octets.decode())) for name, octets in files.items()}
        seen: set[str] = set()
        broken: list[str] = []
        waiting = ["index.html", "index.md"]
        while waiting:
            name = waiting.pop()
            if name in seen or not name.endswith((".html", ".md")):
                continue
            seen.add(name)
            for target, file, fragment in _links(name, files[name].decode()):
                waiting += [file] if file in files else []
                html = f"{file.removesuffix('.md')}.html" if file.endswith(".md") else file
                if file not in files or (fragment and html in files and fragment not in anchors[html]):
                    broken.append(f"{name}: {target}")
        return broken


@pytest.fixture(scope="session")
def inspect() -> Inspector:
    return Inspector()
