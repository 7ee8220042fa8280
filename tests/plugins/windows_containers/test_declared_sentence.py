"""What nerdctl's release notes say of containerd, and what they do not say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.windows_containers.declared_sentence import mentions_versions, read_sentence

SENTENCE = "This release of nerdctl is expected to be used with containerd "


def notes(versions: str) -> str:
    """Notes around the sentence, of the form that nerdctl's releases have."""
    return f"## Changes\n- Update containerd (2.9.9)\n\n## Compatible versions\n{SENTENCE}{versions}\n\n## More\n"


@pytest.mark.parametrize(
    ("versions", "lines"),
    [
        ("v1.6 or v1.7.", ("1.6", "1.7")),
        ("v1.7, v2.0, or v2.1.", ("1.7", "2.0", "2.1")),
        ("v1.7, v2.0, v2.1, v2.2, or v2.3.", ("1.7", "2.0", "2.1", "2.2", "2.3")),
        ("v1.7.", ("1.7",)),
        ("v1.7", ("1.7",)),
    ],
)
def test_a_list_of_lines_is_read_in_its_order(versions: str, lines: tuple[str, ...]) -> None:
    meant = read_sentence(notes(versions))

    assert meant is not None
    assert (meant.lines, meant.is_open_ended) == (lines, False)


@pytest.mark.parametrize("versions", ["v1.7 or later.", "v1.7 or newer.", ">= 1.7.", ">= v1.7", "≥1.7"])
def test_an_open_end_is_read_as_its_first_line(versions: str) -> None:
    meant = read_sentence(notes(versions))

    assert meant is not None
    assert (meant.lines, meant.is_open_ended) == (("1.7",), True)


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param("v1.7, v2.0, or v2.4.0-beta.0.", id="a single release among lines"),
        pytest.param("v1.7, v2.0, or later.", id="a list with an open end"),
        pytest.param("v1.7 - v2.1.", id="a range"),
        pytest.param("v1.7.x.", id="a wildcard"),
        pytest.param("v1.7, but not v2.0.", id="an exception"),
        pytest.param("v1.7 (Linux only).", id="a remark"),
        pytest.param("< 2.0.", id="an upper bound"),
        pytest.param("v1.7 or v1.7.", id="twice the same"),
        pytest.param("v\u0661.\u0667.", id="digits of another script"),
        pytest.param("~~v1.6~~ v1.7.", id="struck out"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_differs_from_the_known_forms_is_not_guessed_at(versions: str) -> None:
    assert read_sentence(notes(versions)) is None
    assert mentions_versions(notes(versions))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<!-- {SENTENCE}v1.7. -->", id="commented out"),
        pytest.param(f"<!--\n{SENTENCE}v1.7.\n", id="in a comment without an end"),
        pytest.param(f"> {SENTENCE}v1.5.", id="quoted"),
        pytest.param("It is not expected to be used with containerd v1.7.", id="denied"),
        pytest.param(f"{SENTENCE}v1.7.\n{SENTENCE}v1.7 or later.", id="two that disagree"),
        pytest.param(f"{SENTENCE}v1.7.\nThe last one was expected to be used with containerd 1.6.", id="another one"),
        pytest.param("nothing of the kind", id="no sentence"),
    ],
)
def test_a_sentence_in_doubt_says_nothing(text: str) -> None:
    assert read_sentence(text) is None


def test_the_same_sentence_twice_says_it_once() -> None:
    meant = read_sentence(notes("v1.7 or v2.0.") + notes("v1.7 or v2.0."))

    assert meant is not None
    assert meant.lines == ("1.7", "2.0")


def test_windows_line_ends_do_not_matter() -> None:
    meant = read_sentence(notes("v1.7 or v2.0.").replace("\n", "\r\n"))

    assert meant is not None
    assert meant.lines == ("1.7", "2.0")


PIECES = st.sampled_from(
    [
        "v1.6",
        "1.7",
        "v2.0",
        "v2.10",
        "2.3.1",
        ", ",
        " or ",
        ", or ",
        " and ",
        " or later",
        ">= ",
        ".",
        "v",
        "1",
        " ",
        "-",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join)))
def test_no_line_is_told_that_the_text_does_not_hold(versions: str) -> None:
    meant = read_sentence(notes(versions))

    for line in meant.lines if meant else ():
        assert re.search(rf"(?<![0-9.]){re.escape(line)}(?!\.?[0-9])", versions)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 99)), min_size=1, max_size=6, unique=True))
def test_every_list_in_nerdctls_form_is_read_whole(minors: list[tuple[int, int]]) -> None:
    lines = [f"{major}.{minor}" for major, minor in minors]
    text = [f"v{line}" for line in lines]
    joined = f"{', '.join(text[:-1])}, or {text[-1]}." if len(text) > 1 else f"{text[0]}."

    meant = read_sentence(notes(joined))

    assert meant is not None
    assert list(meant.lines) == lines


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_sentence(text)
    read_sentence(SENTENCE + text)
