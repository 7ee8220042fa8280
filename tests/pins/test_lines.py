"""Comments, marks and prose."""

from __future__ import annotations

import pytest

from tests.pins.vocabulary import pin, pins, reading, unresolved
from tracker.pins.reading import Form, Reading

RELEASE = "https://github.com/containerd/containerd/releases/download/v1.7.14/x.zip"


@pytest.mark.parametrize(
    "line",
    [
        "  download('1.7.14')  # tracker: containerd",
        "  download('v1.7.14')  // tracker: containerd-windows",
        "engine 1.7.14 ; tracker: containerd",
        "engine 1.7.14 -- tracker: containerd",
        "curl engine-1.7.14 & REM tracker: containerd",
        "| engine | 1.7.14 | <!-- tracker: containerd -->",
        "engine 1.7.14 # tracker:containerd/containerd",
        "# tracker: containerd\nengine 1.7.14",
        "// tracker: containerd\n\nengine 1.7.14",
        "<!-- tracker: containerd -->\n| engine | 1.7.14 |",
        "rem tracker: containerd\nengine 1.7.14",
        "# tracker: containerd\n<!-- more words -->\nengine 1.7.14",
        "# renovate: datasource=github-releases depName=containerd/containerd\nENGINE=1.7.14",
        "VERSION=1.7.14 # tracker: containerd",
        "V=1.7.14\nengine $V # tracker: containerd",
    ],
)
@pytest.mark.parametrize("path", ["a.sh", "a.md"])
def test_a_mark_names_the_part_whose_version_a_line_holds(line: str, path: str) -> None:
    if path == "a.md" and "$" in line:
        line = f"```sh\n{line}\n```"

    found = pin(line, path)

    assert (found.name, found.version, found.form) == ("containerd-windows", "1.7.14", Form.COMMENT)


def test_a_mark_speaks_of_one_line_only() -> None:
    assert pins("# tracker: containerd\nengine 1.7.14\nother 9.9.9\n") == ["2 containerd-windows 1.7.14"]


def test_a_mark_wins_over_what_the_line_seems_to_say() -> None:
    assert pins("nerdctl=1.7.14 # tracker: containerd") == ["1 containerd-windows 1.7.14"]


def test_a_known_version_need_not_look_like_one() -> None:
    assert pins("base ltsc2022 of 10.0 # tracker: nanoserver") == ["1 nanoserver ltsc2022"]


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("x 1.2.3 # tracker: thing", "thing", "nothing that is watched is called 'thing'"),
        ("x # tracker: containerd", "containerd-windows", "the line holds nothing that looks like a version"),
        ("x $V # tracker: containerd", "containerd-windows", "the version is $V, which this text does not set"),
        ("# tracker: containerd\nx\n", "containerd-windows", "the line holds nothing that looks like a version"),
    ],
)
def test_a_mark_that_leads_nowhere_is_listed_with_its_reason(text: str, name: str, why: str) -> None:
    found = unresolved(text)

    assert (found.name, found.why, found.form) == (name, why, Form.COMMENT)


def test_another_program_s_mark_of_something_unknown_is_no_matter() -> None:
    assert reading("# renovate: depName=example/other\nOTHER=1.2.3\n") == Reading()


@pytest.mark.parametrize(
    "text",
    ["containerd=1.7.14 # tracker: ignore", "# tracker: ignore\ncontainerd=1.7.14", f"// tracker: ignore\n{RELEASE}"],
)
def test_a_line_can_be_left_out(text: str) -> None:
    assert reading(text) == Reading()


def test_a_line_that_is_left_out_still_sets_its_variable() -> None:
    text = "CONTAINERD_VERSION=1.7.14 # tracker: ignore\ncurl https://github.com/containerd/containerd/archive/v$CONTAINERD_VERSION.zip"

    assert pins(text) == ["2 containerd-windows 1.7.14"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# containerd=1.7.14", "a.sh"),
        (f"    // {RELEASE}", "a.go"),
        ("; containerd = 1.7.14", "a.ini"),
        ("REM containerd=1.7.14", "a.cmd"),
        (":: containerd=1.7.14", "a.cmd"),
        ("<#\ncontainerd=1.7.14\n#>", "a.ps1"),
        ("/* one\n containerd = '1.7.14'\n*/", "a.js"),
        ("<!--\ncontainerd=1.7.14\n-->", "a.xml"),
        ("x=1  # containerd=1.7.14", "a.sh"),
        ("let x = 1; // containerd = '1.7.14'", "a.js"),
    ],
)
def test_what_a_comment_says_is_no_pin(text: str, path: str) -> None:
    assert reading(text, path) == Reading()


def test_what_comes_after_a_block_of_comment_counts() -> None:
    assert pins("<#\nnerdctl=1.7.4 #>\ncontainerd=1.7.14\n", "a.ps1") == ["3 containerd-windows 1.7.14"]


def test_a_hash_inside_quotes_or_words_begins_no_comment() -> None:
    assert pins('echo "a # b" containerd=1.7.14\nx=a#b nerdctl=1.7.4\n') == [
        "1 containerd-windows 1.7.14",
        "2 nerdctl 1.7.4",
    ]


def test_prose_is_no_pin_but_its_addresses_are() -> None:
    text = f"containerd: 1.7.14 is old, nerdctl=1.7.4 too.\n\nGet [it]({RELEASE}), or containerd/containerd@v2.0.1.\n"

    assert pins(text, "README.md") == ["3 containerd-windows 1.7.14"]


def test_a_link_in_prose_that_names_no_version_is_no_matter() -> None:
    text = (
        "See <https://github.com/containerd/containerd/releases/latest> and\n"
        "https://github.com/containerd/containerd/raw/main/README.md or\n"
        "[file](https://raw.githubusercontent.com/containerd/containerd/main/x).\n"
    )

    assert reading(text, "README.md") == Reading()


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_fenced_code_in_prose_is_code(fence: str) -> None:
    text = f"nerdctl=1.7.4\n\n{fence}sh\ncontainerd=1.7.14\n# nerdctl=1.7.4\n{fence}\n\nnerdctl=1.7.4\n"

    assert pins(text, "README.md") == ["4 containerd-windows 1.7.14"]


def test_fenced_code_may_be_indented_in_a_list() -> None:
    assert pins("1. Install:\n\n   ```\n   containerd=1.7.14\n   ```\n", "a.md") == ["4 containerd-windows 1.7.14"]


def test_a_hash_is_a_prompt_in_a_console() -> None:
    assert pins("```console\n# containerd=1.7.14 ./install\n```\n", "a.md") == ["2 containerd-windows 1.7.14"]


def test_what_one_fence_stands_under_means_nothing_in_the_next() -> None:
    assert reading("```toml\n[containerd]\n```\n\n```toml\nversion = '3.1.4'\n```\n", "a.md") == Reading()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(end: str) -> None:
    text = end.join(["a\x0cb\x0bc\u2028d", "", "containerd=1.7.14", ""])

    assert pins(text) == ["3 containerd-windows 1.7.14"]
