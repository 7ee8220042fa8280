"""Names of images, as people write them, and where they lie.

Rules as in the OCI distribution specification 1.1 (names) and in Docker's own reading of short names, read 2026-11-23.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_LONGEST_NAME = 255
_HUB = "docker.io"
_HUB_ADDRESS = "registry-1.docker.io"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageName:
    """An image without its tag.

    Attributes:
        registry: host, and port when it is not the usual one (``mcr.microsoft.com``); ``docker.io`` for Docker Hub.
        name: the repository inside the registry (``windows/nanoserver``).
    """

    registry: str
    name: str

    def __str__(self) -> str:
        return f"{self.registry}/{self.name}"

    def tagged(self, tag: str) -> str:
        """Return the reference of a tag."""
        return f"docker://{self}:{tag}"

    def pinned(self, digest: str) -> str:
        """Return the reference of a manifest by its digest."""
        return f"docker://{self}@{digest}"

    def api_url(self, insecure_hosts: Collection[str]) -> str:
        """Return where the registry's API answers for this image, without a slash at the end.

        Only loopback hosts and those of ``insecure_hosts`` (with or without their port) are spoken to without TLS.
        """
        host = _HUB_ADDRESS if self.registry == _HUB else self.registry
        bare = _without_port(host)
        insecure = _is_loopback(bare) or host in insecure_hosts or bare in insecure_hosts
        return f"{'http' if insecure else 'https'}://{host}/v2/{self.name}"


def read_image_name(text: str) -> ImageName:
    """Return what ``text`` names: ``nginx`` and ``docker.io/library/nginx`` are the same.

    Raises:
        ValueError: it is no name of an image; the message says why.
    """
    if "@" in text or ":" in text.rpartition("/")[2]:
        message = "holds a tag or a digest"
        raise ValueError(message)
    first, slash, rest = text.partition("/")
    has_host = bool(slash) and (first == "localhost" or first.startswith("[") or any(mark in first for mark in ".:"))
    registry, name = (first.lower(), rest) if has_host else (_HUB, text)
    if not _HOST.fullmatch(registry):
        message = f"{registry!r} is no host"
        raise ValueError(message)
    if registry in {f"index.{_HUB}", _HUB_ADDRESS}:
        registry = _HUB
    if registry == _HUB and "/" not in name:
        name = f"library/{name}"
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"{name!r} is no repository: small letters and digits, parted by one of . _ - or /"
        raise ValueError(message)
    return ImageName(registry=registry, name=name)


def is_tag(text: str) -> bool:
    """Return whether a registry may have ``text`` as a tag."""
    return bool(_TAG.fullmatch(text))


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0][1:]
    return host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
