"""Installs a release that is an archive of any common kind, or a bare program, into a prefix as it is."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.api import AssetRole, SmokeError, UnpackError, hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.api import Installer, InstallRequest

_ZIP = ".zip"
_COMPRESSIONS = {
    ".tar.gz": "gz",
    ".tgz": "gz",
    ".tar.xz": "xz",
    ".txz": "xz",
    ".tar.bz2": "bz2",
    ".tbz2": "bz2",
    ".tar.zst": "zst",
    ".tzst": "zst",
    ".tar.lzma": "lzma",
    ".tlz": "lzma",
    ".tar": "",
}
_SHOWN = 12


class ArchiveInstaller:
    """Unpacks the release's own files; what an archive holds lies in the prefix where it lay in the archive.

    The name of a file says what it is; one with none of the known endings is a program by itself.
    """

    name = "archive"
    fetches = False

    def install(self, request: InstallRequest) -> None:
        """Fill ``request.staging``.

        Raises:
            UnpackError: an archive is broken or hostile.
            SmokeError: there is nothing to unpack, or none of the component's programs is in it.
        """
        title = f"{request.component.name} {request.release.version}"
        files = sorted((asset.name, path) for asset, path in request.files.items() if asset.role is AssetRole.MAIN)
        if not files:
            message = f"{title}: has no file of its own to install"
            raise SmokeError(message)
        held = [name for file_name, path in files for name in _unpack(request, file_name, path)]
        wanted = _wanted(request)
        if wanted and not any((request.staging / place).is_file() for place in wanted):
            message = (
                f"{title}: {', '.join(name for name, _ in files)} holds none of {', '.join(wanted)}; "
                f"it holds {_shortened(held)}"
            )
            raise SmokeError(message, hint="Is this file a release of this component?")


def _unpack(request: InstallRequest, name: str, path: Path) -> Sequence[str]:
    try:
        return _written(request, name, path)
    except UnpackError as error:
        # In the host's cache files are called by their digests, which tell a person nothing.
        message = f"{request.component.name} {request.release.version}: {name}: {error.message}"
        raise UnpackError(message, hint=error.hint) from error


def _written(request: InstallRequest, name: str, path: Path) -> Sequence[str]:
    """Return what was written, as paths relative to the prefix."""
    lowered = name.lower()
    if lowered.endswith(_ZIP):
        return request.unpacker.zip(path)
    for suffix, compression in _COMPRESSIONS.items():
        if lowered.endswith(suffix):
            with path.open("rb") as stream:
                return request.unpacker.tar(stream, compression=compression)
    return [request.unpacker.copy(path, _place_of(request, name))]


def _place_of(request: InstallRequest, name: str) -> str:
    """Return where a bare program belongs: where the component's program of the same file name is looked for.

    Raises:
        SmokeError: the component has programs, and none of this name.
    """
    wanted = _wanted(request)
    if not wanted:
        return name
    for place in wanted:
        if PurePosixPath(place).name.lower() == name.lower():
            return place
    message = (
        f"{request.component.name} {request.release.version}: the file {name} is no archive that is known here "
        f"({', '.join([*_COMPRESSIONS, _ZIP])}), and as a program it has the name of none of {', '.join(wanted)}"
    )
    raise SmokeError(message, hint="Give the file the name of the program that it is.")


def _wanted(request: InstallRequest) -> tuple[str, ...]:
    """Return the places where the component's programs are looked for, those of one program beside each other."""
    return tuple(dict.fromkeys(place for places in request.component.binaries.values() for place in places))


def _shortened(names: Sequence[str]) -> str:
    plain = [name for name in (name.removeprefix("./").rstrip("/") for name in names) if name not in {"", "."}]
    shown = ", ".join(plain[:_SHOWN]) or "nothing"
    return f"{shown} and {len(plain) - _SHOWN} more" if len(plain) > _SHOWN else shown


@hookimpl
def tracker_installers() -> tuple[Installer, ...]:
    """Return the installer ``archive``."""
    return (ArchiveInstaller(),)
