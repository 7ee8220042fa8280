"""Foreign words stay words, in PowerShell and in Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tracker.plugins.windows_containers.recipe_quoting import (
    cell,
    code_cell,
    comment,
    file_name,
    literal,
    web_address,
)

from tests.plugins.windows_containers.recipes import faults

_PART = re.compile(r"'((?:[^']|'')*)'|\[char\]0x([0-9A-F]{4})")


def _read(expression: str) -> str:
    """Return the text that PowerShell makes of a literal, by its rules for single quotes, ``+`` and ``[char]``."""
    inside = expression[1:-1] if expression.startswith("(") else expression
    units, place = b"", 0
    while place < len(inside):
        found = _PART.match(inside, place)
        assert found is not None, f"not a literal: {expression}"
        quoted, code = found.groups()
        units += int(code, 16).to_bytes(2, "big") if code else quoted.replace("''", "'").encode("utf-16-be")
        place = found.end()
        if place < len(inside):
            assert inside[place : place + 3] == " + "
            place += 3
    return units.decode("utf-16-be", "surrogatepass")


@given(st.text())
@example("it's \u2018so\u2019\u201a\u201b")
@example("$(Restart-Computer) `n \"x\" '; Restart-Computer; '")
@example("\n'@\nRestart-Computer\n@'")
@example("\U0001f600")
@example("\n")
def test_a_literal_is_the_text_and_nothing_runs_of_it(text: str) -> None:
    written = literal(text)

    assert _read(written) == text
    assert re.fullmatch(r"[\x20-\x7e]+", written)
    assert faults(f"$x = {written}\nWrite-Host {written}\n") == []


@given(st.text())
@example("#>")
@example("##>>")
@example("<# #\u200b>")
def test_a_comment_ends_where_it_is_closed_and_not_before(text: str) -> None:
    written = comment(text)

    assert "#>" not in written
    assert re.fullmatch(r"[\x20-\x7e]*", written)


@given(st.text())
@example("..")
@example("..\\..\\Windows\\x")
@example("C:x")
def test_a_file_lies_in_the_directory_where_it_is_put(text: str) -> None:
    name = file_name(text)

    assert re.fullmatch(r"[A-Za-z0-9.+_-]+", name)
    assert name.strip(".")


@pytest.mark.parametrize("address", ["https://example.com/a%20b/c.zip?x=1&y=2#z", "file:///D:/mirror/c.zip"])
def test_an_address_that_is_one_is_left_as_it_is(address: str) -> None:
    assert web_address(address) == address


@given(st.text())
def test_an_address_holds_nothing_that_could_end_it(text: str) -> None:
    assert re.fullmatch(r"[\x21-\x7e]*", web_address(text))
    assert not set(web_address(text)) & set("<>\"`|\\ '") - {"'"}


@given(st.text())
@example("a|b")
@example("[x](https://example.com)")
@example("`|`")
@example("<script>")
@example("&amp;")
@example("\\|")
def test_a_cell_shows_the_text_and_is_one_cell(text: str) -> None:
    page = MarkdownIt("commonmark").enable("table")
    for written in (cell(text), code_cell(text)):
        (row,) = [one for one in page.parse(f"| a | b |\n|---|---|\n| {written} | end |\n") if one.type == "tbody_open"]
        cells = [
            one.children or []
            for one in page.parse(f"| a | b |\n|---|---|\n| {written} | end |\n")
            if one.type == "inline"
        ][2:]

        assert row.nesting == 1
        assert len(cells) == 2
        shown = "".join(one.content for one in cells[0] if one.type in {"text", "code_inline", "text_special"})
        assert shown.split() == comment(text).split()
        assert {one.type for one in cells[0]} <= {"text", "code_inline", "text_special"}
