from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.url.text import beginning, read_text

_SCRIPT = '$Größe = "1.6.6"\n# nächste Zeile\n'
_NO_SURROGATES = st.characters(exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", ""),
        ("cp1252", ""),
        ("cp1252", "text/plain; charset=windows-1252"),
        ("iso-8859-1", 'text/plain; charset="ISO-8859-1"'),
        ("utf-16-le", "text/plain; charset=utf-16le"),
        ("utf-8", "text/plain; charset=rot13"),
        ("cp1252", "text/plain; charset=utf-8"),
        ("utf-16", "text/plain; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_script_reads_the_same_whatever_editor_saved_it(encoding: str, content_type: str, end: str) -> None:
    body = _SCRIPT.replace("\n", end).encode(encoding)

    assert read_text(body, content_type) == _SCRIPT


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_are_some_text(body: bytes, content_type: str) -> None:
    assert "\r" not in read_text(body, content_type)


@given(st.text(_NO_SURROGATES, max_size=100))
def test_text_with_a_mark_is_read_back(text: str) -> None:
    ends = text.replace("\r\n", "\n").replace("\r", "\n")

    for encoding in ("utf-8-sig", "utf-16"):
        assert read_text(text.encode(encoding), "") == ends


def test_an_error_shows_the_beginning_on_one_line() -> None:
    assert beginning("a\n  b\tc") == "a b c"
    assert beginning("x" * 300) == "x" * 200 + "..."
