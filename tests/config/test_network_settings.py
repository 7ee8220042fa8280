"""The table [network]: what it says, and what is wrong with it, without any secret in an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.config import read_config
from tracker.errors import ConfigError
from tracker.network.proxies import proxy_for

if TYPE_CHECKING:
    from pathlib import Path


def test_the_proxys_login_comes_from_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "login").write_bytes(b"\xef\xbb\xbfsvc:p/a:s@s\r\n")
    (tmp_path / "login").chmod(0o600)
    monkeypatch.setenv("PROXY_LOGIN", "svc:other")
    path = tmp_path / "tracker.toml"

    path.write_text('[network]\nproxy = "http://proxy.example:3128"\nproxy_login = { file = "login" }\n')
    by_file = read_config(path).network
    path.write_text('[network]\nproxy = "http://proxy.example:3128"\nproxy_login = { env = "PROXY_LOGIN" }\n')
    by_variable = read_config(path).network

    assert proxy_for("https://a.example/", by_file) == "http://svc:p%2Fa%3As%40s@proxy.example:3128"
    assert proxy_for("https://a.example/", by_variable) == "http://svc:other@proxy.example:3128"


@pytest.mark.parametrize("place", ['{ env = "UNSET" }', '{ env = "LOGIN" }', '{ file = "absent" }'])
def test_a_login_that_is_none_is_told_when_it_is_needed_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("LOGIN", "hunter2")
    path = tmp_path / "tracker.toml"
    path.write_text(f'[network]\nproxy = "http://proxy.example:3128"\nproxy_login = {place}\n')

    network = read_config(path).network
    with pytest.raises(ConfigError) as caught:
        proxy_for("https://a.example/", network)

    assert "hunter2" not in str(caught.value)


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
        ('proxy_login = { env = "X" }', "proxy_login is set, and proxy is not"),
        ('proxy = "http://p:1"\nproxy_login = "svc:hunter2"', "must be the place of the secret"),
        ('proxy = "http://a:hunter2@p:1"\nproxy_login = { env = "LOGIN" }', "holds a name as well"),
        ('no_proxy = "a"', "network.no_proxy = 'a': must be a list"),
        ('[network.rewrite]\n"a b" = "https://m"', "is no place"),
        ('[network.rewrite]\n"ftp://a" = "https://m"', "is no place"),
        ('[network.rewrite]\n"a" = "m.example"', "must be https://HOST/PATH or file:///PATH"),
        ('[network.rewrite]\n"a" = "https://u:hunter2@m"', "without name, password"),
        ('[network.rewrite]\n"a" = 5', "must be https://HOST/PATH"),
        ('[network.rewrite]\n"a" = { url = "https://m", tokens = true }', "unknown key 'network.rewrite.a.tokens'"),
    ],
)
def test_a_mistake_is_told_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setenv("LOGIN", "svc:hunter2")
    path = tmp_path / "tracker.toml"
    path.write_text(text if text.startswith("[") else f"[network]\n{text}\n")

    with pytest.raises(ConfigError) as caught:
        read_config(path)

    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)
