"""A run's programs see where the system lies and the proxy, and nothing else of the tracker's environment."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from tracker.smoke.environment import minimal_environment, proxy_environment, without_credentials

OURS = {
    "SystemRoot": r"C:\Windows",
    "ComSpec": r"C:\Windows\system32\cmd.exe",
    "PATHEXT": ".COM;.EXE",
    "Path": r"C:\tracker;C:\Windows",
    "GITHUB_TOKEN": "secret",
    "USERPROFILE": r"C:\Users\admin",
    "TEMP": r"C:\Users\admin\Temp",
}
WORDS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/@:?#[]\\%"), min_size=1
)


def test_on_windows_the_system_is_found_and_everything_personal_lies_in_the_workspace() -> None:
    found = minimal_environment(cast("PurePosixPath", PureWindowsPath(r"D:\runs\1\work")), OURS, system="nt")  # type: ignore[arg-type]

    assert found["SystemRoot"] == r"C:\Windows"
    assert found["PATH"].startswith(r"C:\Windows\System32;C:\Windows;")
    assert "C:\\tracker" not in found["PATH"]
    assert found["USERPROFILE"] == found["TEMP"] == found["APPDATA"] == r"D:\runs\1\work"
    assert "secret" not in found.values()


def test_elsewhere_it_is_four_variables() -> None:
    found = minimal_environment(PurePosixPath("/runs/1/work"), OURS, system="posix")  # type: ignore[arg-type]

    assert sorted(found) == ["HOME", "LANG", "PATH", "TMPDIR"]


@given(user=WORDS, password=WORDS)
def test_neither_user_nor_password_of_a_proxy_reaches_a_run(user: str, password: str) -> None:
    found = proxy_environment(f"http://{user}:{password}@proxy.example:3128", {})

    assert found["HTTPS_PROXY"] == found["https_proxy"] == "http://proxy.example:3128"


@given(st.text())
def test_what_is_no_address_tells_nothing(text: str) -> None:
    told = without_credentials(text)

    assert "@" not in told


def test_the_settings_come_before_the_environment_and_this_machine_is_asked_directly() -> None:
    environ = {"HTTPS_PROXY": "http://u:p@other.example:1", "no_proxy": ".corp.example"}

    assert proxy_environment("", environ)["HTTPS_PROXY"] == "http://other.example:1"
    assert proxy_environment("", environ)["NO_PROXY"] == ".corp.example,127.0.0.1,localhost,::1"
    found = proxy_environment("proxy.example:3128", environ, direct=["mirror.example"])
    assert found["HTTP_PROXY"] == "http://proxy.example:3128"
    assert found["NO_PROXY"] == "mirror.example,127.0.0.1,localhost,::1"


def test_without_a_proxy_there_is_no_variable() -> None:
    assert proxy_environment("", {"PATH": "/bin"}) == {}


def test_on_windows_no_two_names_differ_by_their_case_alone() -> None:
    found = proxy_environment("", {"http_proxy": "p:1", "HTTPS_PROXY": "p:1", "no_proxy": ".corp.example"}, system="nt")

    assert sorted(found) == ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]
    assert found["NO_PROXY"].startswith(".corp.example,127.0.0.1")
