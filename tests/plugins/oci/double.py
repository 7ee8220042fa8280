"""A registry that keeps what a test puts into it, and misbehaves as the test says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_httpserver import HTTPServer

    from tests.plugins.oci.images import Document, Image

NAME = "windows/nanoserver"
EVERYTHING = re.compile(".*")


@dataclass
class Double:
    """A registry with one image.

    Attributes:
        tags: what each tag names, in the order in which they are listed.
        documents: everything else, by digest.
        page: how many tags a page has; 0 for all of them at once, whatever is asked for.
        says_next: whether pages are linked.
        token: what must be sent; empty when nobody is asked.
        challenge: what a refused request is told.
        change: may replace any answer.
        requests: method, path with query, and headers of all requests.
    """

    server: HTTPServer
    tags: dict[str, Document] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    page: int = 0
    says_next: bool = True
    token: str = ""
    challenge: str = ""
    change: Callable[[Request, Response], Response] = lambda _, response: response
    requests: list[Request] = field(default_factory=list)

    @property
    def image(self) -> str:
        return f"{self.server.host}:{self.server.port}/{NAME}"

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order, without what lies before the image's name."""
        return [one.full_path.partition(NAME)[2].removesuffix("?") for one in self.requests]

    def put(self, tag: str, document: Document, *children: Image) -> None:
        self.tags[tag] = document
        for child in children:
            self.documents[child.manifest.digest] = child.manifest
            self.documents[child.config.digest] = child.config

    def put_image(self, tag: str, image: Image) -> None:
        self.put(tag, image.manifest, image)

    def answer(self, request: Request) -> Response:
        self.requests.append(request)
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return self.change(request, Response(status=401, headers={"WWW-Authenticate": self.challenge}))
        return self.change(request, self._found(request))

    def _found(self, request: Request) -> Response:
        place = request.path.removeprefix(f"/v2/{NAME}/")
        if place == "tags/list":
            return self._list(request)
        kind, _, reference = place.partition("/")
        document = self.tags.get(reference) or self.documents.get(reference)
        if document is None:
            return Response(json.dumps({"errors": [{"code": "MANIFEST_UNKNOWN"}]}), 404)
        tag = f'"{document.digest}"'
        headers = {"Docker-Content-Digest": document.digest, "ETag": tag} if kind == "manifests" else {}
        if headers and request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers=headers)
        return Response(document.body, content_type=document.media_type, headers=headers)

    def _list(self, request: Request) -> Response:
        tags = list(self.tags)
        start = tags.index(request.args["last"]) + 1 if self.page and "last" in request.args else 0
        tags = tags[start : start + self.page] if self.page else tags
        headers = {}
        if self.page and self.says_next and start + self.page < len(self.tags):
            headers["Link"] = f'</v2/{NAME}/tags/list?last={quote(tags[-1])}&n={self.page}>; rel="next"'
        return Response(json.dumps({"name": NAME, "tags": tags}), content_type="application/json", headers=headers)


def serve(server: HTTPServer, answer: Callable[[Request], Response]) -> None:
    """Let ``answer`` answer everything."""
    server.expect_request(EVERYTHING).respond_with_handler(answer)
