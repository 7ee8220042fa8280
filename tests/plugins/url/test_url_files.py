"""A file whose content is watched, such as a script that installs things."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.url.source import Url
from werkzeug import Request, Response

from tracker.errors import ConfigError, SourceError, UnreachableError
from tracker.model import Component, WatchedFile
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.plugins.url.conftest import Eye

# The shape of a script that people are told to run; the words are this test's own.
_SCRIPT = """<#
    .SYNOPSIS
        Puts a container runtime on this machine.
    .PARAMETER ContainerDVersion
        Which one; "1.6.6" when nothing is said.
#>
[CmdletBinding()]
param(
    [string]
    [ValidateNotNullOrEmpty()]
    $ContainerDVersion = "1.6.6",

    [string]
    $NerdCTLVersion = "0.21.0",

    [string]
    $WinCNIVersion = "0.3.0",

    [switch] $Force
)
"""
_NAMED = {
    "named.containerd": r"""(?i)\$ContainerDVersion\s*=\s*["'](?P<version>[0-9][^"']*)["']""",
    "named.nerdctl": r"""(?i)\$NerdCTLVersion\s*=\s*["'](?P<version>[0-9][^"']*)["']""",
    "named.windows-container-networking": r"""(?i)\$WinCNIVersion\s*=\s*["'](?P<version>[0-9][^"']*)["']""",
}
_MEANT = (("containerd", "1.6.6"), ("nerdctl", "0.21.0"), ("windows-container-networking", "0.3.0"))


def _component(url: str, **options: str) -> Component:
    every = {"kind": "file", "url": url, **options}
    return Component(name="install-script", title="", source="url", scheme="", installer="", options=every)


def _serve(server: HTTPServer, body: bytes | str, status: int = 200, **headers: str) -> str:
    server.clear()
    server.expect_request("/get.ps1").respond_with_data(body, status, headers or None, content_type="text/plain")
    return server.url_for("/get.ps1")


def _seen(eye: Eye, component: Component) -> WatchedFile:
    (seen,) = eye.look(component).sightings
    assert isinstance(seen, WatchedFile)
    return seen


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_script_names_the_versions_that_it_installs(eye: Eye, server: HTTPServer, encoding: str, end: str) -> None:
    body = _SCRIPT.replace("\n", end).encode(encoding)
    url = _serve(server, body)

    observed = eye.look(_component(url, **_NAMED))

    assert observed.releases == ()
    assert observed.remarks == ()
    assert observed.sightings == (
        WatchedFile(
            component="install-script",
            name="get.ps1",
            url=url,
            digest=f"sha256:{hashlib.sha256(body).hexdigest()}",
            named=_MEANT,
        ),
    )


def test_a_change_is_seen_and_the_same_again_is_no_news(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, _SCRIPT)
    before = _seen(eye, _component(url, **_NAMED))

    assert isinstance(eye.glance(_component(url, **_NAMED)), NoNews)

    _serve(server, _SCRIPT.replace("1.6.6", "2.3.4"))
    after = _seen(eye, _component(url, **_NAMED))
    assert after.place == before.place
    assert after.digest != before.digest
    assert dict(after.named)["containerd"] == "2.3.4"


def test_an_unchanged_file_is_not_sent_again(eye: Eye, server: HTTPServer) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        if request.headers.get("If-None-Match") == '"one"':
            return Response(status=304, headers={"ETag": '"one"'})
        return Response(_SCRIPT, headers={"ETag": '"one"'}, content_type="text/plain")

    server.expect_request("/get.ps1").respond_with_handler(answer)
    component = _component(server.url_for("/get.ps1"), **_NAMED)
    eye.look(component)

    assert isinstance(eye.glance(component), NoNews)
    assert [one.headers.get("If-None-Match") for one in asked] == [None, '"one"']
    eye.cursor = ""
    assert _seen(eye, component).named == _MEANT


def test_another_question_about_the_same_file_is_answered(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, _SCRIPT)
    eye.look(_component(url))

    assert _seen(eye, _component(url, **_NAMED)).named == _MEANT


def test_the_first_place_that_fits_counts(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, "a = 1\na = 2\n")

    assert _seen(eye, _component(url, **{"named.a": r"^a = (?P<version>\d)$"})).named == (("a", "1"),)


def test_an_expression_that_no_longer_fits_is_said(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, _SCRIPT.replace("$NerdCTLVersion", "$Nerd"))

    observed = eye.look(_component(url, name="the script", **_NAMED))

    (seen,) = observed.sightings
    assert isinstance(seen, WatchedFile)
    assert seen.name == "the script"
    assert [what for what, _ in seen.named] == ["containerd", "windows-container-networking"]
    (remark,) = observed.remarks
    assert remark.startswith("the script does not say which nerdctl it means: (?i)\\$NerdCTLVersion")
    assert remark.endswith("no longer fits it.")


def test_the_text_is_kept_where_somebody_reads_it(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, "| 2.3 | LTS |\r\n".encode("utf-16"))

    assert _seen(eye, _component(url, keep_text="yes")).text == "| 2.3 | LTS |\n"
    assert _seen(eye, _component(url, keep_text="no")).text == ""


def test_what_a_query_holds_is_shown_nowhere(eye: Eye, server: HTTPServer) -> None:
    server.expect_request("/get.ps1", query_string="sig=secret").respond_with_data("x")
    component = _component(server.url_for("/get.ps1?sig=secret"))

    (target,) = Url().targets([component], {})

    assert _seen(eye, component).url == server.url_for("/get.ps1?sig=...")
    assert "secret" not in target.name + target.title


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_gone_is_an_error_and_no_news(eye: Eye, server: HTTPServer, status: int) -> None:
    url = _serve(server, "nothing", status)

    with pytest.raises(SourceError) as caught:
        eye.look(_component(url))

    assert caught.value.message == f"{url}: is not there any more, or never was ({status})"
    assert "option url" in caught.value.hint


@pytest.mark.parametrize(("status", "expected"), [(500, "answered 500"), (403, "answered 403")])
def test_a_server_that_fails_is_told(eye: Eye, server: HTTPServer, status: int, expected: str) -> None:
    url = _serve(server, "nothing", status)

    with pytest.raises(UnreachableError, match=expected):
        eye.look(_component(url))


def test_a_huge_file_is_not_taken(eye: Eye, server: HTTPServer) -> None:
    url = _serve(server, b"x" * 3000)

    with pytest.raises(SourceError, match="longer than 2048 bytes"):
        eye.look(_component(url, max_kb="2"))
    assert _seen(eye, _component(url, max_kb="3")).name == "get.ps1"


def test_a_file_of_this_machine_can_be_watched(eye: Eye, tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("a = 1\n")

    seen = _seen(eye, _component((tmp_path / "pins.txt").as_uri(), **{"named.a": r"a = (?P<version>\d)"}))

    assert (seen.name, seen.named) == ("pins.txt", (("a", "1"),))


def test_two_files_of_one_component_need_two_names() -> None:
    one, two = _component("https://a.example/f"), _component("https://b.example/f")

    assert len({target.name for target in Url().targets([one, two], {})}) == 2
    with pytest.raises(ConfigError, match=r"component install-script: https://a\.example/f is watched twice"):
        Url().targets([one, one], {})
