"""The published site in a real browser: its Content-Security-Policy holds, and nothing asks another host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.render.browser.conftest import Browser, Site

FORBIDDEN = """<script>document.title = "ran"</script><img src="https://elsewhere.invalid/pixel.png" alt="">"""


def test_pages_load_without_a_word_on_the_console_and_ask_nobody_else(site: Site, browser: Browser) -> None:
    for page in site.pages():
        site.answers.clear()

        browser.visit(f"{site.address}/{page}")

        assert browser.console() == [], page
        asked = browser.asked()
        assert f"{site.address}/{page}" in asked
        assert all(address.startswith(f"{site.address}/") for address in asked), (page, asked)
        assert {status for _, status, _ in site.answers} <= {200, 304}, (page, site.answers)
        assert browser.run("return getComputedStyle(document.querySelector('.mark, .site')).display") != "inline", page


def test_a_page_that_did_what_is_forbidden_would_have_been_noticed(site: Site, browser: Browser) -> None:
    whole = (site.folder / "index.html").read_text(encoding="utf-8")
    (site.folder / "forbidden.html").write_text(whole.replace("</main>", f"{FORBIDDEN}</main>"), encoding="utf-8")
    try:
        browser.visit(f"{site.address}/forbidden.html")
    finally:
        (site.folder / "forbidden.html").unlink()

    assert browser.driver.title != "ran"
    console = browser.console()
    assert len(console) == 2
    assert all("Content Security Policy" in line for line in console)


def test_the_site_works_from_a_file(site: Site, browser: Browser) -> None:
    browser.visit((site.folder / "runs" / "1.html").as_uri())

    assert browser.console() == []
    assert browser.run("return getComputedStyle(document.querySelector('.site')).display") == "flex"
    browser.driver.find_element("link text", "Today").click()
    assert browser.driver.current_url == (site.folder / "index.html").as_uri()
    assert all(address.startswith("file:") for address in browser.asked())
