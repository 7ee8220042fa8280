"""How much room a pass needs on the disk, and that it does not begin without."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from tracker.errors import StoreError
from tracker.smoke.limits import mib

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.config import Config
    from tracker.model import Release

LEAST_BYTES: Final = 32 << 20
"""What a pass needs in any case: for the store's log, a copy of the store, the pages that change."""
UNPACKED_RATIO: Final = 5
"""An installed version and its download take about this many times the size of the compressed download."""


def free_bytes(directory: Path) -> int:
    """Return how much room is left where ``directory`` is or will be."""
    there = next(path for path in (directory, *directory.parents) if path.exists())
    return shutil.disk_usage(there).free


def require_room(config: Config) -> None:
    """Return when the disks of home and site have room for a pass.

    Raises:
        StoreError: one of them is full; the message says how much is missing.
    """
    for directory in (config.home, config.site_dir):
        free, need = free_bytes(directory), least_bytes(config)
        if free < need:
            message = f"the disk of {directory} is full: {mib(free)} are left, and a pass needs {mib(need)}"
            raise StoreError(message, hint="Make room, then run it again; what was stored before is safe.")


def least_bytes(config: Config) -> int:
    """Return what a pass that installs nothing needs: room for changes, and for a copy of the store."""
    store = config.store_path
    return LEAST_BYTES + (2 * store.stat().st_size if store.exists() else 0)


def bytes_to_install(config: Config, releases: list[Release]) -> int:
    """Return about how much room it takes to install those of ``releases`` that were not downloaded yet."""
    sizes = {
        asset.digest or asset.url: asset.size or 0
        for one in releases
        for asset in one.assets
        if not _is_cached(config, asset.digest or "")
    }
    return UNPACKED_RATIO * sum(sizes.values())


def _is_cached(config: Config, digest: str) -> bool:
    algorithm, _, value = digest.partition(":")
    return bool(value) and (config.home / "cache" / algorithm / value[:2] / value).is_file()
