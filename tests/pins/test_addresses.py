"""Versions in addresses."""

from __future__ import annotations

import pytest

from tests.pins.vocabulary import pin, pins, reading, unresolved
from tracker.pins.reading import Form

CONTAINERD = "https://github.com/containerd/containerd"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "address",
    [
        f"{CONTAINERD}/releases/download/v1.7.14/containerd-1.7.14-windows-amd64.tar.gz",
        f"{CONTAINERD}/releases/tag/v1.7.14",
        f"{CONTAINERD}/archive/refs/tags/v1.7.14.tar.gz",
        f"{CONTAINERD}/archive/v1.7.14.zip",
        f"{CONTAINERD}/tarball/v1.7.14",
        f"{CONTAINERD}/raw/v1.7.14/containerd.service",
        "https://raw.githubusercontent.com/containerd/containerd/v1.7.14/containerd.service",
        "https://raw.githubusercontent.com/containerd/containerd/refs/tags/v1.7.14/containerd.service",
        "https://codeload.github.com/containerd/containerd/tar.gz/refs/tags/v1.7.14",
        "https://api.github.com/repos/containerd/containerd/releases/tags/v1.7.14",
        "https://mirror.example/github.com/containerd/containerd/releases/download/v1.7.14/some.zip",
        "git+https://github.com/containerd/containerd.git@v1.7.14",
        "git::https://github.com/containerd/containerd.git?ref=v1.7.14",
        "https://github.com/Containerd/Containerd/releases/download/V1.7.14/x.zip",
    ],
)
def test_an_address_of_a_known_repository_names_a_version(address: str) -> None:
    assert pins(f"curl -fLO {address}") == ["1 containerd-windows 1.7.14"]


@pytest.mark.parametrize(
    "line",
    [
        "go install github.com/containerd/nerdctl@v1.7.4",
        "go install github.com/containerd/nerdctl/v2/cmd/nerdctl@v1.7.4",
        "      - uses: containerd/nerdctl@v1.7.4",
        "git clone --depth 1 --branch v1.7.4 https://github.com/containerd/nerdctl.git",
        "git clone -b 'v1.7.4' git@github.com:containerd/nerdctl.git src",
        "git clone https://github.com/containerd/nerdctl --branch=v1.7.4",
        "gh release download v1.7.4 --repo containerd/nerdctl -p '*windows*'",
        "gh release download -R containerd/nerdctl 'v1.7.4'",
    ],
)
def test_a_reference_behind_a_repository_names_a_version(line: str) -> None:
    found = pin(line)

    assert (found.name, found.version, found.form) == ("nerdctl", "1.7.4", Form.DOWNLOAD_URL)


def test_a_pin_tells_where_it_stands() -> None:
    text = f"\n\n  Invoke-WebRequest '{CONTAINERD}/releases/download/v1.7.14/x.zip'\n"

    found = pin(text, "setup/install.ps1")

    assert (found.path, found.line, found.written_on) == ("setup/install.ps1", 3, 3)
    assert text.splitlines()[2][found.column - 1 :].startswith("1.7.14/")
    assert found.text == f"Invoke-WebRequest '{CONTAINERD}/releases/download/v1.7.14/x.zip'"


def test_of_a_long_line_the_place_of_the_pin_is_shown() -> None:
    text = pin(f"{'y ' * 1000}{CONTAINERD}/releases/download/v1.7.14/{'x' * 1000}").text

    assert len(text) <= 200
    assert "/v1.7.14/" in text


@pytest.mark.parametrize(
    ("address", "why"),
    [
        pytest.param(
            f"{CONTAINERD}/releases/latest/download/x.zip",
            "the newest release is another one from day to day",
            id="newest",
        ),
        pytest.param(
            "https://api.github.com/repos/containerd/containerd/releases/latest",
            "the newest release is another one from day to day",
            id="newest by the API",
        ),
        pytest.param(
            f"{CONTAINERD}/archive/refs/heads/release/1.7.zip",
            "'release' is a branch, which is no version",
            id="branch's archive",
        ),
        pytest.param(
            "https://raw.githubusercontent.com/containerd/containerd/main/containerd.service",
            "'main' is a branch, which is no version",
            id="branch",
        ),
        pytest.param(
            f"go install github.com/containerd/containerd@{COMMIT}",
            f"'{COMMIT}' is a commit, which is no version",
            id="commit",
        ),
        pytest.param(
            "gh release download -R containerd/containerd -p '*amd64*'",
            "the newest release is another one from day to day",
            id="fetched newest",
        ),
        pytest.param(
            "gh release download $V -R containerd/containerd",
            "the version is $V, which this text does not set",
            id="fetched by a variable",
        ),
        pytest.param("uses: containerd/containerd@v1", "'v1' is a line of versions, not one of them", id="line"),
        pytest.param(f"{CONTAINERD}/releases/download/v<VERSION>/x", "the text ends before the version", id="place"),
        pytest.param(
            f"fetch('{CONTAINERD}/releases/download/%s/x')",
            "'%s' is a place that something else fills in",
            id="formatted",
        ),
        pytest.param(
            f"'{CONTAINERD}/releases/download/v{{0}}/x' -f $v",
            "the version is {0}, which this text does not set",
            id="numbered",
        ),
        pytest.param(
            f"{CONTAINERD}/releases/download/api%2Fv1.7.14/x", "'api%2Fv1.7.14' is no version", id="part of it"
        ),
    ],
)
def test_an_address_without_a_version_is_listed_with_its_reason(address: str, why: str) -> None:
    found = unresolved(address)

    assert (found.name, found.why, found.form) == ("containerd-windows", why, Form.DOWNLOAD_URL)


def test_a_comment_beside_a_commit_tells_its_version() -> None:
    line = f"      - uses: example/setup-thing@{COMMIT}  # v3.1.0"

    found = pin(line, "ci.yml")

    assert (found.version, found.form) == ("3.1.0", Form.COMMENT)
    assert line[found.column - 1 :] == "3.1.0"


@pytest.mark.parametrize(
    "line",
    [
        "https://github.com/containerd/containerd",
        "https://github.com/containerd/containerd#readme",
        "https://github.com/containerd/containerd/compare/v1.7.13...v1.7.14",
        "https://github.com/containerd/containerd/blob/v1.7.14/README.md",
        "https://github.com/somebody/containerd/releases/download/v1.7.14/x",
        "https://github.com/containerd/containerd-extra/releases/download/v1.7.14/x",
        "https://github.com/xcontainerd/containerd/releases/download/v1.7.14/x",
        "git clone https://github.com/containerd/containerd.git",
        "import github.com/containerd/containerd/api@v1.7.14",
        "cd /go/src/github.com/containerd/containerd && make",
    ],
)
def test_an_address_that_pins_nothing_is_no_pin(line: str) -> None:
    assert reading(line) == reading("")


@pytest.mark.parametrize(
    "line",
    [
        f"Works with [containerd >= v1.7]({CONTAINERD}/releases/tag/v1.7.14).",
        f"Works with [containerd v1.7 or later]({CONTAINERD}/releases/tag/v1.7.14).",
        f"Works with [containerd 1.7.14+]({CONTAINERD}/releases/tag/v1.7.14).",
        f"Works with [containerd]({CONTAINERD}/releases/tag/v1.7.14) and newer.",
        f"There since [1.7.14]({CONTAINERD}/releases/tag/v1.7.14).",
        f"There are builds starting with {CONTAINERD}/releases/tag/v1.7.14 for all.",
    ],
)
def test_a_link_that_says_from_which_release_on_something_works_is_no_pin(line: str) -> None:
    assert reading(line, "README.md") == reading("")


@pytest.mark.parametrize(
    "line",
    [
        f"> Take <{CONTAINERD}/releases/tag/v1.7.14>.",
        f'Take <a href="{CONTAINERD}/releases/tag/v1.7.14">this one</a>.',
        f"Before you begin, take [this one]({CONTAINERD}/releases/tag/v1.7.14).",
        f"At least once take {CONTAINERD}/releases/download/v1.7.14/containerd.zip.",
    ],
)
def test_a_link_to_the_release_that_is_meant_is_a_pin(line: str) -> None:
    assert pins(line, "README.md") == ["1 containerd-windows 1.7.14"]


def test_quotes_of_the_shell_do_not_hide_a_version() -> None:
    text = (
        f'R={CONTAINERD}\nV=1.7.14\ncurl "${{R}}"/releases/download/"v${{V}}"/x\ncurl {CONTAINERD}/archive/v"$V".zip\n'
    )

    assert pins(text) == ["3 containerd-windows 1.7.14", "4 containerd-windows 1.7.14"]


def test_an_address_in_a_variable_counts_where_it_is_written() -> None:
    assert pins(f"url={CONTAINERD}/releases/download/v1.7.14/x\ncurl $url\n") == ["1 containerd-windows 1.7.14"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("containerd-1.7.14-windows-amd64.tar.gz", "1 containerd-windows 1.7.14"),
        ("nerdctl-full-1.7.4-linux-amd64.tar.gz", "1 nerdctl 1.7.4"),
        ("cni-plugins-windows-amd64-v1.0.0.tgz", "1 containernetworking-plugins 1.0.0"),
        (
            "windows-container-networking-cni-amd64-v0.3.0.zip",
            "1 windows-container-networking 0.3.0",
        ),
        ("containerd-2.1.0-rc.1-windows-amd64.tar.gz", "1 containerd-windows 2.1.0-rc.1"),
    ],
)
def test_a_file_of_a_release_is_known_by_its_name_on_any_mirror(name: str, expected: str) -> None:
    assert pins(f"curl -O https://files.example:8443/mirror/{name}") == [expected]
    assert pins(f"Get https://files.example/{name}, then unpack it.", "README.md") == [expected]


def test_a_file_whose_version_is_a_variable_is_resolved_or_listed() -> None:
    line = "curl https://files.example/containerd-${VERSION}-windows-amd64.zip"

    assert pins(f"VERSION=1.7.14\n{line}") == ["2 containerd-windows 1.7.14"]
    assert unresolved(line).why == "the version is ${VERSION}, which this text does not set"


@pytest.mark.parametrize(
    "line",
    [
        "tar xf containerd-1.7.14-windows-amd64.tar.gz",
        "curl https://files.example/containerd-shim-1.7.14.zip",
        "curl https://files.example/my-containerd-1.7.14.zip",
        "curl https://files.example/containerd-1.7.14-notes.html",
        "curl https://files.example/containerd-${ARCH}.zip",
    ],
)
def test_a_file_of_something_else_is_no_pin(line: str) -> None:
    assert reading(line) == reading("")
