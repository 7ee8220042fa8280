"""Installs a release that is an archive of any common kind, or a bare program, into a prefix as it is."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.api import AssetRole, SmokeError, hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.api import Installer, InstallRequest

_COMPRESSIONS = {
    ".tar.gz": "gz",
    ".tgz": "gz",
    ".tar.xz": "xz",
    ".txz": "xz",
    ".tar.bz2": "bz2",
    ".tar.zst": "zst",
    ".tar": "",
}
_SHOWN = 12


class ArchiveInstaller:
    """Unpacks the release's own files; what an archive holds lies in the prefix where it lay in the archive."""

    name = "archive"
    fetches = False

    def install(self, request: InstallRequest) -> None:
        """Fill ``request.staging``.

        Raises:
            UnpackError: an archive is broken or hostile.
            SmokeError: none of the component's programs is in it.
        """
        held: list[str] = []
        for asset, path in sorted(request.files.items(), key=lambda item: item[0].name):
            if asset.role is AssetRole.MAIN:
                held += _unpack(request, asset.name, path)
        wanted = [place for places in request.component.binaries.values() for place in places]
        if wanted and not any((request.staging / place).is_file() for place in wanted):
            message = (
                f"{request.component.name} {request.release.version}: holds none of {', '.join(wanted)}; "
                f"it holds {_shortened(held)}"
            )
            raise SmokeError(message, hint="Is this file a release of this component?")


def _unpack(request: InstallRequest, name: str, path: Path) -> Sequence[str]:
    lowered = name.lower()
    if lowered.endswith(".zip"):
        return request.unpacker.zip(path)
    for suffix, compression in _COMPRESSIONS.items():
        if lowered.endswith(suffix):
            with path.open("rb") as stream:
                return request.unpacker.tar(stream, compression=compression)
    return [request.unpacker.copy(path, _place_of(request, name))]


def _place_of(request: InstallRequest, name: str) -> str:
    """Return where a bare program belongs: where the component's program of this name is looked for."""
    places = [place for found in request.component.binaries.values() for place in found]
    fitting = [place for place in places if PurePosixPath(place).name.lower() == name.lower()]
    return fitting[0] if fitting else name


def _shortened(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN]) or "nothing"
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


@hookimpl
def tracker_installers() -> tuple[Installer, ...]:
    """Return the installer ``archive``."""
    return (ArchiveInstaller(),)
