"""The ledger's entries for the files of a release that was told of twice. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.model import AssetRole, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.model import Asset, Change, Release
    from tracker.watch.entries import Scribe

    Files = Mapping[str, Asset]


def file_entries(scribe: Scribe, before: Release, after: Release) -> Iterator[Change]:
    """Yield entries by name of file: what was renamed, went, came, has other bytes; then whom checksums contradict.

    Libraries are other packages, which move on by themselves: they do not belong to the release's story. While a
    release awaits its files, those that come are told once, when the last one is there.
    """
    old, new = _own_files(before), _own_files(after)
    renamed = dict(_renamed(old, new))
    yield from _names(scribe, (before, after), (old, new), renamed)
    earlier = {**old, **{now: old[was] for was, now in renamed.items()}}
    for name in sorted(old.keys() & new.keys()):
        if new[name].has_other_bytes_than(old[name]):
            was, now = _told_apart(old[name], new[name])
            yield scribe.of_release(ChangeKind.ASSET_REPLACED, after, was, now, subject=name)
    for name in sorted(new):
        yield from _trust(scribe, after, earlier[name].distrust if name in earlier else "", new[name])


def _names(
    scribe: Scribe, releases: tuple[Release, Release], files: tuple[Files, Files], renamed: Mapping[str, str]
) -> Iterator[Change]:
    (before, after), (old, new) = releases, files
    for was, now in renamed.items():
        yield scribe.of_release(ChangeKind.ASSET_RENAMED, after, was, now, subject=now)
    for name in sorted(old.keys() - new.keys() - renamed.keys()):
        yield scribe.of_release(ChangeKind.ASSET_REMOVED, after, _told(old[name]), subject=name)
    if before.awaits and not after.awaits:
        complete = ", ".join(asset.name for asset in after.assets if asset.role is AssetRole.MAIN)
        yield scribe.of_release(ChangeKind.ASSETS_COMPLETE, after, ", ".join(before.awaits), complete)
    for name in sorted(new.keys() - old.keys() - set(renamed.values())) if not before.awaits else ():
        yield scribe.of_release(ChangeKind.ASSET_ADDED, after, after=_told(new[name]), subject=name)


def _trust(scribe: Scribe, release: Release, before: str, asset: Asset) -> Iterator[Change]:
    if asset.distrust and not before:
        yield scribe.of_release(ChangeKind.CHECKSUM_DISAGREES, release, after=asset.distrust, subject=asset.name)
    elif before and not asset.distrust:
        yield scribe.of_release(ChangeKind.CHECKSUM_AGREES, release, before, subject=asset.name)


def _own_files(release: Release) -> Files:
    return {asset.name: asset for asset in release.assets if asset.role is not AssetRole.LIBRARY}


def _renamed(old: Files, new: Files) -> Iterator[tuple[str, str]]:
    """Yield old and new name of each file that went under one name and came under another."""
    came = {name: new[name] for name in sorted(new.keys() - old.keys())}
    for was in sorted(old.keys() - new.keys()):
        now = next((name for name, asset in came.items() if _is_same_upload(old[was], asset)), None)
        if now is not None:
            del came[now]
            yield was, now


def _is_same_upload(one: Asset, other: Asset) -> bool:
    if one.digest and other.digest:
        return one.digest == other.digest
    return bool(one.revision) and _upload(one.revision) == _upload(other.revision)


def _upload(revision: str) -> str:
    """Return the part of an upstream's mark that stays when an upload is renamed: its id, without the time after it."""
    return re.split(r"[ @:,;]", revision, maxsplit=1)[0]


def _told(asset: Asset) -> str:
    if asset.digest:
        return asset.digest
    return "" if asset.size is None else f"{asset.size} bytes"


def _told_apart(before: Asset, after: Asset) -> tuple[str, str]:
    """Return what the two differ in: digests, else sizes, else the upstream's own marks."""
    was, now = _told(before), _told(after)
    return (was, now) if was and now and was != now else (f"upload {before.revision}", f"upload {after.revision}")
