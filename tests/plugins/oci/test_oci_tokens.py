"""How a token is got, where it is sent, and where never."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.oci.reference import read_image_name
from tracker.plugins.oci.registry import Registry
from werkzeug import Request, Response

from tests.plugins.oci.double import NAME, serve
from tests.plugins.oci.images import image
from tests.plugins.oci.real import real_registry
from tests.plugins.oci.token_service import ISSUER, SERVICE, TokenService
from tracker.errors import RateLimitedError, SourceError
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.double import Double

_IMAGE = image(os_version="10.0.20348.2849")
_TOKEN = "very-secret-token"  # noqa: S105 - of a test


class _Service:
    """Gives out what it is told to, and remembers who asked."""

    def __init__(self, server: HTTPServer, double: Double) -> None:
        self.answers: list[object] = [{"token": _TOKEN}]
        self.requests: list[Request] = []
        self.realm = server.url_for("/token")
        serve(server, self._answer)
        double.token = _TOKEN
        double.challenge = f'Bearer realm="{self.realm}",service="a, b",scope="repository:{NAME}:pull"'
        double.put_image("x", _IMAGE)

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return told if isinstance(told, Response) else Response(json.dumps(told))


@pytest.fixture
def service(elsewhere: HTTPServer, double: Double) -> _Service:
    return _Service(elsewhere, double)


def _sent(double: Double) -> list[str]:
    return [one.headers.get("Authorization", "") for one in double.requests]


def test_a_real_registry_is_asked_with_a_token_from_another_host(
    eye: Eye, elsewhere: HTTPServer, tmp_path: Path
) -> None:
    tokens = TokenService.create(tmp_path / "tokens")
    serve(elsewhere, tokens.answer)
    auth = {
        "token": {
            "realm": elsewhere.url_for("/token"),
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(tokens.certificate),
        }
    }
    for registry in real_registry(tmp_path / "registry", auth):
        registry.headers["Authorization"] = f"Bearer {tokens.token(f'repository:{NAME}:pull,push')}"
        registry.push_image("x", _IMAGE)

        (release,) = eye.look(registry.image, "x").releases

        assert release.assets[0].digest == _IMAGE.manifest.digest
        (asked,) = tokens.requests
        assert (asked.args["service"], asked.args["scope"]) == (SERVICE, f"repository:{NAME}:pull")
        assert "Authorization" not in asked.headers

        eye.cursor = ""
        tokens.scope = "repository:another/image:pull"
        with pytest.raises(SourceError) as caught:
            eye.look(registry.image, "x")
        assert "answered 401" in caught.value.message
        assert f"also with a new token for repository:{NAME}:pull" in caught.value.message
        assert len(tokens.requests) == 2


def test_one_token_serves_a_whole_look(eye: Eye, double: Double, service: _Service) -> None:
    double.put_image("y", image(os_version="10.0.17763.1"))

    observed = eye.look(double.image, "x y")

    assert len(observed.releases) == 2
    assert len(service.requests) == 1
    assert _sent(double) == ["", *[f"Bearer {_TOKEN}"] * 4]
    assert service.requests[0].args.to_dict() == {"service": "a, b", "scope": f"repository:{NAME}:pull"}


def test_what_came_with_one_token_is_not_sent_again_with_the_next(eye: Eye, double: Double, service: _Service) -> None:
    eye.look(double.image, "x")
    double.token = "another"  # noqa: S105 - of a test
    service.answers = [{"token": "another"}]
    statuses: list[int] = []

    def note(_: Request, answer: Response) -> Response:
        statuses.append(answer.status_code)
        return answer

    double.change = note

    assert isinstance(eye.glance(double.image, "x"), NoNews)
    assert statuses == [401, 304]


def test_a_token_that_is_no_longer_believed_is_replaced_once(eye: Eye, double: Double, service: _Service) -> None:
    service.answers = [{"token": "old"}, {"access_token": _TOKEN}]

    registry = Registry(
        eye.http, read_image_name(double.image), f"http://{double.server.host}:{double.server.port}/v2/{NAME}"
    )
    double.token = "old"  # noqa: S105 - of a test
    url = f"{registry.api_url}/manifests/x"
    registry.get(url, accept="*/*", max_bytes=1000)
    double.token = _TOKEN
    double.challenge += ',error="invalid_token"'

    registry.get(url, accept="*/*", max_bytes=1000)

    assert _sent(double) == ["", "Bearer old", "Bearer old", f"Bearer {_TOKEN}"]


@pytest.mark.parametrize(
    ("told", "seconds", "count"),
    [
        ({"expires_in": 300}, 200, 1),
        ({"expires_in": 300}, 299, 2),
        ({}, 40, 1),
        ({}, 59, 2),
        ({"expires_in": -5}, 40, 1),
    ],
)
def test_a_token_is_used_for_as_long_as_it_holds(
    eye: Eye, double: Double, service: _Service, told: dict[str, int], seconds: float, count: int
) -> None:
    service.answers = [{"token": _TOKEN, **told}]
    now = [1000.0]
    url = f"http://{double.server.host}:{double.server.port}/v2/{NAME}"
    registry = Registry(eye.http, read_image_name(double.image), url, clock=lambda: now[0])

    registry.get(f"{url}/manifests/x", accept="*/*", max_bytes=1000)
    now[0] += seconds
    registry.get(f"{url}/manifests/x", accept="*/*", max_bytes=1000)

    assert len(service.requests) == count


def test_a_challenge_without_a_scope_means_to_pull_this_image(eye: Eye, double: Double, service: _Service) -> None:
    double.challenge = f'Basic realm="people", Bearer realm="{service.realm}?client=x"'

    eye.look(double.image, "x")

    assert service.requests[0].args.to_dict() == {"client": "x", "scope": f"repository:{NAME}:pull"}


def test_a_token_never_follows_a_redirect_to_another_host(eye: Eye, double: Double, service: _Service) -> None:
    service.answers = [{"token": _TOKEN}, Response(_IMAGE.config.body)]
    away = Response(status=307, headers={"Location": service.realm.replace("/token", "/data")})
    double.change = lambda request, answer: away if "/blobs/" in request.path else answer

    eye.look(double.image, "x")

    assert [one.path for one in service.requests] == ["/token", "/data"]
    assert all("Authorization" not in one.headers for one in service.requests)


@pytest.mark.parametrize(
    ("challenge", "expected"),
    [
        ("", "asks for nothing in particular"),
        ('Basic realm="people"', "asks for basic, not for a token that anybody can get"),
        ("Bearer", "asks for bearer"),
        ('Bearer realm="https://a/t', "cannot be understood: not understood at character 14"),
        ('Bearer realm="file:///etc/passwd"', "it is no address of a web server"),
        ('Bearer realm="http://me:secret@a/t"', "it holds a user name"),
        ('Bearer realm="//[a"', "it cannot be read"),
    ],
)
def test_a_challenge_that_cannot_be_met_is_told(eye: Eye, double: Double, challenge: str, expected: str) -> None:
    double.token, double.challenge = _TOKEN, challenge

    with pytest.raises(SourceError) as caught:
        eye.look(double.image, "x")

    assert expected in caught.value.message
    assert "secret" not in str(caught.value)


def test_a_registry_with_tls_cannot_send_for_a_token_without_it() -> None:
    from tracker.plugins.oci.tokens import read_token_request

    header = 'Bearer realm="http://auth.example/token"'
    asked = read_token_request(header, registry_url="http://r.example/v2/a", default_scope="repository:a:pull")
    assert asked.url == "http://auth.example/token?scope=repository%3Aa%3Apull"

    with pytest.raises(SourceError, match="it has no TLS, and the registry has"):
        read_token_request(header, registry_url="https://r.example/v2/a", default_scope="")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Response("<html>"), "is no JSON"),
        ([], "holds no token that can be sent"),
        ({"token": "a b"}, "holds no token that can be sent"),
        ({"token": "a\r\nX: y"}, "holds no token that can be sent"),
        ({"token": 5}, "holds no token that can be sent"),
        (Response(status=403), f", asked for a token for repository:{NAME}:pull"),
        (Response(b"x" * 300_000), "longer than"),
    ],
)
def test_a_token_service_that_gives_none_is_told(
    eye: Eye, double: Double, service: _Service, answer: object, expected: str
) -> None:
    service.answers = [answer]

    with pytest.raises(SourceError) as caught:
        eye.look(double.image, "x")

    assert expected in caught.value.message


def test_a_token_service_that_wants_to_be_left_alone_is(eye: Eye, double: Double, service: _Service) -> None:
    service.answers = [Response(status=429, headers={"Retry-After": "3600"})]

    with pytest.raises(RateLimitedError):
        eye.look(double.image, "x")
    assert len(service.requests) == 1


def test_the_token_is_in_no_error(eye: Eye, double: Double, service: _Service) -> None:
    double.token = "another"  # noqa: S105 - of a test
    service.answers = [{"token": _TOKEN}]

    with pytest.raises(SourceError) as caught:
        eye.look(double.image, "x")

    error: BaseException | None = caught.value
    assert "Only images" in str(error) or "may not exist" in str(error)
    while error is not None:
        assert _TOKEN not in repr(error)
        error = error.__cause__
    assert len(service.requests) == 1


def test_no_file_holds_the_token(eye: Eye, double: Double, service: _Service) -> None:
    eye.look(double.image, "x")

    assert service.requests
    for path in eye.home.rglob("*"):
        assert path.is_dir() or _TOKEN.encode() not in path.read_bytes()
