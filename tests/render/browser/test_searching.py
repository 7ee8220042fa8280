"""Search by typing, without a server's help; and what there is instead where a page was opened from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from tracker.render.search.index import can_index

if TYPE_CHECKING:
    from tests.render.browser.conftest import Browser, Site

pytestmark = pytest.mark.skipif(not can_index(), reason="Pagefind is not installed: the extra search")
FOUND = "return [...document.querySelectorAll('main ol:not(nav ol) a')].map((one) => [one.textContent, one.pathname])"


def status(browser: Browser, part: str) -> str:
    """Return what the page says of the search, once that holds ``part``."""
    said = browser.driver.find_element("css selector", "main [role=status]")
    WebDriverWait(browser.driver, 60, poll_frequency=0.05).until(lambda _: part in said.text)
    return said.text


def field(browser: Browser) -> None:
    WebDriverWait(browser.driver, 60, poll_frequency=0.05).until(
        lambda driver: driver.switch_to.active_element.get_attribute("id") == "words"
    )


def test_typing_a_version_finds_its_release_and_a_click_leads_there(site: Site, browser: Browser) -> None:
    browser.visit(f"{site.address}/index.html")
    browser.driver.find_element("link text", "Search").click()
    field(browser)

    browser.driver.switch_to.active_element.send_keys("containerd 1.6.20")

    said = status(browser, "found for “containerd 1.6.20”")
    found = browser.run(FOUND)
    assert any("1.6.20" in title and path.startswith("/releases/containerd@1.6.20") for title, path in found), said
    assert all((site.folder / path.lstrip("/")).is_file() for _, path in found)
    browser.picture("search")
    browser.driver.find_element("partial link text", "1.6.20~ds1-1+deb12u3").click()
    assert "1.6.20" in browser.driver.title
    assert browser.console() == []
    assert all(one.startswith((f"{site.address}/", "blob:")) for one in browser.asked())


def test_words_in_the_address_are_searched_and_what_is_not_there_is_said(site: Site, browser: Browser) -> None:
    browser.visit(f"{site.address}/search.html?q=runc")
    assert int(status(browser, "found for “runc”").partition(" found")[0]) >= 1
    field(browser)

    browser.visit(f"{site.address}/search.html?q=%3Cb%3Exylophone")

    assert status(browser, "0 found") == "0 found for “<b>xylophone”."
    assert browser.run(FOUND) == []


def test_foreign_words_are_shown_as_words(hostile_site: Site, browser: Browser) -> None:
    browser.visit(f"{hostile_site.address}/search.html?q=script")

    assert not status(browser, "found for “script”").startswith("0 ")
    assert browser.run("return document.querySelectorAll('main ol script, main ol img, main ol b').length") == 0
    assert browser.driver.title.startswith("Search")


def test_from_a_file_the_page_of_names_takes_the_place_of_the_search(site: Site, browser: Browser) -> None:
    browser.visit((site.folder / "search.html").as_uri())
    assert browser.console() == []
    assert browser.driver.find_elements("id", "words") == []

    browser.driver.find_element("css selector", "main p a").click()

    assert browser.driver.current_url == (site.folder / "contents.html").as_uri()
    browser.driver.find_element("partial link text", "containerd 1.6.20").click()
    assert "/releases/containerd@1.6.20" in browser.driver.current_url
