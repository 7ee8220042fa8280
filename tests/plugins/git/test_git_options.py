"""What the configuration may say of repositories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.git.addresses import Address, read_address
from tracker.plugins.git.source import Git

from tests.plugins.git.history import COMPONENT, NOW, History, Look
from tracker.errors import ConfigError
from tracker.model import Branch, Component, Containment, PullRequest, Tag
from tracker.protocols import PollRequest, Target

if TYPE_CHECKING:
    from pathlib import Path


def _component(name: str = "wcn", **options: str) -> Component:
    return replace(COMPONENT, name=name, options=options)


def _targets(*components: Component, **options: object) -> tuple[Target, ...]:
    found: tuple[Target, ...] = Git().targets(components, options)
    return found


def test_a_repository_lies_on_github_unless_the_configuration_says_otherwise() -> None:
    (usual,) = _targets(_component(repository="owner/name"))
    (own,) = _targets(_component(repository="owner/name"), base_url="https://git.example.com/mirror/")
    (local,) = _targets(_component(repository="owner/name"), base_url="/srv/mirror")

    assert usual.name == usual.title == "https://github.com/owner/name"
    assert own.name == "https://git.example.com/mirror/owner/name"
    assert local.name == "/srv/mirror/owner/name"


def test_a_repository_is_asked_after_all_others_and_without_a_token() -> None:
    (target,) = _targets(_component(repository="owner/name"))

    assert target.is_follow_up
    assert target.credential is None


def test_all_that_is_asked_of_one_address_is_one_target() -> None:
    targets = _targets(
        _component(repository="owner/name", pull_requests="1"),
        _component(repository="owner/name", branches="main", pull_requests="2 1"),
        _component("other", url="https://github.com/owner/name/"),
        _component(repository="owner/fork"),
    )

    assert [target.name for target in targets] == ["https://github.com/owner/name", "https://github.com/owner/fork"]
    assert [one.name for one in targets[0].components] == ["wcn", "other"]


def test_each_component_of_a_repository_is_told_what_it_asks(look: Look) -> None:
    asking = (
        _component(url=look.address, pull_requests="96", branches="master"),
        _component(url=look.address, contains="#101"),
        _component("other", url=look.address),
    )
    (target,) = _targets(*asking)
    request = PollRequest(
        target=target,
        http=None,  # type: ignore[arg-type]  # git asks through a program of its own
        cursor="",
        options={},
        cache_dir=look.cache,
        now=NOW,
    )

    found = Git().poll(request).sightings

    own = [one for one in found if one.component == "wcn" and not isinstance(one, Tag)]
    assert {type(one) for one in own} == {Branch, PullRequest, Containment}
    assert {one.of for one in own if isinstance(one, Containment)} == {"head of #96", "#101"}
    assert {type(one) for one in found if one.component == "other"} == {Tag}
    assert len({one.place for one in found}) == len(found)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "exactly one of url and repository"),
        ({"url": "https://a/b", "repository": "a/b"}, "exactly one of url and repository"),
        ({"repository": "name"}, "owner/name"),
        ({"repository": "../name"}, "owner/name"),
        ({"repository": "a/../b"}, "owner/name"),
        ({"repository": "-a/b"}, "owner/name"),
        ({"repository": "a/b c"}, "owner/name"),
        ({"url": "ssh://host/a"}, "absolute path"),
        ({"url": "git@host:a/b"}, "absolute path"),
        ({"url": "relative/path"}, "absolute path"),
        ({"url": "ext::sh -c id"}, "absolute path"),
        ({"url": "--upload-pack=id"}, "begins with -"),
        ({"url": "https://host/a%0ab"}, "control character"),
        ({"url": "https:///a"}, "no host"),
        ({"url": "https://host/a?token=x"}, "must not hold"),
        ({"url": "file://host/a"}, "another machine"),
        ({"repository": "a/b", "pull_requests": "1 x"}, "number of a pull request"),
        ({"repository": "a/b", "pull_requests": "0"}, "number of a pull request"),
        ({"repository": "a/b", "pull_requests": "-1"}, "number of a pull request"),
        ({"repository": "a/b", "pull_requests": "1" * 30}, "number of a pull request"),
        ({"repository": "a/b", "contains": "abcdef"}, "full commit id"),
        ({"repository": "a/b", "pulls": "1"}, "no option of this source"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(options: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        _targets(_component(**options))

    assert "component wcn" in caught.value.message


def test_a_password_in_a_wrong_address_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        _targets(_component(url="https://me:secret@/a"))

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"base_url": "github.com"}, r"sources\.git\.base_url"),
        ({"base_url": 5}, r"sources\.git\.base_url"),
        ({"cache_mb": -1}, r"sources\.git\.cache_mb"),
        ({"cache_mb": True}, r"sources\.git\.cache_mb"),
        ({"time_limit_seconds": 0}, r"sources\.git\.time_limit_seconds"),
        ({"time_limit_seconds": "60"}, r"sources\.git\.time_limit_seconds"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_its_name(options: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        _targets(_component(repository="a/b"), **options)


def test_numbers_may_be_written_as_people_say_them(look: Look) -> None:
    (held,) = look.sightings(Containment, contains="#101")

    assert held.of == "#101"


def test_a_commit_may_be_named_by_its_id(look: Look, history: History) -> None:
    commit = history.git("rev-parse", "v0.3.0^{commit}")

    (held,) = look.sightings(Containment, contains=commit.upper())

    assert (held.of, held.commit) == (commit, commit)


def test_a_password_is_taken_out_of_the_address_and_decoded() -> None:
    address = read_address("https://me:p%40ss@host:8443/a/b/")

    assert address.shown == "https://host:8443/a/b"
    assert (address.user, address.password, address.origin) == ("me", "p@ss", "https://host:8443")
    assert address.without_secrets("x p@ss p%40ss me:p%40ss@ y") == "x ... ... ... y"


def test_a_path_is_an_address_that_needs_no_network(tmp_path: Path) -> None:
    assert read_address(str(tmp_path)).is_local
    assert read_address(tmp_path.as_uri()).is_local
    assert not read_address("http://host/a").is_local


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = read_address(text)
    except ValueError:
        return
    assert isinstance(address, Address)
    assert not address.shown.startswith("-")
