"""The table [network]: what it says, and what is wrong with it, without any secret in an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.config import read_config
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_proxys_credentials_come_from_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "login").write_bytes(b"\xef\xbb\xbfsvc:p/a:s@s\r\n")
    monkeypatch.setenv("PROXY_LOGIN", "svc:other")
    path = tmp_path / "tracker.toml"

    path.write_text('[network]\nproxy = "http://proxy.example:3128"\nproxy_credentials_file = "login"\n')
    by_file = read_config(path).network
    path.write_text('[network]\nproxy = "http://proxy.example:3128"\nproxy_credentials_env = "PROXY_LOGIN"\n')
    by_variable = read_config(path).network

    assert by_file.proxy == "http://svc:p%2Fa%3As%40s@proxy.example:3128"
    assert by_variable.proxy == "http://svc:other@proxy.example:3128"
    assert "other" not in repr(by_variable)


def test_mirrors_are_ordered_by_the_length_of_their_place(tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text(
        '[network.rewrite]\n"GitHub.com" = "https://mirror.example/gh/"\n'
        '"https://github.com/team/" = { url = "https://mirror.example/team", send_token = true }\n'
    )

    rules = read_config(path).network.rewrites

    assert [(one.prefix, one.target, one.is_trusted) for one in rules] == [
        ("https://github.com/team", "https://mirror.example/team", True),
        ("github.com", "https://mirror.example/gh", False),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('proxy_credentials_env = "X"', "network.proxy is not"),
        ('proxy = "http://p:1"\nproxy_credentials_env = "UNSET"', "the environment variable UNSET does not hold"),
        ('proxy = "http://p:1"\nproxy_credentials_file = "login"', "login does not hold one line NAME:PASSWORD"),
        ('proxy = "http://p:1"\nproxy_credentials_file = "absent"', "cannot be read"),
        ('proxy = "http://a:hunter2@p:1"\nproxy_credentials_env = "LOGIN"', "holds a name as well"),
        ('proxy = "http://p:1"\nproxy_credentials_env = "LOGIN"\nproxy_credentials_file = "login"', "stands beside"),
        ('no_proxy = "a"', "network.no_proxy = 'a': must be a list"),
        ('[network.rewrite]\n"a b" = "https://m"', "is no place"),
        ('[network.rewrite]\n"ftp://a" = "https://m"', "is no place"),
        ('[network.rewrite]\n"a" = "m.example"', "is no address of a mirror"),
        ('[network.rewrite]\n"a" = "https://u:hunter2@m"', "holds no name, password"),
        ('[network.rewrite]\n"a" = 5', "must be the address of a mirror"),
        ('[network.rewrite]\n"a" = { url = "https://m", tokens = true }', "unknown key 'network.rewrite.a.tokens'"),
    ],
)
def test_a_mistake_is_told_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setenv("LOGIN", "svc:hunter2")
    (tmp_path / "login").write_text("hunter2")
    path = tmp_path / "tracker.toml"
    path.write_text(text if text.startswith("[") else f"[network]\n{text}\n")

    with pytest.raises(ConfigError) as caught:
        read_config(path)

    assert told in caught.value.message
    assert "hunter2" not in str(caught.value)
