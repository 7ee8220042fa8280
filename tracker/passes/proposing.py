"""Which releases nobody is sent to who did not name them himself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.local_files import is_local

if TYPE_CHECKING:
    from tracker.store import StoredRelease


def why_never(one: StoredRelease) -> str:
    """Return why a release is never recommended nor proposed, in a sentence; empty for one that may be."""
    if is_local(one.release.version):
        return "A file of this machine, which nobody else has, is not recommended."
    if one.release.is_prerelease:
        return "A pre-release is not recommended."
    if not one.offers:
        return "No upstream offers it any more."
    distrusted = next((asset for asset in one.release.assets if asset.distrust), None)
    return f"{distrusted.name} is not trusted: {distrusted.distrust}" if distrusted is not None else ""
