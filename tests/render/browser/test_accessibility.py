"""Every kind of page, looked at by axe in both schemes, on a desk and on a phone: WCAG 2.2 AA and its best practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.browser.conftest import Browser, Site

DESKTOP, PHONE = (1280, 900), (390, 844)
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """
const [rules, done] = arguments;
axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html)])),
  (error) => done([["axe failed", String(error), []]]),
);
"""

SPOIL = """
document.querySelector("main").insertAdjacentHTML("beforeend", "<p>pale</p><img src=icon.svg>");
document.querySelector("main p:last-of-type").style.color = "#ccc";
"""


def findings(browser: Browser, node: Path, rules: dict[str, Any]) -> list[Any]:
    browser.run((node / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: list[Any] = browser.driver.execute_async_script(RUN, rules)
    return found


@pytest.mark.parametrize(
    ("size", "scheme", "rules"),
    [
        pytest.param(DESKTOP, "light", RULES, id="desk, light"),
        pytest.param(DESKTOP, "dark", COLOURS, id="desk, dark"),
        pytest.param(PHONE, "light", RULES, id="phone, light"),
        pytest.param(PHONE, "dark", COLOURS, id="phone, dark"),
    ],
)
def test_axe_finds_nothing(
    hostile_site: Site, browser: Browser, node: Path, size: tuple[int, int], scheme: str, rules: dict[str, Any]
) -> None:
    browser.be(size, scheme=scheme)
    for page in hostile_site.pages():
        browser.driver.get(f"{hostile_site.address}/{page}")

        assert findings(browser, node, rules) == [], page


def test_axe_would_have_found_something(site: Site, browser: Browser, node: Path) -> None:
    browser.driver.get(f"{site.address}/index.html")
    browser.run(SPOIL)

    assert {finding[0] for finding in findings(browser, node, RULES)} == {"color-contrast", "image-alt"}
