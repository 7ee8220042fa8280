"""Where a token is found."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.http import Client, find_token
from tracker.http.addresses import read_origin
from tracker.protocols import CredentialHint, NetworkSettings

ORIGIN = "https://api.github.example"
PRINTS = (sys.executable, "-c", "print('from-the-program')")


def _hint(*, file: str = "", environment: tuple[str, ...] = (), command: tuple[str, ...] = ()) -> CredentialHint:
    return CredentialHint(origin=ORIGIN, file=file, environment=environment, command=command)


def _file(directory: Path, content: bytes) -> str:
    path = directory / "token"
    path.write_bytes(content)
    path.chmod(0o600)
    return str(path)


def test_the_file_comes_first_then_the_variables_in_order_then_the_program(tmp_path: Path) -> None:
    file = _file(tmp_path, b"from-the-file\n")
    variables = ("FIRST", "SECOND")
    environ = {**os.environ, "SECOND": "from-the-second"}

    assert find_token(_hint(file=file, environment=variables, command=PRINTS), environ) == "from-the-file"
    assert find_token(_hint(environment=variables, command=PRINTS), {**environ, "FIRST": " one "}) == "one"
    assert find_token(_hint(environment=variables, command=PRINTS), environ) == "from-the-second"
    assert find_token(_hint(environment=("FIRST",), command=PRINTS), environ) == "from-the-program"


@pytest.mark.skipif(os.name != "posix", reason="Windows has access lists, which a file inherits")
@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o602])
def test_a_file_that_others_can_get_at_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    file = _file(tmp_path, b"hush")
    Path(file).chmod(mode)

    with pytest.raises(ConfigError, match=r"others on this machine(.|\n)*chmod 600") as caught:
        find_token(_hint(file=file), {})
    assert "hush" not in str(caught.value)


def test_nothing_named_and_nothing_found_is_no_token() -> None:
    assert find_token(_hint(), {}) is None
    assert find_token(_hint(environment=("FIRST",)), {"FIRST": "  "}) is None


@pytest.mark.parametrize("content", [b"a-token", b"  a-token\r\n\r\n", b"\xef\xbb\xbfa-token\n"])
def test_what_editors_put_around_a_token_does_not_matter(content: bytes, tmp_path: Path) -> None:
    assert find_token(_hint(file=_file(tmp_path, content)), {}) == "a-token"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"hush one\n",
        b"hush\nhush\n",
        b"hush\x00",
        b"h\xc3\xbcsh",
        "hush".encode("utf-16"),
        b"hush" * 5000,
        b"hush\x7f",
    ],
)
def test_a_file_that_holds_no_token_is_named_without_its_content(content: bytes, tmp_path: Path) -> None:
    file = _file(tmp_path, content)

    with pytest.raises(ConfigError, match="one line of visible ASCII") as caught:
        find_token(_hint(file=file, environment=("FIRST",)), {"FIRST": "a-token"})

    assert file in caught.value.message
    assert "hush" not in f"{caught.value}{caught.value.__cause__}{caught.value.__context__}"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing: the token in it cannot be read: No such file"):
        find_token(_hint(file=str(tmp_path / "missing")), {})
    with pytest.raises(ConfigError, match="the token in it cannot be read"):
        find_token(_hint(file=str(tmp_path)), {})


def test_a_file_in_the_home_directory_may_be_named_with_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    _file(tmp_path, b"a-token")

    assert find_token(_hint(file=str(Path("~") / "token")), {}) == "a-token"


def test_a_variable_that_holds_no_token_is_named_without_its_content() -> None:
    with pytest.raises(ConfigError, match="the environment variable FIRST: is no token") as caught:
        find_token(_hint(environment=("FIRST",)), {"FIRST": "hush hush"})

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "program",
    ["import sys; sys.exit('not logged in')", "print('a-token'); raise SystemExit(1)", "", "print()"],
    ids=["fails", "prints-and-fails", "says-nothing", "says-an-empty-line"],
)
def test_a_program_that_gives_no_token_is_no_error(program: str) -> None:
    assert find_token(_hint(command=(sys.executable, "-c", program)), os.environ) is None


def test_a_program_that_is_missing_is_no_error(tmp_path: Path) -> None:
    assert find_token(_hint(command=("no-such-program-anywhere", "auth", "token")), os.environ) is None
    assert find_token(_hint(command=(str(tmp_path),)), os.environ) is None


def test_a_program_that_never_ends_is_left(tmp_path: Path) -> None:
    waits = (sys.executable, "-c", "import threading; threading.Event().wait()")

    assert find_token(_hint(command=waits), os.environ, limit_seconds=0.2) is None
    assert list(tmp_path.iterdir()) == []


def test_a_program_is_not_run_by_a_shell(tmp_path: Path) -> None:
    tells = "import sys; print(sys.argv[1].replace(' ', '_'))"

    assert find_token(_hint(command=(sys.executable, "-c", tells, f"; touch {tmp_path}/x")), os.environ) is not None
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_prints_more_than_a_token_is_named_without_what_it_prints() -> None:
    with pytest.raises(ConfigError, match="the output of `") as caught:
        find_token(_hint(command=(sys.executable, "-c", "print('hu'+'sh hu'+'sh')")), os.environ)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "api.github.example",
        "ftp://host",
        "https://",
        "https://host/path",
        "https://me@host",
        "https://host?a=b",
        "https://[::1",
        "https://host:port",
        "file:///etc",
    ],
)
def test_a_token_needs_an_origin_to_be_sent_to(origin: str) -> None:
    with Client(NetworkSettings()) as client, pytest.raises(ConfigError, match="no origin") as caught:
        client.authorized(origin, "hush-hush")

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("token", ["", "hush hush", "hush\n", "hush\r\nX-Other: 1", "h\u00fcsh"])
def test_a_token_that_cannot_be_sent_is_refused_without_being_shown(token: str) -> None:
    with Client(NetworkSettings()) as client, pytest.raises(ConfigError, match=r"api\.github\.example:443") as caught:
        client.authorized(ORIGIN, token)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://API.GitHub.example", "https://api.github.example:443"),
        ("http://host/", "http://host:80"),
        ("http://127.0.0.1:8620", "http://127.0.0.1:8620"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_origin_has_one_spelling(written: str, read: str) -> None:
    assert read_origin(written) == read
