"""How registries page their lists of tags, well and badly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from tests.plugins.oci.double import NAME, serve
from tests.plugins.oci.images import image
from tracker.errors import SourceError
from tracker.model import TagRule

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.double import Double

_RULE = TagRule(version=r"v(?P<version>\d+)", line=r"\d+")
_IMAGE = image(os_version="10.0.20348.2849")


def _put(double: Double, *tags: str) -> None:
    for tag in tags:
        double.put_image(tag, _IMAGE)


def _versions(eye: Eye, double: Double) -> list[str]:
    return [one.version for one in eye.look(double.image, rule=_RULE).releases]


def _lists(double: Double) -> list[str]:
    return [one for one in double.asked if one.startswith("/tags/list")]


def test_linked_pages_are_followed_to_the_last(eye: Eye, double: Double) -> None:
    _put(double, *(f"v{number}" for number in range(7)))
    double.page = 3

    assert _versions(eye, double) == [str(number) for number in range(7)]
    assert _lists(double) == ["/tags/list?n=1000", "/tags/list?last=v2&n=3", "/tags/list?last=v5&n=3"]


def test_a_full_page_without_a_link_is_asked_for_more(eye: Eye, double: Double) -> None:
    _put(double, *(f"x{number}" for number in range(1000)), "v1")
    double.page, double.says_next = 1000, False

    assert _versions(eye, double) == ["1"]
    assert _lists(double) == ["/tags/list?n=1000", "/tags/list?n=1000&last=x999"]


def test_a_registry_that_ignores_paging_is_asked_once_more_at_most(eye: Eye, double: Double) -> None:
    _put(double, *(f"x{number}" for number in range(999)), "v1")

    assert _versions(eye, double) == ["1"]
    assert len(_lists(double)) == 2

    double.requests.clear()
    _put(double, "v2")
    assert _versions(eye, double) == ["1", "2"]
    assert len(_lists(double)) == 1


def test_unsorted_and_repeated_tags_count_once(eye: Eye, double: Double) -> None:
    _put(double, "v9", "v10", "v2")
    listed = {"tags": ["v9", "v2", "v10", "v9"]}
    double.change = lambda request, answer: Response(json.dumps(listed)) if "tags" in request.path else answer

    assert _versions(eye, double) == ["9", "2", "10"]


def test_pages_that_repeat_themselves_end(eye: Eye, double: Double) -> None:
    _put(double, "v1")

    def again(request: Request, answer: Response) -> Response:
        if "tags" in request.path:
            answer.headers["Link"] = f'<{request.full_path}>; rel="next"'
        return answer

    double.change = again

    assert _versions(eye, double) == ["1"]
    assert len(_lists(double)) == 2


def test_pages_without_end_are_an_error(eye: Eye, double: Double) -> None:
    def more(request: Request, answer: Response) -> Response:
        if "tags" not in request.path:
            return answer
        number = int(request.args.get("last", "0")) + 1
        link = f'</v2/{NAME}/tags/list?last={number}>; rel="next"'
        return Response(json.dumps({"tags": [f"v{number}"]}), headers={"Link": link})

    double.change = more

    with pytest.raises(SourceError, match="does not end after 100 pages and 100 tags"):
        eye.look(double.image, rule=_RULE)


def test_a_page_at_another_host_is_not_asked_for(eye: Eye, double: Double, elsewhere: HTTPServer) -> None:
    _put(double, "v1")
    asked: list[Request] = []

    def remember(request: Request) -> Response:
        asked.append(request)
        return Response('{"tags": ["v2"]}')

    serve(elsewhere, remember)

    def lead_away(request: Request, answer: Response) -> Response:
        if "tags" in request.path:
            answer.headers["Link"] = f'<{elsewhere.url_for("/v2/x/tags/list")}>; rel="next"'
        return answer

    double.change = lead_away

    with pytest.raises(SourceError, match="goes on at another host, which is not asked"):
        eye.look(double.image, rule=_RULE)
    assert asked == []


def test_a_list_that_lies_elsewhere_is_read_there_page_by_page(eye: Eye, double: Double, elsewhere: HTTPServer) -> None:
    _put(double, "v1", "v2", "v3")
    asked: list[Request] = []

    def lists(request: Request) -> Response:
        asked.append(request)
        page = request.args.get("page", "1")
        link = {"Link": f'</lists?page={int(page) + 1}>; rel="next"'} if page != "3" else {}
        return Response(json.dumps({"tags": [f"v{page}"]}), headers=link)

    serve(elsewhere, lists)
    away = Response(status=307, headers={"Location": elsewhere.url_for("/lists")})
    double.change = lambda request, answer: away if "tags" in request.path else answer

    assert _versions(eye, double) == ["1", "2", "3"]
    assert [one.args.get("page", "") for one in asked] == ["", "2", "3"]


def test_what_cannot_be_asked_for_is_no_tag(eye: Eye, double: Double) -> None:
    _put(double, "v1")
    listed = {"tags": ["../v2", "v1", "v" + "1" * 200, "v 3", ""]}
    double.change = lambda request, answer: Response(json.dumps(listed)) if "tags" in request.path else answer

    assert _versions(eye, double) == ["1"]
    assert double.asked == ["/tags/list?n=1000", "/manifests/v1", f"/blobs/{_IMAGE.config.digest}"]


def test_a_link_that_cannot_be_read_is_an_error(eye: Eye, double: Double) -> None:
    _put(double, "v1")
    double.change = lambda _, answer: Response(answer.data, headers={"Link": '<http://[::1>; rel="next"'})

    with pytest.raises(SourceError, match="goes on at an address that cannot be read"):
        eye.look(double.image, rule=_RULE)


@pytest.mark.parametrize("body", ["<html>", '{"tags": 5}', "[]", '{"tags": ["a", 5]}', "[" * 100_000])
def test_what_is_no_list_is_an_error(eye: Eye, double: Double, body: str) -> None:
    double.change = lambda _, __: Response(body)

    with pytest.raises(SourceError, match="is no list of tags"):
        eye.look(double.image, rule=_RULE)


@pytest.mark.parametrize("body", ['{"name": "a", "tags": null}', '{"name": "a"}', '{"tags": []}'])
def test_an_image_without_any_tag_is_an_error(eye: Eye, double: Double, body: str) -> None:
    double.change = lambda _, __: Response(body)

    with pytest.raises(SourceError, match="none of the tags"):
        eye.look(double.image, rule=_RULE)


def test_a_listed_tag_without_a_manifest_is_said(eye: Eye, double: Double) -> None:
    _put(double, "v1", "v2")
    gone = Response('{"errors": [{"code": "MANIFEST_UNKNOWN"}]}', status=404)
    double.change = lambda request, answer: gone if request.path.endswith("/v2") else answer

    observed = eye.look(double.image, rule=_RULE)

    assert [one.version for one in observed.releases] == ["1"]
    assert "Tag v2 is listed and has no manifest." in observed.remarks
    assert observed.unknown == ()


def test_a_rule_that_fits_hundreds_of_tags_is_refused(eye: Eye, double: Double) -> None:
    _put(double, *(f"v{number}" for number in range(501)))

    with pytest.raises(SourceError) as caught:
        eye.look(double.image, rule=_RULE)

    assert "501 tags are watched for component base" in caught.value.message
    assert "at most 500 are asked for" in caught.value.hint


def test_of_the_named_tags_those_that_the_rule_fits_are_versions(eye: Eye, double: Double) -> None:
    _put(double, "v1", "latest")

    observed = eye.look(double.image, "v1 latest", rule=_RULE)

    assert [one.version for one in observed.releases] == ["1"]
    (remark,) = observed.remarks
    assert remark == r"The tag latest does not fit v(?P<version>\d+)."
    assert _lists(double) == []


def test_tags_that_the_rule_does_not_fit_are_said_in_one_sentence(eye: Eye, double: Double) -> None:
    _put(double, "v1", "latest", "a", "b", "c")

    observed = eye.look(double.image, rule=_RULE)

    assert observed.remarks == (r"Set aside: latest, a, b and 1 more. Each does not fit v(?P<version>\d+).",)
