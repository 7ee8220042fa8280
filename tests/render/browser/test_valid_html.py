"""Pages of each kind are valid HTML, by a strict validator."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.browser.conftest import Site

_OLDEST_NODE = 20
RULES = {
    "root": True,
    "extends": ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
    # What a page loads lies beside it and is written with it: there is nobody to guard against.
    "rules": {"require-sri": "off"},
}


@pytest.fixture(scope="module", autouse=True)
def _new_enough(node: Path) -> None:
    """Skip where Node.js is older than the validator wants it, as in Debian 12."""
    wanted = json.loads((node / "html-validate" / "package.json").read_text(encoding="utf-8"))["engines"]["node"]
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(found.removeprefix("v").partition(".")[0]) < _OLDEST_NODE:
        pytest.skip(f"html-validate wants Node.js {wanted}, and {found} is installed")


def complaints(node: Path, work: Path, files: list[Path]) -> list[str]:
    rules = work / "rules.json"
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    program = node / "html-validate" / "bin" / "html-validate.mjs"
    done = subprocess.run(
        ["node", program, "--config", rules, "--formatter", "json", *files],
        capture_output=True,
        text=True,
        check=False,
        cwd=work,
    )
    assert done.returncode in {0, 1}, done.stderr
    reports: list[dict[str, Any]] = json.loads(done.stdout)
    return [f"{one['filePath']}:{told['line']}: {told['message']}" for one in reports for told in one["messages"]]


def test_a_validator_finds_nothing(site: Site, hostile_site: Site, node: Path, tmp_path: Path) -> None:
    files = [one.folder / page for one in (site, hostile_site) for page in one.pages()]

    assert complaints(node, tmp_path, files) == []


def test_a_validator_would_have_found_something(site: Site, node: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    whole = (site.folder / "index.html").read_text(encoding="utf-8")
    broken.write_text(whole.replace("</main>", "<p><div id=content></div></p></main>"), encoding="utf-8")

    assert len(complaints(node, tmp_path, [broken])) >= 2
