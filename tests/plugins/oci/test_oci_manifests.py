"""Manifests that are odd, wrong or hostile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from tests.plugins.oci.double import serve
from tests.plugins.oci.images import CONFIG, INDEX, MANIFEST, Document, image, index, manifest_of
from tracker.errors import RateLimitedError, SourceError, UnreachableError, VerificationError
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.double import Double

_NEW = image(os_version="10.0.20348.2849")
_ARM = image("windows", "arm64", "10.0.26100.1")


def _document(told: object, media_type: str = INDEX) -> Document:
    return Document(media_type, json.dumps(told).encode())


def _other(found: Response, **headers: str) -> Response:
    answer = Response(found.data, content_type=found.content_type, headers=dict(found.headers))
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def test_all_four_kinds_are_asked_for_in_one_header(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)

    eye.look(double.image, "ltsc2022")

    accepted = double.requests[0].headers.get_all("Accept")
    assert len(accepted) == 1
    assert [one.strip() for one in accepted[0].split(",")] == [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]


@pytest.mark.parametrize(
    "told",
    ["sha256:" + "0" * 64, "sha512:" + "0" * 128, "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:ABC", "nonsense"],
)
def test_a_digest_that_does_not_hold_is_never_believed(eye: Eye, double: Double, told: str) -> None:
    double.put_image("ltsc2022", _NEW)
    double.change = lambda _, answer: _other(answer, Docker_Content_Digest=told)

    with pytest.raises(VerificationError, match="ltsc2022"):
        eye.look(double.image, "ltsc2022")


def test_a_registry_that_tells_no_digest_is_believed_by_the_bytes(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)

    def silent(_: Request, answer: Response) -> Response:
        answer.headers.pop("Docker-Content-Digest", None)
        return answer

    double.change = silent

    (release,) = eye.look(double.image, "ltsc2022").releases

    assert release.assets[0].digest == _NEW.manifest.digest


def test_a_configuration_with_other_bytes_is_not_believed(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)
    double.documents[_NEW.config.digest] = image(os_version="10.0.1.1").config

    with pytest.raises(VerificationError, match="its configuration: digest is"):
        eye.look(double.image, "ltsc2022")


def test_a_configuration_is_fetched_once(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)
    eye.look(double.image, "ltsc2022")
    double.put_image("other", _NEW)
    double.requests.clear()

    eye.look(double.image, "other")

    assert double.asked == ["/manifests/other"]


def test_a_kept_configuration_that_was_damaged_is_fetched_again(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)
    eye.look(double.image, "ltsc2022")
    for kept in (eye.home / "cache" / "blobs").iterdir():
        kept.write_bytes(b'{"os": "plan9"}')
    eye.cursor = ""

    (release,) = eye.look(double.image, "ltsc2022").releases

    assert release.assets[0].platform == "windows/amd64"


def test_an_unchanged_manifest_is_not_sent_again(eye: Eye, double: Double) -> None:
    double.put_image("ltsc2022", _NEW)
    before = eye.look(double.image, "ltsc2022")
    double.requests.clear()

    assert isinstance(eye.glance(double.image, "ltsc2022"), NoNews)
    eye.cursor = ""
    assert eye.look(double.image, "ltsc2022") == before

    assert double.asked == ["/manifests/ltsc2022"] * 2
    assert {one.headers["If-None-Match"] for one in double.requests} == {f'"{_NEW.manifest.digest}"'}


def test_a_registry_that_calls_another_manifest_unchanged_is_not_believed(eye: Eye, double: Double) -> None:
    double.put_image("x", _NEW)
    eye.look(double.image, "x")
    same = Response(status=304, headers={"Docker-Content-Digest": _ARM.manifest.digest})
    double.change = lambda _, __: same

    with pytest.raises(VerificationError, match="digest is"):
        eye.look(double.image, "x")
    with pytest.raises(SourceError, match="answered 304"):
        eye.look(double.image, "y")


def test_a_cache_that_cannot_be_written_stops_no_look(eye: Eye, double: Double) -> None:
    double.put_image("x", _NEW)
    (eye.home / "cache").write_text("in the way")

    assert len(eye.look(double.image, "x").releases) == 1


def test_attestations_are_no_images(eye: Eye, double: Double) -> None:
    proof = _NEW.manifest.descriptor() | {"platform": {"os": "unknown", "architecture": "unknown"}}
    double.put("ltsc2022", index(_NEW.manifest, proof), _NEW)

    observed = eye.look(double.image, "ltsc2022")

    assert len(observed.releases[0].assets) == 1
    assert observed.remarks == ()


def test_a_child_without_a_platform_tells_it_itself(eye: Eye, double: Double) -> None:
    silent = {name: value for name, value in _NEW.manifest.descriptor().items() if name != "platform"}
    double.put("ltsc2022", index(silent), _NEW)

    (release,) = eye.look(double.image, "ltsc2022").releases

    assert [one.name for one in release.assets] == ["ltsc2022 windows/amd64 10.0.20348.2849"]


def test_children_that_are_no_images_are_said(eye: Eye, double: Double) -> None:
    chart = manifest_of(Document("application/vnd.cncf.helm.config.v1+json", b"{}"))
    odd = Document("application/json", b"{}")
    gone = "sha256:" + "0" * 64
    double.documents |= {chart.digest: chart, odd.digest: odd}
    double.put("x", index(_NEW.manifest, *({"digest": one} for one in (chart.digest, odd.digest, gone))), _NEW)

    observed = eye.look(double.image, "x")

    assert len(observed.releases[0].assets) == 1
    assert observed.remarks == (
        f"x: {chart.digest} tells no platform and is no image.",
        f"x: {odd.digest} is set aside: it is of an unknown kind: application/json.",
        f"x: {gone} is named and not there.",
    )


def test_an_index_without_any_image_is_said(eye: Eye, double: Double) -> None:
    double.put_image("y", _NEW)
    double.put("x", Document(INDEX, b'{"manifests": null}'))

    assert eye.look(double.image, "x y").remarks == ("Tag x has no image for any platform.",)


def test_a_configuration_that_makes_no_sense_is_an_error(eye: Eye, double: Double) -> None:
    config = Document(CONFIG, b'{"os": 5}')
    double.documents[config.digest] = config
    double.put("x", manifest_of(config))

    with pytest.raises(SourceError, match="x: its configuration cannot be read"):
        eye.look(double.image, "x")


def test_an_index_that_tells_nothing_of_hundreds_of_images_is_refused(eye: Eye, double: Double) -> None:
    double.put("x", index(*({"digest": f"sha256:{number:064x}"} for number in range(51))))

    with pytest.raises(SourceError, match="names 51 images without saying what they run on"):
        eye.look(double.image, "x")
    assert double.asked == ["/manifests/x"]


def test_an_os_version_may_be_missing(eye: Eye, double: Double) -> None:
    plain = image()
    double.put("hpc", index(plain.manifest), plain)

    (release,) = eye.look(double.image, "hpc").releases

    assert [(one.name, one.os_version) for one in release.assets] == [("hpc windows/amd64", "")]


def test_images_of_one_platform_are_told_apart(eye: Eye, double: Double) -> None:
    one, two = image(more="one"), image(more="two")
    double.put("x", index(one.manifest, two.manifest, _ARM.manifest), one, two, _ARM)

    (release,) = eye.look(double.image, "x").releases

    short = sorted(each.manifest.digest[7:19] for each in (one, two))
    assert [asset.name for asset in release.assets] == [
        f"x windows/amd64 {short[0]}",
        f"x windows/amd64 {short[1]}",
        "x windows/arm64 10.0.26100.1",
    ]


def test_an_index_inside_an_index_is_said_and_not_followed(eye: Eye, double: Double) -> None:
    inner = index(_NEW.manifest)
    double.put("x", index(inner, _ARM.manifest), _ARM)

    observed = eye.look(double.image, "x")

    assert len(observed.releases[0].assets) == 1
    assert observed.remarks == (f"x: {inner.digest} is an index inside an index, which is not looked into.",)


def test_a_thing_that_is_no_image_has_no_platform(eye: Eye, double: Double) -> None:
    chart = manifest_of(Document("application/vnd.cncf.helm.config.v1+json", b"{}"))
    double.put("1.0", chart)

    (release,) = eye.look(double.image, "1.0").releases

    assert [(one.name, one.platform, one.digest) for one in release.assets] == [("1.0", "", chart.digest)]
    assert release.published_at is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (Document(INDEX, b"<html>"), "it is no manifest"),
        (Document(INDEX, b'{"manifests": [{"digest": "../../etc/passwd"}]}'), "no digest that can be checked"),
        (Document(INDEX, b'{"manifests": [{"digest": 5}]}'), "it is no manifest"),
        (_document({"mediaType": MANIFEST, "manifests": []}), f"announced as {INDEX} and calls itself {MANIFEST}"),
        (_document({"mediaType": INDEX, "manifests": [], "layers": []}), "an index and a manifest at once"),
        (Document(INDEX, b"[" * 100_000), "it is no manifest"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_an_error(
    eye: Eye, double: Double, document: Document, expected: str
) -> None:
    double.put("x", document)

    with pytest.raises(VerificationError) as caught:
        eye.look(double.image, "x")

    assert expected in caught.value.message


def test_documents_of_other_kinds_are_set_aside(eye: Eye, double: Double) -> None:
    double.put_image("good", _NEW)
    double.put("signed", Document("application/vnd.docker.distribution.manifest.v1+prettyjws", b'{"a": 1}'))
    double.put("odd", Document("application/json", b"{}"))
    double.change = lambda request, answer: (
        _other(answer, Docker_Content_Digest="sha256:" + "0" * 64) if "signed" in request.path else answer
    )

    observed = eye.look(double.image, "good signed odd")

    assert [one.version for one in observed.releases] == ["good"]
    assert observed.remarks == (
        "Tag signed is set aside: it is a manifest of Docker's first kind, which is not read.",
        "Tag odd is set aside: it is of an unknown kind: application/json.",
    )


@pytest.mark.parametrize("created", ["1970-01-01T00:00:00Z", "", "long ago", "0001-01-01T00:00:00+12:00"])
def test_a_day_that_nobody_believes_is_not_told(eye: Eye, double: Double, created: str) -> None:
    double.put_image("x", image(created=created))

    assert eye.look(double.image, "x").releases[0].published_at is None


def test_blobs_may_lie_at_another_host(eye: Eye, double: Double, elsewhere: HTTPServer) -> None:
    double.put_image("x", _NEW)
    serve(elsewhere, lambda _: Response(_NEW.config.body, content_type=CONFIG))
    away = Response(status=307, headers={"Location": elsewhere.url_for("/data?sig=secret")})
    double.change = lambda request, answer: away if "/blobs/" in request.path else answer

    (release,) = eye.look(double.image, "x").releases

    assert release.assets[0].os_version == "10.0.20348.2849"


def test_one_tag_that_does_not_answer_leaves_the_others_and_is_unknown(eye: Eye, double: Double) -> None:
    double.put_image("good", _NEW)
    double.put_image("bad", _ARM)
    double.change = lambda request, answer: Response(status=500) if request.path.endswith("/bad") else answer

    observed = eye.look(double.image, "good bad")

    assert [one.version for one in observed.releases] == ["good"]
    assert observed.unknown == ("tag bad",)
    assert "/manifests/bad: answered 500" in observed.reason
    assert not isinstance(eye.glance(double.image, "good bad"), NoNews)
    double.change = lambda _, answer: answer
    assert [one.version for one in eye.look(double.image, "good bad").releases] == ["good", "bad"]


def test_a_registry_that_does_not_answer_at_all_is_unreachable(eye: Eye, double: Double) -> None:
    double.change = lambda _, __: Response(status=503)

    with pytest.raises(UnreachableError, match="answered 503"):
        eye.look(double.image, "a b")


def test_a_registry_that_wants_to_be_left_alone_is(eye: Eye, double: Double) -> None:
    double.change = lambda _, __: Response(status=429, headers={"Retry-After": "3600"})

    with pytest.raises(RateLimitedError):
        eye.look(double.image, "a b")


def test_a_refusal_is_told_as_it_is(eye: Eye, double: Double) -> None:
    double.change = lambda _, __: Response(status=403)

    with pytest.raises(SourceError, match="answered 403"):
        eye.look(double.image, "a")
