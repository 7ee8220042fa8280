"""docs/windows.md tells of every command, and what it shows can be read by what would read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker.cli.app import COMMANDS
from tracker.config import read_config
from tracker.registry import build_registry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "windows.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def _rows(heading: str) -> list[str]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w-]+)` \|", section, flags=re.MULTILINE)


def test_the_right_that_each_command_needs_is_told() -> None:
    assert set(COMMANDS) <= set(_rows("What each command may do"))


def test_every_command_that_the_page_types_is_one() -> None:
    typed = [
        line.split()[1] for block in _blocks("powershell") for line in block.splitlines() if line[:8] == "tracker "
    ]

    assert set(typed) <= {*COMMANDS, "service"}
    assert {"init", "doctor", "up", "recipe"} <= set(typed)


def test_the_capabilities_are_those_of_the_profile_in_their_order() -> None:
    assert tuple(_rows("What a run shows")) == build_registry().profiles["windows-containers"].capabilities


def test_the_factors_that_the_page_names_are_those_of_the_profile() -> None:
    factors = {one.name for one in build_registry().profiles["windows-containers"].factors}

    assert [name for name in factors if f"`{name}`" not in PAGE and f"`{name}=" not in PAGE] == []


@pytest.mark.parametrize("settings", _blocks("toml"))
def test_the_settings_can_be_read(settings: str, tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text(settings, encoding="utf-8")

    assert read_config(path).profile == "windows-containers"


def test_every_heading_that_the_page_links_to_is_there() -> None:
    told = re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    headings = {re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-") for one in told}

    assert [one for one in re.findall(r"\]\(#([\w-]+)\)", PAGE) if one not in headings] == []


def test_every_script_for_powershell_can_be_parsed() -> None:
    grammars = pytest.importorskip("tree_sitter_language_pack", reason="not installed: tree-sitter-language-pack")
    try:
        parser = grammars.get_parser("powershell")
    except Exception as error:  # noqa: BLE001 - versions that fetch grammars raise errors of their own
        pytest.skip(f"this tree-sitter-language-pack brings no grammar of PowerShell: {error}")

    assert parser.parse(b"if ($x { }").root_node.has_error
    assert [one for one in _blocks("powershell") if parser.parse(one.encode()).root_node.has_error] == []
