"""A registry that is asked at its mirror, and blobs and tokens that lie on hosts with mirrors of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from werkzeug import Request, Response

from tests.plugins.oci.conftest import Eye
from tests.plugins.oci.double import NAME, serve
from tests.plugins.oci.images import image
from tracker.http import Client
from tracker.protocols import NetworkSettings
from tracker.protocols.network import Rewrite

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.double import Double


def test_a_mirror_without_tls_may_send_to_its_own_token_service(
    double: Double, elsewhere: HTTPServer, tmp_path: Path
) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(json.dumps({"token": "token-of-the-mirror"}))

    serve(elsewhere, answer)
    double.token = "token-of-the-mirror"  # noqa: S105 - of a test
    realm = "http://tokens.invalid/token"
    double.challenge = f'Bearer realm="{realm}",service="a",scope="repository:{NAME}:pull"'
    double.put_image("x", image(os_version="10.0.20348.2849"))
    rules = (
        Rewrite(prefix="registry.invalid", target=f"http://{double.image.partition('/')[0]}"),
        Rewrite(prefix="tokens.invalid", target=elsewhere.url_for("").rstrip("/")),
    )

    with Client(NetworkSettings(timeout_seconds=10, rewrites=rules)) as http:
        observed = Eye(tmp_path, http).look(f"registry.invalid/{NAME}", "x")

    assert [one.version for one in observed.releases] == ["x"]
    assert [one.path for one in asked] == ["/token"]
    assert asked[0].args["scope"] == f"repository:{NAME}:pull"
