"""Pages and documents that list versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from werkzeug import Response

from tracker.errors import SourceError
from tracker.model import AssetRole, AssetRule, Component, TagRule
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from tests.plugins.url.conftest import Eye

_RULE = TagRule(version=r"v(?P<version>\d+\.\d+(?:-rc\d+)?)", line=r"\d+")
_DIGEST = "ab" * 32


def _component(
    server: HTTPServer, *, rule: TagRule | None = _RULE, assets: tuple[AssetRule, ...] = (), **options: str
) -> Component:
    return Component(
        name="tool",
        title="",
        source="url",
        scheme="",
        installer="",
        options={"kind": "listing", "url": server.url_for("/dl/"), **options},
        tags=rule,
        assets=assets,
        checksums=("{name}.sha256",),
    )


def _serve(server: HTTPServer, body: str, content_type: str = "text/html") -> None:
    server.clear()
    server.expect_request("/dl/").respond_with_data(body, content_type=content_type)


def test_a_page_of_links_becomes_releases_with_lines_and_pre_releases(eye: Eye, server: HTTPServer) -> None:
    _serve(
        server, '<a href="tool-v1.0.zip"> <a href="tool-v2.0-rc1.zip"> <a href="tool-v1.1.zip"> <a href="tool-vX.zip">'
    )

    observed = eye.look(_component(server, pattern=r'href="(?P<url>tool-(?P<version>[^"]*)\.zip)"'))

    assert [(one.version, one.line, one.is_prerelease) for one in observed.releases] == [
        ("1.0", "1", False),
        ("2.0-rc1", "2", True),
        ("1.1", "1", False),
    ]
    assert observed.keeps_old
    (remark,) = observed.remarks
    assert "vX" in remark
    first = observed.releases[0]
    assert first.channel == f"{server.host}:{server.port}/dl/"
    assert first.url == server.url_for("/dl/")
    assert [(one.name, one.url, one.role) for one in first.assets] == [
        ("tool-v1.0.zip", server.url_for("/dl/tool-v1.0.zip"), AssetRole.MAIN)
    ]


def test_a_json_document_becomes_releases_with_digests_and_dates(eye: Eye, server: HTTPServer) -> None:
    told = [{"version": "v1.0", "path": "/files/tool.zip", "sha256": _DIGEST, "date": "2026-03-01"}]
    _serve(server, json.dumps({"releases": told}), "application/json")

    (release,) = eye.look(
        _component(
            server,
            json_versions="$.releases[*]",
            json_url="path",
            json_digest="sha256",
            json_date="date",
            keeps_old="no",
        )
    ).releases

    (asset,) = release.assets
    assert (asset.url, asset.digest) == (server.url_for("/files/tool.zip"), f"sha256:{_DIGEST}")
    assert release.published_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_template_writes_out_the_files_of_a_version(eye: Eye, server: HTTPServer) -> None:
    _serve(server, "v1.0")
    template = "https://cdn.example/{version}/tool-{tag}.zip ../sums/tool-{tag}.zip.sha256"

    (release,) = eye.look(_component(server, pattern=r"(?P<version>v\d\.\d)", asset=template)).releases

    assert [(one.name, one.url, one.role) for one in release.assets] == [
        ("tool-v1.0.zip", "https://cdn.example/1.0/tool-v1.0.zip", AssetRole.MAIN),
        ("tool-v1.0.zip.sha256", server.url_for("/sums/tool-v1.0.zip.sha256"), AssetRole.CHECKSUM),
    ]


def test_a_digest_without_an_address_belongs_to_the_only_file(eye: Eye, server: HTTPServer) -> None:
    _serve(server, f"{_DIGEST}  v1.0\n{_DIGEST}  v1.1\n{'cd' * 32}  v1.1\n")
    pattern = r"^(?P<digest>\w{64})  (?P<version>v\d\.\d)$"

    one, two = eye.look(_component(server, pattern=pattern, asset="t-{tag}.zip")).releases
    (several, _) = eye.look(_component(server, pattern=pattern, asset="t-{tag}.zip u-{tag}.zip")).releases

    assert [asset.digest for asset in one.assets] == [f"sha256:{_DIGEST}"]
    assert [(asset.digest, asset.distrust) for asset in two.assets] == [(None, "the page tells two digests of it")]
    assert [asset.digest for asset in several.assets] == [None, None]


def test_files_of_several_platforms_are_one_release(eye: Eye, server: HTTPServer) -> None:
    rules = (
        AssetRule(platform="windows/amd64", pattern="tool-{tag}-win.zip"),
        AssetRule(platform="linux/amd64", pattern="tool-{tag}-lin.tgz"),
    )
    _serve(server, "tool-v1.0-win.zip tool-v1.0-lin.tgz tool-v1.0-src.tgz tool-v1.1-lin.tgz")
    eye.platforms = ("windows/amd64",)
    pattern = r"(?P<url>tool-(?P<version>v\d\.\d)-\w+\.\w+)"

    one, two = eye.look(_component(server, assets=rules, pattern=pattern)).releases

    assert [(each.name, each.role.value, each.platform) for each in one.assets] == [
        ("tool-v1.0-lin.tgz", "main", "linux/amd64"),
        ("tool-v1.0-win.zip", "main", "windows/amd64"),
        ("tool-v1.0-src.tgz", "other", ""),
    ]
    assert (one.awaits, two.awaits) == ((), ("windows/amd64",))


def test_without_a_rule_what_is_found_is_the_version(eye: Eye, server: HTTPServer) -> None:
    _serve(server, "2026a 2026b")

    releases = eye.look(_component(server, rule=None, pattern=r"(?P<version>\d{4}[a-z])")).releases

    assert [(one.version, one.line) for one in releases] == [("2026a", ""), ("2026b", "")]


def test_relative_addresses_count_from_where_the_page_really_lies(eye: Eye, server: HTTPServer) -> None:
    moved = Response(status=302, headers={"Location": "/new/place/list.html?sig=secret"})
    server.expect_request("/dl/").respond_with_response(moved)
    server.expect_request("/new/place/list.html").respond_with_data("v1.0")

    (release,) = eye.look(_component(server, pattern=r"(?P<version>v1.0)", asset="t-{tag}.zip")).releases

    assert release.assets[0].url == server.url_for("/new/place/t-v1.0.zip")


def test_a_new_version_is_news_and_the_same_page_is_not(eye: Eye, server: HTTPServer) -> None:
    component = _component(server, pattern=r"(?P<version>v\d\.\d)")
    _serve(server, "v1.0")
    eye.look(component)

    assert isinstance(eye.glance(component), NoNews)
    _serve(server, "v1.0 v1.1")
    assert [one.version for one in eye.look(component).releases] == ["1.0", "1.1"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>We are down for maintenance</h1>", "finds nothing there, which begins: <h1>We are down"),
        ("w1.0 w2.0", "none of 2 tags fits the tag rule's version"),
    ],
)
def test_a_page_without_any_version_is_an_error(eye: Eye, server: HTTPServer, body: str, expected: str) -> None:
    _serve(server, body)

    with pytest.raises(SourceError) as caught:
        eye.look(_component(server, pattern=r"(?P<version>[vw]\d\.\d)"))

    assert expected in caught.value.message
