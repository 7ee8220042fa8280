"""Versions that are a file of this machine: ``runtime=runc@file:build/runc.deb``. Pure, but for reading the file.

Such a version is named by the digest of its bytes (``file:ab12cd34ef56``), so that another build is another version.
It is private: it is never live, never newest, and never recommended to anybody.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import VersionScheme
    from tracker.protocols.ordering import Comparable

PREFIX = "file:"
_DIGITS = 12
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{{_DIGITS}}}")


def is_local(version: str) -> bool:
    """Whether ``version`` names a file of this machine by its digest."""
    return _NAME.fullmatch(version) is not None


def local_version(digest: str) -> str:
    """Return the version that a file with ``digest`` (``"sha256:<64 hex>"``) is."""
    return f"{PREFIX}{digest.removeprefix('sha256:')[:_DIGITS]}"


def split_local(text: str) -> tuple[str, Path] | None:
    """Return component (may be empty) and path of ``COMPONENT@file:PATH`` or ``file:PATH``; ``None`` for other pins."""
    component, found, path = text.partition(PREFIX)
    if not found or is_local(f"{PREFIX}{path}") or (component and not component.endswith("@")):
        return None
    return component.removesuffix("@"), Path(path).expanduser()


def file_digest(path: Path) -> str:
    """Return ``"sha256:<64 hex>"`` of a file's bytes.

    Raises:
        UsageError: it cannot be read, or is no file.
    """
    import hashlib

    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        message = f"file:{path}: cannot be read: {error.strerror or error}"
        raise UsageError(
            message, hint="Name one file, in the form in which releases of this component come."
        ) from error


def named_by_digest(pins: Mapping[str, str]) -> dict[str, str]:
    """Return ``pins`` with each path replaced by the version that its file is now.

    Raises:
        UsageError: a file cannot be read.
    """
    named = {}
    for name, text in pins.items():
        local = split_local(text)
        if local is None:
            named[name] = text
        else:
            component, path = local
            named[name] = f"{component}@" * bool(component) + local_version(file_digest(path))
    return named


class WithLocalFiles:
    """A version scheme that also knows files of this machine: they are older than every release.

    Args:
        scheme: what orders everything else.
    """

    def __init__(self, scheme: VersionScheme) -> None:
        self._scheme = scheme
        self.name = scheme.name

    def key(self, version: str) -> Comparable:
        """Return a sort key; ``ValueError`` for what is neither a local file nor a version of the scheme."""
        return (0, version) if is_local(version) else (1, self._scheme.key(version))

    def upstream(self, version: str) -> str:
        """Return the plain version that people say."""
        return version if is_local(version) else self._scheme.upstream(version)
