"""What an upstream, a log or a host says is shown by a real browser, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from tests.render.hostile import WORDS

if TYPE_CHECKING:
    from tests.render.browser.conftest import Browser, Site

PHONE = (390, 844)
FOUND = """
const all = [...document.querySelectorAll("*")];
const own = new Set(["alt", "aria-current", "aria-label", "autocomplete", "class", "content", "charset", "defer", "for",
  "height", "href", "http-equiv", "id", "lang", "name", "rel", "role", "scope", "src", "start", "tabindex", "title",
  "type", "value", "width"]);
return {
  ran: window.ran || 0,
  title: document.title,
  frame: [...document.body.children].map((one) => one.tagName).join(" "),
  tags: [...new Set(all.map((one) => one.tagName.toLowerCase()))],
  scripts: [...document.scripts].map((one) => [one.getAttribute("src"), one.textContent]),
  attributes: all.flatMap((one) => [...one.attributes].map((two) => two.name)).filter((one) => !own.has(one)),
  links: [...document.links].map((one) => [one.getAttribute("href"), one.rel, one.className]),
  pictures: [...document.images].map((one) => one.getAttribute("src")),
  headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((one) => one.textContent),
  cells: [...document.querySelectorAll("table")].flatMap((table) => [...table.rows].map(
    (row) => row.cells.length - table.rows[0].cells.length)).filter(Boolean),
  width: document.documentElement.scrollWidth - window.innerWidth,
  outside: all.filter((one) => one.closest("main") && !one.closest(".wide, pre") &&
    one.getBoundingClientRect().right > window.innerWidth + 1).map((one) => one.outerHTML.slice(0, 80)),
};
"""
TAGS = (
    "html head meta title link body a header img nav ul ol li main footer h1 h2 h3 h4 h5 h6 p em strong code pre span"
    " div table thead tbody tr th td hr br script form input label select option"
)
SCRIPTS = {"/choose.js", "/matrix/verdicts.js", "/search.js"}


def test_nothing_that_others_wrote_runs_links_elsewhere_leaves_its_place_or_asks_another_host(
    hostile_site: Site, browser: Browser
) -> None:
    browser.be(PHONE)
    seen = ""
    for page in _every_page(hostile_site):
        address = f"{hostile_site.address}/{page}"
        browser.visit(address)
        found: dict[str, Any] = browser.run(FOUND)

        assert browser.console() == [], page
        assert all(asked.startswith(f"{hostile_site.address}/") for asked in browser.asked()), page
        assert found["ran"] == 0, page
        assert found["frame"] == "A HEADER MAIN FOOTER", page
        assert set(found["tags"]) <= set(TAGS.split()), (page, found["tags"])
        assert found["attributes"] == [], page
        assert {urljoin(address, src).removeprefix(hostile_site.address) for src, _ in found["scripts"]} <= SCRIPTS
        assert not any(inside for _, inside in found["scripts"]), page
        pictures = [urljoin(address, one).removeprefix(hostile_site.address) for one in found["pictures"]]
        # Besides the icon a page shows at most the drawing that the site made for it.
        assert set(pictures) <= {"/icon.svg", f"/{page.removesuffix('.html')}.svg"}, page
        assert all(_is_harmless(address, hostile_site.address, *link) for link in found["links"]), page
        assert not {"INJECTED", "out"} & set(found["headings"]), page
        assert found["cells"] == [], page
        assert found["width"] <= 0, (page, found["width"])
        assert found["outside"] == [], page
        seen += browser.run("return document.body.textContent")
    assert "<script>window.ran" in seen
    assert "<svg onload=" in seen


def test_the_attacks_would_have_worked_on_a_page_that_did_not_escape_them(hostile_site: Site, browser: Browser) -> None:
    raw = "".join(f"<p>{word}" for word in WORDS if "\ud800" not in word)
    (hostile_site.folder / "raw.txt.html").write_text(f"<!DOCTYPE html><title>x</title>{raw}", encoding="utf-8")
    try:
        browser.visit(f"{hostile_site.address}/raw.txt.html")
    finally:
        (hostile_site.folder / "raw.txt.html").unlink()

    assert browser.run("return window.ran") >= 2


def _every_page(site: Site) -> list[str]:
    """One of each kind, and every page about a release and a run, where most foreign words stand."""
    more = [path.relative_to(site.folder).as_posix() for path in site.folder.glob("r*/*.html") if "@" not in path.name]
    hostile_releases = sorted(
        path.relative_to(site.folder).as_posix() for path in site.folder.glob("releases/*_*.html")
    )
    return sorted({*site.pages(), *more, *hostile_releases[:6]})


def _is_harmless(page: str, site: str, href: str, rel: str, kind: str) -> bool:
    """A link leads inside the site, or says what it is; a verdict's mark never leads out of the site."""
    if urljoin(page, href).startswith(f"{site}/"):
        return True
    return href.startswith(("http://", "https://")) and "noopener" in rel and "mark" not in kind
