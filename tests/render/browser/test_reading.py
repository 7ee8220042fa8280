"""What a reader does with the site: answers on the first screen, by keyboard, in the dark, on a phone, on paper."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

    from tests.render.browser.conftest import Browser, Site
    from tracker.render import Snapshot

DESKTOP, PHONE = (1280, 900), (390, 844)
FOCUSED = """
const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
return {
  tag: one.tagName, mark: one.classList.contains("mark"), label: one.getAttribute("aria-label") || "",
  outline: parseFloat(style.outlineWidth) * (style.outlineStyle !== "none"),
  seen: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && one.contains(top),
};
"""
LUMINANCE = """
const canvas = document.createElement("canvas").getContext("2d");
const [element, property] = arguments;
canvas.fillStyle = getComputedStyle(element)[property];
canvas.fillRect(0, 0, 1, 1);
const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((x) => x / 255)
  .map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
return 0.2126 * r + 0.7152 * g + 0.0722 * b;
"""


def press(browser: Browser, *keys: str) -> None:
    """Press keys wherever the focus is."""
    browser.driver.switch_to.active_element.send_keys(*keys)


def test_the_first_screen_names_what_to_install(site: Site, browser: Browser, snapshot: Snapshot) -> None:
    browser.visit(f"{site.address}/index.html")

    combination = snapshot.newest_working[snapshot.profile.required[-1]]
    for value in combination:
        assert browser.run(
            "const [text] = arguments; return [...document.querySelectorAll('main td, main th, main li, main p')]"
            ".some((one) => one.textContent.includes(text) && one.getBoundingClientRect().bottom <= innerHeight)",
            value.text,
        ), value.text
    browser.picture("first-screen", whole=False)


def test_a_keyboard_skips_to_the_content_and_walks_the_matrix_to_the_evidence(site: Site, browser: Browser) -> None:
    browser.visit(f"{site.address}/matrix.html")

    press(browser, Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the content"
    assert browser.run(FOCUSED)["seen"]
    press(browser, Keys.ENTER)
    assert browser.run("return document.activeElement.id") == "content"
    boxes = 0
    for _ in range(60):
        press(browser, Keys.TAB)
        focused = browser.run(FOCUSED)
        assert focused["outline"] >= 2, focused
        assert focused["seen"] or focused["tag"] == "DIV", focused
        boxes += focused["label"].startswith("Table: ")
        if boxes and focused["mark"]:
            break
    target = browser.driver.switch_to.active_element.get_attribute("href")
    press(browser, Keys.ENTER)

    assert boxes
    assert target is not None
    assert "/combinations/" in target
    assert browser.driver.current_url == target
    assert browser.run("return location.hash.length > 1 && document.querySelector(':target').tagName") == "H2"


def test_a_wide_table_scrolls_by_keyboard_beside_its_first_column_and_below_its_header(
    site: Site, browser: Browser
) -> None:
    browser.be(PHONE)
    browser.visit(f"{site.address}/matrix.html")
    box: WebElement = browser.driver.find_element("css selector", ".wide")
    browser.run("arguments[0].focus()", box)

    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    browser.run("arguments[0].scrollBy(200, 300)", box)

    assert browser.run("return arguments[0].scrollLeft > 0", box)
    left, top = browser.run(
        "const box = arguments[0].getBoundingClientRect();"
        "const cell = arguments[0].querySelector('tbody th').getBoundingClientRect();"
        "const head = arguments[0].querySelector('thead th').getBoundingClientRect();"
        "return [cell.left - box.left, head.top - box.top]",
        box,
    )
    assert 0 <= left < 2
    assert 0 <= top < 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_takes_the_colours_that_the_reader_asked_for(site: Site, browser: Browser, scheme: str) -> None:
    browser.be(scheme=scheme)
    for page in ("index", "matrix"):
        browser.visit(f"{site.address}/{page}.html")
        body = browser.driver.find_element("tag name", "body")
        paper, ink = (browser.run(LUMINANCE, body, name) for name in ("backgroundColor", "color"))

        assert (paper > 0.8) == (scheme == "light")
        assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) > 12
        browser.picture(f"{page.replace('/', '-')}-{scheme}")


def test_no_page_scrolls_sideways_on_a_phone_and_every_target_is_large_enough(site: Site, browser: Browser) -> None:
    browser.be(PHONE)
    for page in site.pages():
        browser.visit(f"{site.address}/{page}")

        assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0], page
        small = browser.run(
            "return [...document.querySelectorAll('nav a, footer a, .mark')].filter((one) =>"
            "one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"
        )
        assert small == [], page
        browser.picture(f"phone-{page.split('/')[0].removesuffix('.html')}", whole=False)


def test_text_at_twice_its_size_still_fits(site: Site, browser: Browser) -> None:
    for page in ("index", "matrix", "runs/1"):
        browser.visit(f"{site.address}/{page}.html")
        browser.run("document.documentElement.style.fontSize = '32px'")

        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), page


def test_everything_is_there_without_scripts(site: Site, browser: Browser) -> None:
    browser.be(scripts=False)
    browser.visit(f"{site.address}/index.html")

    browser.driver.find_element("link text", "Matrix").click()
    browser.driver.find_element("css selector", ".wide .mark").click()

    assert "/combinations/" in browser.driver.current_url
    assert browser.driver.find_element("css selector", "main h2").is_displayed()


def test_on_paper_there_is_the_content_and_nothing_to_click(site: Site, browser: Browser, pictures: Path) -> None:
    browser.be(scheme="dark", media="print")
    browser.visit(f"{site.address}/matrix.html")

    hidden = ("header nav", "footer", ".skip")
    assert not any(browser.driver.find_element("css selector", one).is_displayed() for one in hidden)
    assert browser.driver.find_element("css selector", "main table .mark").is_displayed()
    body = browser.driver.find_element("tag name", "body")
    assert browser.run(LUMINANCE, body, "color") == 0
    assert browser.run(
        "return [...document.querySelectorAll('.wide')].every((one) => one.scrollHeight <= one.clientHeight + 1)"
    )
    printed = b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"])
    assert printed.startswith(b"%PDF-")
    (pictures / "matrix.pdf").write_bytes(printed)


def test_who_wants_less_motion_or_own_colours_gets_them(site: Site, browser: Browser) -> None:
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}, {"name": "forced-colors", "value": "active"}]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    browser.visit(f"{site.address}/matrix.html")

    moving = "return document.getAnimations().length + parseFloat(getComputedStyle(arguments[0]).transitionDuration)"
    assert browser.run(moving, browser.driver.find_element("class name", "skip")) == 0
    mark = browser.driver.find_element("css selector", ".wide .mark")
    assert browser.run("return getComputedStyle(arguments[0]).borderTopStyle !== 'none'", mark)
    browser.picture("matrix-forced-colours", whole=False)
