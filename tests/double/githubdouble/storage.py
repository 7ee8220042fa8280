"""The second origin, which holds the bytes of releases' files behind signed addresses, as GitHub's storage does."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from .asked import Answer, Asked
from .shapes import content_type

if TYPE_CHECKING:
    from .faults import Fault
    from .records import Asset
    from .world import World

_AUTHENTICATED_TWICE = (
    "Multiple auth mechanisms are not allowed; please use either query parameters or an Authorization header"
)
_PATH = re.compile(r"/github-production-release-asset/(\d+)/(\d+)")


class Storage:
    """The storage of a world; ``url`` is set when its server runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""

    def sign(self, repository_id: int, asset: Asset) -> str:
        """Return the address of an asset's bytes, good for whoever has it."""
        path = f"/github-production-release-asset/{repository_id}/{asset.id}"
        disposition = quote(f"attachment; filename={asset.name}")
        return (
            f"{self.url}{path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300&X-Amz-Signature={_signature(path)}"
            f"&response-content-disposition={disposition}&response-content-type=application%2Foctet-stream"
        )

    def answer(self, asked: Asked, fault: Fault | None) -> Answer:
        """Answer a request for bytes: whole, a part, or a refusal in the storage's own XML."""
        if "authorization" in asked.headers:
            return _xml(400, "InvalidArgument", _AUTHENTICATED_TWICE)
        place = _PATH.fullmatch(asked.path)
        if place is None or asked.query.get("X-Amz-Signature") != _signature(asked.path):
            return _xml(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
        asset = self._find(int(place[1]), int(place[2]))
        if asset is None or asset.content is None:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        return _bytes(asked, asset, asset.content, fault)

    def _find(self, repository_id: int, asset_id: int) -> Asset | None:
        repository = self.world.by_id(repository_id)
        releases = repository.releases if repository is not None else []
        return next((asset for release in releases for asset in release.assets if asset.id == asset_id), None)


def _bytes(asked: Asked, asset: Asset, content: bytes, fault: Fault | None) -> Answer:
    etag = f'"0x{hashlib.sha256(content).hexdigest()[:16].upper()}"'
    headers = {
        "accept-ranges": "bytes",
        "etag": etag,
        "last-modified": asset.updated_at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "content-disposition": f"attachment; filename={asset.name}",
    }
    whole = Answer(200, content, headers, content_type(asset.name))
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))
    is_stale = asked.headers.get("if-range", etag) not in {etag, headers["last-modified"]}
    if wanted is None or is_stale or (fault is not None and fault.kind == "no_range"):
        return whole
    start = int(wanted[1])
    end = min(int(wanted[2]) if wanted[2] else len(content) - 1, len(content) - 1)
    if start >= len(content) or end < start:
        return Answer(416, b"", {"content-range": f"bytes */{len(content)}"}, "application/xml")
    if fault is not None and fault.kind == "wrong_range":
        start = max(0, start - 1)
    headers["content-range"] = f"bytes {start}-{end}/{len(content)}"
    return Answer(206, content[start : end + 1], headers, content_type(asset.name))


def _signature(path: str) -> str:
    return hashlib.sha256(b"the double's key" + path.encode()).hexdigest()


def _xml(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, body.encode(), {}, "application/xml")
