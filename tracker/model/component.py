"""A separately released part, and where it is watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """How tags of a repository are read as versions; what does not fit is set aside, visibly.

    Attributes:
        version: regular expression that the whole tag matches; its group ``version`` is the version.
        line: regular expression found at the start of a version: the supported line it belongs to (``2.3``).
        prerelease: regular expression that is found in the version of a pre-release; empty for none.
    """

    version: str
    line: str
    prerelease: str = r"(?i)(alpha|beta|rc|pre|dev)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRule:
    """Which file of a release is the one for a platform.

    Attributes:
        platform: as ``"windows/amd64"``.
        pattern: file name with ``{version}`` and ``{tag}`` in it; ``*`` stands for any text without ``/``.
    """

    platform: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A further place that tells of a component: its pull requests, a fork's branch, the repository's history.

    Attributes:
        source: name of the source that asks there.
        options: what that source needs to find it.
    """

    source: str
    options: Mapping[str, str] = field(default_factory=dict)


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
        tags: how tags become versions; ``None`` where the source needs no such rule.
        assets: which file is the one for a platform, most recent naming first; the first that fits is taken.
        checksums: names of the files that hold digests of an asset, with ``{name}`` for the asset's own name, as
            ``"{name}.sha256sum"`` or ``"SHA256SUMS"``; each one that a release has must agree.
        live_lines: how many of the newest supported lines are tested; 0 for all.
        watches: further places that tell of it.
        aliases: other names that scripts and tables use for it (``nerdctl-full``).
    """

    name: str
    title: str
    source: str
    scheme: str
    installer: str
    options: Mapping[str, str] = field(default_factory=dict)
    homepage: str = ""
    binaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: TagRule | None = None
    assets: tuple[AssetRule, ...] = ()
    checksums: tuple[str, ...] = ()
    live_lines: int = 0
    watches: tuple[Watch, ...] = ()
    aliases: tuple[str, ...] = ()
