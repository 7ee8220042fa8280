"""Whatever a text is: nothing is raised, positions are true, and the time is near to its length."""

from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pins.vocabulary import VOCABULARY, reading
from tracker.pins import FoundPin, Reading, Term, UnresolvedPin, Vocabulary, decode, is_text, read_pins

PATHS = ("a.sh", "README.md", "a.py", "a.yml", "a.json", "Dockerfile", "a.ps1", "-")
WORDS = (
    *("containerd", "CONTAINERD_VERSION", "nerdctl", "runtime", "image", "version", "default", "name", "tag", "V", "v"),
    *("1.7.14", "v2.0.1", "ltsc2022", "latest", "main", "runc@1.1.5", "hyperv", "0123456789abcdef", "~1.7", "1.7.x"),
    *("https://github.com/containerd/containerd", "/releases/download/", "/archive/", "/releases/latest", "@", ".git"),
    *("mcr.microsoft.com/windows/nanoserver", "busybox", ":", "=", ":=", "?=", "==", "=>", "-", "--", "- ", "  ", "\t"),
    *("$", "${", "}", "$(", ")", "{{", "}}", "${{", "%", "`", "'", '"', "[", "]", "{", "}", "#", "##", "%%", ":-", ","),
    *(
        "\n",
        "\r\n",
        "\n\n",
        "```\n",
        "<#",
        "#>",
        "/*",
        "*/",
        "<!--",
        "-->",
        " # ",
        " // ",
        "# tracker: ",
        "ENV ",
        "FROM ",
    ),
    *(
        "\0",
        "\ufeff",
        "\U000f0000",
        "\U000ffffd",
        "\u2028",
        "\x1b[31m",
        "\uff11.\uff12.\uff13",
        "\u017f",
        "\u212a",
        "\xe9",
        "\ud800",
    ),
)
texts = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))


@given(text=texts, path=st.sampled_from(PATHS))
@example(text="V=$V\nV=${V}${V}\ncontainerd_version=$V\n", path="a.sh")
@example(text="containerd_version=${V:-${V:-${V:-${V:-${V:-${V:-1.7.14}}}}}}\n", path="a.sh")
@example(text="FROM mcr.microsoft.com/windows/nanoserver:\0", path="a.sh")
@example(text="containerd_version=\uff11.\uff12.\uff13\x1b[31m", path="a.sh")
@example(text="A=$B\nB=$A\ncontainerd_version=$A\n", path="a.sh")
def test_every_text_can_be_read_and_every_pin_lies_in_it(text: str, path: str) -> None:
    read = reading(text, path)

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert isinstance(read, Reading)
    everything: tuple[FoundPin | UnresolvedPin, ...] = (*read.pins, *read.unresolved)
    for found in everything:
        assert found.path == path
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert len(found.text) <= 200
        assert found.text.isprintable()
    for pin in read.pins:
        assert pin.version
        assert not pin.version.startswith("v")
        assert 1 <= pin.written_on <= len(lines)
        assert pin.version.isascii()
        assert pin.version.isprintable()
    for unresolved in read.unresolved:
        assert unresolved.why
        assert unresolved.why.isprintable()


@given(text=texts, path=st.sampled_from(PATHS))
def test_a_reading_is_ordered_by_line_and_column_and_is_the_same_again(text: str, path: str) -> None:
    read = reading(text, path)

    for found in (read.pins, read.unresolved):
        places = [(one.line, one.column) for one in found]
        assert places == sorted(places)
    assert read == reading(text, path)


@given(before=st.lists(st.sampled_from(["", "x y", "# note", "other=1"]), max_size=5), text=texts)
def test_unrelated_lines_before_a_text_only_move_it(before: list[str], text: str) -> None:
    moved = reading("".join(f"{line}\n" for line in before) + text, "a.sh")

    plain = reading(text, "a.sh")
    assert [(pin.line - len(before), pin.name, pin.version) for pin in moved.pins] == [
        (pin.line, pin.name, pin.version) for pin in plain.pins
    ]


@given(
    version=st.from_regex(r"(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}(-(alpha|beta|rc)\.[0-9])?", fullmatch=True)
)
def test_any_version_is_read_as_it_is_written_in_every_form(version: str) -> None:
    forms = (
        f"containerd = '{version}'",
        f"containerd_version: v{version}",
        f"https://github.com/containerd/containerd/releases/download/v{version}/x.zip",
        f"V={version}; curl https://github.com/containerd/containerd/archive/v$V.tar.gz",
        f"engine v{version} # tracker: containerd",
    )

    for form in forms:
        assert [(pin.name, pin.version) for pin in reading(form).pins] == [("containerd-windows", version)], form


@given(names=st.lists(st.text(max_size=8), max_size=6), text=texts)
def test_any_vocabulary_can_be_asked_for(names: list[str], text: str) -> None:
    terms = tuple(
        Term(name=name, factor=name[:1], repositories=(name, f"{name}/{name}"), images=(name,), aliases=(name[::-1],))
        for name in names
    )
    vocabulary = Vocabulary(terms=terms, variants={name: (name,) for name in names})

    read = read_pins(text, path="a", vocabulary=vocabulary)

    assert isinstance(read, Reading)


@given(st.binary())
def test_any_bytes_can_be_decoded(content: bytes) -> None:
    assert isinstance(decode(content), str)
    assert isinstance(is_text(content), bool)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_known_and_decoded_by_its_byte_order_mark(encoding: str) -> None:
    content = "containerd=1.7.14 é\n".encode(encoding)

    assert is_text(content)
    assert decode(content) == "containerd=1.7.14 é\n"


def test_bytes_that_are_no_utf_8_are_replaced_and_binaries_are_known() -> None:
    assert decode(b"containerd=1.7.14 \xff") == "containerd=1.7.14 \N{REPLACEMENT CHARACTER}"
    assert not is_text(b"MZ\x90\0\x03")
    assert is_text(b"")


@pytest.mark.parametrize("text", ["micro\u017foft/windows-container-networking@v0.3.1", "FROM bu\u017fybox:1.36.1"])
def test_a_letter_that_only_folds_to_another_is_another(text: str) -> None:
    assert reading(f"containerd {text}") == Reading()


def test_nothing_known_means_nothing_found() -> None:
    assert read_pins("containerd=1.7.14", path="a", vocabulary=Vocabulary(terms=())) == Reading()


HOSTILE = {
    "names": "a" * 200_000,
    "spaces": "containerd" + " " * 200_000 + "x",
    "open braces": "${" * 100_000,
    "open parentheses": "$(" * 100_000,
    "nested defaults": "${a:-" * 50_000,
    "templates": "{{" * 100_000,
    "brackets": "[{" * 100_000,
    "closing": "containerd={" * 20_000 + "}" * 100_000,
    "quotes": "containerd='" * 20_000,
    "double quotes": 'containerd="' * 20_000,
    "dots": "1." * 100_000,
    "dashes": "--" * 100_000,
    "versions": "containerd-1.7.14-" * 10_000,
    "repositories": "containerd/containerd/" * 10_000,
    "references": "containerd/containerd@" * 10_000,
    "clones": "git clone containerd/containerd " * 6_000,
    "images": "docker run mcr.microsoft.com/windows/nanoserver " * 4_000,
    "percents": "%a" * 100_000,
    "hashes": " #x" * 60_000,
    "comments": '" # ' * 50_000,
    "marks": "# tracker:" * 20_000,
    "dependencies": "# depName" * 20_000,
    "loops": "for " * 50_000,
    "reads": "read " * 40_000,
    "colons": "containerd:" * 20_000,
    "ranges": "containerd='" + "1 - " * 70 + "'",
}


@pytest.mark.parametrize(("name", "path"), list(product(HOSTILE, ["a.sh", "a.md"])))
def test_one_hostile_line_costs_no_more_than_its_length(name: str, path: str) -> None:
    line = HOSTILE[name]
    quarter = line[: len(line) // 4]

    short = min(_seconds(f"containerd=1.7.14\n{quarter}\n", path) for _ in range(2))
    long = _seconds(f"containerd=1.7.14\n{line}\n", path)

    # Four times the length; a square would cost sixteen times as much.
    assert long < 12 * short + 0.2


def test_variables_that_double_do_not_grow_without_end() -> None:
    text = "V=containerd\n" + "V=$V$V\n" * 200 + "containerd_version=$V\n"

    assert reading(text).pins == ()


def test_a_text_of_many_lines_is_read_in_its_own_time() -> None:
    lines = [f"key_{number}: value # {number}\nrun: install ${{key_{number}}} 1.{number}\n" for number in range(5_000)]

    few = _seconds("containerd=1.7.14\n" + "".join(lines[:1250]), "a.yml")
    many = _seconds("containerd=1.7.14\n" + "".join(lines), "a.yml")

    assert many < 12 * few + 0.2


def _seconds(text: str, path: str) -> float:
    started = time.process_time()
    read_pins(text, path=path, vocabulary=VOCABULARY)
    return time.process_time() - started
