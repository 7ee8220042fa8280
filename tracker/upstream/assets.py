"""Which file of a release is for which platform, and which file proves another one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.model import AssetRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model import Asset, Component
    from tracker.upstream.tags import ReadTag

_ATTESTATIONS = (".asc", ".sig", ".intoto.jsonl", ".sigstore.json", ".sigstore")
_TOKEN = re.compile(r"(\{[^{}]*\}|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The files of a release with role and platform.

    Attributes:
        assets: main files first, in each role by name.
        awaits: wanted platforms that have no complete file yet, sorted.
    """

    assets: tuple[Asset, ...]
    awaits: tuple[str, ...]


def mark_assets(component: Component, read: ReadTag, files: Sequence[Asset], platforms: Sequence[str]) -> Marked:
    """Return ``files`` with role and platform by the component's rules, and which of ``platforms`` still wait.

    A platform has one main file: by its first rule that any file fits, and of the files that fit that rule the first
    by name. A file serves one platform, the one whose rule stands first. What proves other files is never a main file.
    Files of platforms that are not wanted are marked like the others.

    A wanted platform for which the component has rules waits while it has no main file, or while the release gives a
    checksum file to another of its files, but none to this one. A component without asset rules waits for nothing.

    Raises:
        ConfigError: a pattern holds a placeholder that does not exist.
    """
    proofs = {file.name: role for file in files if (role := _proof_role(component, file.name))}
    candidates = sorted({file.name for file in files} - proofs.keys())
    chosen = _chosen(component, read, candidates)
    platform_of = {name: platform for platform, name in chosen.items()}
    marked = [
        replace(file, role=AssetRole.MAIN, platform=platform_of[file.name])
        if file.name in platform_of
        else replace(file, role=proofs.get(file.name, AssetRole.OTHER), platform="")
        for file in files
    ]
    ordered = sorted(marked, key=lambda asset: (asset.role is not AssetRole.MAIN, asset.name))
    return Marked(assets=tuple(ordered), awaits=tuple(_awaited(component, chosen, candidates, proofs, platforms)))


def checksum_names(component: Component, name: str) -> tuple[str, ...]:
    """Return the names that checksum files for the file ``name`` would have, in the order of the rules."""
    return tuple(dict.fromkeys(pattern.replace("{name}", name) for pattern in component.checksums))


def _proof_role(component: Component, name: str) -> AssetRole | None:
    if name.endswith(_ATTESTATIONS):
        return AssetRole.ATTESTATION
    patterns = (pattern.split("{name}") for pattern in component.checksums)
    if any(re.fullmatch(".+".join(map(re.escape, parts)), name, re.DOTALL) for parts in patterns):
        return AssetRole.CHECKSUM
    return None


def _chosen(component: Component, read: ReadTag, candidates: Sequence[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for rule in component.assets:
        expression = _expression(component, rule.pattern, {"version": read.version, "tag": read.tag})
        if rule.platform not in chosen:
            taken = set(chosen.values())
            fitting = (name for name in candidates if name not in taken and expression.fullmatch(name))
            if (name := next(fitting, None)) is not None:
                chosen[rule.platform] = name
    return chosen


def _expression(component: Component, pattern: str, values: Mapping[str, str]) -> re.Pattern[str]:
    parts = []
    for part in _TOKEN.split(pattern):
        if part == "*":
            parts.append("[^/]*")
        elif part.startswith("{") and part.endswith("}"):
            if part[1:-1] not in values:
                message = f"{component.name}: the asset pattern {pattern!r} holds {part}, which stands for nothing"
                raise ConfigError(message, hint="Known are {version} and {tag}; * stands for any text.")
            parts.append(re.escape(values[part[1:-1]]))
        else:
            parts.append(re.escape(part))
    return re.compile("".join(parts), re.DOTALL)


def _awaited(
    component: Component,
    chosen: Mapping[str, str],
    candidates: Sequence[str],
    proofs: Mapping[str, AssetRole],
    platforms: Sequence[str],
) -> Iterator[str]:
    ruled = {rule.platform for rule in component.assets}
    for platform in sorted({*platforms} & ruled):
        name = chosen.get(platform)
        if name is None or _is_unproven(component, name, candidates, proofs):
            yield platform


def _is_unproven(component: Component, name: str, candidates: Sequence[str], proofs: Mapping[str, AssetRole]) -> bool:
    """Whether the release proves other files in a way in which this one ought to be proven, and is not yet."""
    if any(one in proofs for one in checksum_names(component, name)):
        return False
    return any(one in proofs for other in candidates for one in checksum_names(component, other))
