"""Every link inside of the published site leads to a file that is there, and every fragment to a place in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.render.hostile import hostile
from tracker.render import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World
    from tracker.render import Snapshot

ROOT = "http://site.invalid/"
IN_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
IN_MARKDOWN = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?\)")


class Targets(HTMLParser):
    """Where a document leads, what it loads, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.targets: list[str] = []
        self.places: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in {"href", "src", "xlink:href", "poster", "data", "action"}:
                self.targets.append(value or "")
            elif name == "srcset":
                self.targets += [part.split()[0] for part in (value or "").split(",")]
            elif name == "id":
                self.places.append(value or "")


def broken(site: Path) -> list[str]:
    """Return each link of the site that leads nowhere, with the file that holds it."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    documents = {
        name: Targets(path.read_text(encoding="utf-8"))
        for name, path in files.items()
        if path.suffix in {".html", ".svg"}
    }
    targets = {name: one.targets for name, one in documents.items()}
    for name, path in files.items():
        if path.suffix == ".css":
            targets[name] = ["".join(match) for match in IN_STYLES.findall(path.read_text(encoding="utf-8"))]
    return [
        f"{name}: {target}: {fault}"
        for name, found in targets.items()
        for target in found
        if (fault := _fault(name, target, files, documents))
    ]


def _fault(name: str, target: str, files: dict[str, Path], documents: dict[str, Targets]) -> str:
    whole = urljoin(ROOT + name, target)
    if not whole.startswith(ROOT):
        return "" if urlsplit(whole).scheme in {"http", "https"} else "no web address"
    parts = urlsplit(whole)
    file = unquote(parts.path.removeprefix("/")) or "index.html"
    if file not in files:
        return "no such file"
    if parts.fragment and file in documents and unquote(parts.fragment) not in documents[file].places:
        return "no such place"
    return ""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot) -> Path:
    folder = tmp_path_factory.mktemp("site")
    publish(snapshot, folder)
    return folder


def test_all_links_of_the_site_lead_somewhere(site: Path) -> None:
    assert broken(site) == []


def test_all_links_of_a_site_full_of_hostile_words_lead_somewhere(small_world: World, tmp_path: Path) -> None:
    publish(hostile(small_world.snapshot()), tmp_path)

    assert broken(tmp_path) == []


def test_no_place_has_its_name_twice(site: Path) -> None:
    for path in site.rglob("*.html"):
        places = Targets(path.read_text(encoding="utf-8")).places

        assert len(places) == len(set(places)), path


def test_a_link_that_leads_nowhere_would_have_been_found(site: Path, tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a { background: url('gone.png') }", encoding="utf-8")
    (tmp_path / "x.svg").write_text("<svg xmlns='x'><a href='y.html'/></svg>", encoding="utf-8")
    (tmp_path / "index.html").write_bytes((site / "method.html").read_bytes() + b"<a href='#gone'>x</a>")

    found = " ".join(broken(tmp_path))

    assert all(part in found for part in ("style.css: gone.png", "x.svg: y.html", "#gone: no such place"))


def test_links_of_the_markdown_lead_to_files(site: Path) -> None:
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    missing = [
        f"{name}: {target}"
        for name, path in files.items()
        if path.suffix == ".md"
        for target in IN_MARKDOWN.findall(path.read_text(encoding="utf-8"))
        if _fault(name, target, files, {})
    ]

    assert missing == []
