"""A separately released part, and where it is watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A separately released part with versions.

    Attributes:
        name: lower-case, unique among all components; what people type (``containerd``).
        title: one line for pages: what the part is.
        source: name of the source that watches it.
        scheme: name of the version scheme that orders its versions.
        installer: name of the installer that puts one asset of it into a prefix.
        options: what the source needs to find it (``{"package": "containerd"}``); the source defines the keys.
        homepage: where a person reads about it; empty when there is none.
        binaries: paths of its executables relative to a prefix, by the name that scenarios use, each with
            alternatives in order of preference (upstreams move files between releases).
    """

    name: str
    title: str
    source: str
    scheme: str
    installer: str
    options: Mapping[str, str] = field(default_factory=dict)
    homepage: str = ""
    binaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
