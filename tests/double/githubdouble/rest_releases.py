"""The REST answers about releases and their files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .asked import Answer, not_found
from .shapes import asset_shape, release_shape

if TYPE_CHECKING:
    from .records import Asset, Release
    from .rest import Call

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _visible(call: Call) -> list[Release]:
    """Return the releases that the token sees in the order of the list: drafts first, then by the commit's date."""
    seen = [release for release in call.repository.releases if not release.draft or call.may_write]
    return sorted(seen, key=lambda one: (one.draft, one.created_at, one.published_at or _NEVER, one.id), reverse=True)


def _shown(call: Call, release: Release) -> object:
    """Return one release; its Last-Modified knows nothing of files that were added since, as on GitHub."""
    call.headers["last-modified"] = release.updated_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return release_shape(call.links, call.repository, release)


def _list(call: Call) -> object:
    return call.paged([release_shape(call.links, call.repository, release) for release in _visible(call)])


def _latest(call: Call) -> object:
    for release in _visible(call):
        if not release.draft and not release.prerelease:
            return _shown(call, release)
    raise not_found()


def _by_tag(call: Call, tag: str) -> object:
    for release in _visible(call):
        if release.tag == tag and not release.draft:
            return _shown(call, release)
    raise not_found()


def _release(call: Call, number: str) -> Release:
    for release in _visible(call):
        if str(release.id) == number:
            return release
    raise not_found()


def _by_id(call: Call, number: str) -> object:
    return _shown(call, _release(call, number))


def _assets(call: Call, number: str) -> object:
    release = _release(call, number)
    return call.paged([asset_shape(call.links, call.repository, release, asset) for asset in release.assets])


def _find_asset(call: Call, number: str) -> tuple[Release, Asset]:
    for release in _visible(call):
        for asset in release.assets:
            if str(asset.id) == number:
                return release, asset
    raise not_found()


def _asset(call: Call, number: str) -> object:
    release, asset = _find_asset(call, number)
    if "application/octet-stream" in call.asked.headers.get("accept", ""):
        if asset.state != "uploaded":
            raise not_found()
        asset.download_count += 1
        return Answer(302, b"", {"location": call.storage.sign(call.repository.id, asset)}, "text/html; charset=utf-8")
    return asset_shape(call.links, call.repository, release, asset)


def _immutable(call: Call) -> object:
    return {"enabled": call.repository.immutable_releases, "enforced_by_owner": False}


RELEASE_ROUTES = (
    ("immutable-releases", _immutable),
    ("releases", _list),
    ("releases/latest", _latest),
    ("releases/tags/{tag}", _by_tag),
    ("releases/assets/{asset_id}", _asset),
    ("releases/{release_id}", _by_id),
    ("releases/{release_id}/assets", _assets),
)
