"""A matrix of two factors with another choice of the rest: by keyboard, by address, by going back, from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from selenium.webdriver.common.keys import Keys

from tracker.render.knowledge import Knowledge

if TYPE_CHECKING:
    from tests.render.browser.conftest import Browser, Site
    from tracker.render import Snapshot

PAGE = "matrix/containerd-x-runtime.html"
CELLS = """
const heading = [...document.querySelectorAll("main > h2")].find((one) => one.textContent === arguments[0]);
return [...heading.nextElementSibling.querySelectorAll("tbody td")].map((cell) => {
  const link = cell.querySelector("a");
  return [cell.textContent, link ? link.getAttribute("href") : "", link ? link.className : "", link ? link.title : ""];
});
"""
SAID = "return document.querySelector('main [role=status]').textContent"
"""What the page says of the choice."""
CHOSEN = """
return Object.fromEntries([...document.querySelectorAll(".choose label")].map(
  (one) => [one.firstChild.textContent, one.querySelector("select").value]));
"""


def cells(browser: Browser, capability: str = "networks") -> list[list[str]]:
    found: list[list[str]] = browser.run(CELLS, capability)
    return found


def address(site: Site, **chosen: str) -> str:
    query = urlencode({name.replace("_", "-"): value for name, value in chosen.items()})
    return f"{site.address}/{PAGE}?{query}"


def choose(browser: Browser, factor: str, *keys: str) -> None:
    """Press keys in the field of a factor."""
    label = f"//*[@class='choose']//label[normalize-space(text())='{factor}']/select"
    browser.driver.find_element("xpath", label).send_keys(*keys)


def test_every_cell_says_what_is_known_of_exactly_what_was_chosen(
    site: Site, browser: Browser, snapshot: Snapshot
) -> None:
    known = Knowledge(snapshot)
    browser.visit(address(site, cni_spec="0.4.0", cni_plugins="1.1.1+ds1-3+b2"))

    base = known.base
    assert base is not None
    plugins, spec = (next(axis for axis in snapshot.axes if axis.name == name) for name in ("cni-plugins", "cni-spec"))
    rest = base.replace(spec.values[2]).replace(next(one for one in plugins.values if one.text == "1.1.1+ds1-3+b2"))
    rows, columns = snapshot.axes[0].values, snapshot.axes[1].values
    shown = iter(cells(browser))
    for row in rows:
        for column in columns:
            combination = rest.replace(row).replace(column)
            word = known.word(known.verdict(combination, "networks"))
            text, href, style, told = next(shown)
            assert told.split(",")[0] == word
            assert href == f"../combinations/{combination.slug}.html#networks"
            assert style == f"mark mark-{word.replace(' (', '-').removesuffix(')')}"
            assert text
    assert browser.run(SAID) == "The cells are with cni-plugins 1.1.1+ds1-3+b2, cni-spec 0.4.0."
    assert not browser.run(
        "return [...document.querySelectorAll('main > p')]"
        ".some((one) => one.textContent.startsWith('Everything else') && one.checkVisibility())"
    )
    assert browser.console() == []
    browser.picture("matrix-chosen")


def test_what_is_chosen_as_recommended_reads_like_the_page_without_scripts(
    site: Site, browser: Browser, snapshot: Snapshot
) -> None:
    base = Knowledge(snapshot).base
    assert base is not None
    browser.be(scripts=False)
    browser.visit(f"{site.address}/{PAGE}")
    usual = cells(browser)
    browser.be()

    browser.visit(address(site, cni_spec=base["cni-spec"].text))

    plain = [(one, chosen) for one, chosen in zip(usual, cells(browser), strict=True) if "*" not in one[0]]
    assert 0 < len(plain) < len(usual)
    assert all(one == chosen for one, chosen in plain)


def test_a_choice_by_keyboard_stands_in_the_address_and_the_back_button_takes_it_back(
    site: Site, browser: Browser
) -> None:
    browser.visit(f"{site.address}/{PAGE}")
    usual = cells(browser)

    choose(browser, "cni-spec", "0")
    assert browser.driver.current_url == address(site, cni_spec="0.4.0")
    first = cells(browser)
    assert browser.run("return document.activeElement.tagName") == "SELECT"
    choose(browser, "cni-plugins", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert "cni-plugins=" in browser.driver.current_url
    assert "cni-spec 0.4.0" in browser.driver.title

    while "cni-plugins=" in browser.driver.current_url:
        browser.driver.back()
    assert (cells(browser), browser.run(CHOSEN)) == (first, {"cni-plugins": "", "cni-spec": "0.4.0"})
    browser.driver.back()
    assert (cells(browser), browser.run(CHOSEN)["cni-spec"]) == (usual, "")
    assert browser.run(SAID) == ""
    browser.driver.forward()
    assert cells(browser) == first


def test_an_address_that_names_no_live_version_shows_what_is_recommended_and_says_so(
    site: Site, browser: Browser
) -> None:
    browser.visit(f"{site.address}/{PAGE}")
    usual = cells(browser)

    browser.visit(address(site, cni_spec="<b>9</b>", containerd="1", constructor="x"))

    assert cells(browser) == usual
    assert browser.run(SAID) == "The address names no live version of cni-spec: as recommended."


def test_a_page_from_a_file_has_the_choice_too(site: Site, browser: Browser) -> None:
    browser.visit((site.folder / PAGE).as_uri() + "?cni-spec=0.4.0")
    first = cells(browser)
    assert browser.run(SAID).endswith("cni-spec 0.4.0.")

    choose(browser, "cni-spec", "1.0")

    assert browser.driver.current_url.endswith("?cni-spec=1.0.0")
    assert cells(browser) != first
    assert browser.run(SAID).endswith("cni-spec 1.0.0.")
    assert all(one.startswith("file:") for one in browser.asked())
    assert browser.console() == []
