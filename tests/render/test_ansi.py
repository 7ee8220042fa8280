"""What becomes of the escape sequences in a log: colours stay as classes, everything else that steers is dropped."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.bundle import site_dir
from tracker.render import ansi, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

REPLACED = "\N{REPLACEMENT CHARACTER}"
outputs = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x1b\x1b[[[]mm0134578;:KJHABCD\r\n\x07\\P_^")), max_size=80
)


def shown(log: str) -> str:
    return "".join(piece.text for piece in ansi.pieces(log))


@pytest.mark.parametrize(
    ("codes", "classes"),
    [
        pytest.param("31", ("ansi-red",), id="one of eight"),
        pytest.param("1;92", ("ansi-bright-green", "ansi-bold"), id="a bright one, bold"),
        pytest.param("41;97", ("ansi-bright-white", "ansi-on-red"), id="on a background"),
        pytest.param("38;5;196", ("ansi-red",), id="one of 256"),
        pytest.param("38;2;0;0;250", ("ansi-blue",), id="true colour"),
        pytest.param("38:2::0:0:250", ("ansi-blue",), id="true colour with colons"),
        pytest.param("48;5;22", ("ansi-on-green",), id="background of 256"),
        pytest.param("7", ("ansi-reverse",), id="reverse"),
        pytest.param("7;31", ("ansi-on-red",), id="a colour in reverse"),
        pytest.param("2;3;4;9", ("ansi-dim", "ansi-italic", "ansi-underline", "ansi-strike"), id="effects"),
        pytest.param("4:3", ("ansi-underline",), id="a curly underline"),
        pytest.param("8", (), id="hidden text is shown"),
        pytest.param("5", (), id="nothing blinks"),
        pytest.param("999;31", ("ansi-red",), id="an unknown code before"),
    ],
)
def test_colours_become_classes_of_the_style_sheet(codes: str, classes: Sequence[str]) -> None:
    assert ansi.pieces(f"\x1b[{codes}mred\x1b[0m plain")[0] == ((f"red{' plain' if not classes else ''}"), classes)


def test_a_colour_holds_over_the_ends_of_lines_until_it_is_taken_back() -> None:
    assert ansi.pieces("a \x1b[1;31mb\nc\x1b[39m d\x1b[m e\n") == (
        ("a ", ()),
        ("b\nc", ("ansi-red", "ansi-bold")),
        (" d", ("ansi-bold",)),
        (" e\n", ()),
    )


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[2J", "\x1b[1;1H", "\x1b[K", "\x1b[?25l", "\x1b[10A", "\x1b]0;title\x07", "\x1b]8;;https://x.example\x1b\\",
     "\x1bPq#0\x1b\\", "\x1b_x\x1b\\", "\x1b(B", "\x1b7", "\x1bc", "\x1b[3", "\x1b"],
)  # fmt: skip
def test_what_moves_erases_or_links_is_dropped(sequence: str) -> None:
    assert shown(f"before {sequence}") == "before "
    assert ansi.plain(f"before {sequence}") == "before "


def test_an_unfinished_sequence_does_not_swallow_the_lines_after_it() -> None:
    assert shown("one \x1b]0;never ended\ntwo") == "one \ntwo"


def test_a_line_that_was_written_over_shows_what_it_said_last_and_the_whole_text_keeps_the_rest() -> None:
    log = "\x1b[32m10 %\r50 %\r\x1b[K100 %\x1b[0m\r\r\nend\r\n"

    assert ansi.pieces(log) == (("100 %\n", ("ansi-green",)), ("end\n", ()))
    assert ansi.plain(log) == "10 %\n50 %\n100 %\nend\n"


def test_control_characters_and_overrides_are_made_visible() -> None:
    assert shown("a\x00b\x08c\u202e\x1b[31md\x9be") == f"a␀b␈c{REPLACED}d{REPLACED}e"


@given(outputs)
def test_whatever_a_program_says_only_known_classes_and_visible_text_come_of_it(log: str) -> None:
    pieces = ansi.pieces(log)

    known = {*ansi.CLASSES, "ansi-reverse", *(f"ansi-{effect}" for effect in ansi.EFFECTS)}
    assert {name for piece in pieces for name in piece.classes} <= known
    assert "\x1b" not in shown(log)
    assert escape.visible(shown(log)) == shown(log)
    assert all(one.classes != two.classes for one, two in pairwise(pieces))


@given(st.text(st.characters(exclude_characters="\x1b\r")))
def test_a_log_without_sequences_is_shown_as_it_is(log: str) -> None:
    assert shown(log) == escape.visible(log) == ansi.plain(log)


def test_every_class_has_a_style() -> None:
    styled = set(re.findall(r"\.(ansi-[a-z-]+)", (site_dir() / "style.css").read_text(encoding="utf-8")))

    assert styled == {*ansi.CLASSES, "ansi-reverse", *(f"ansi-{effect}" for effect in ansi.EFFECTS)}
