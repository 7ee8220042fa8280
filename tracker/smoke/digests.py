"""Under which key a run's evidence stands: digests over the code that made it and over the bytes that it ran."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import SmokeError
from tracker.protocols.scenario import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.model import Asset, Release
    from tracker.protocols import EnvironmentBuilder, Installer, Scenario

_HOST_MODULES = tuple(
    f"tracker.smoke.{name}"
    for name in (
        *("bench", "cgroups", "environment", "guard", "isolation", "launched", "limits", "linux", "native", "plain"),
        *("processes", "steps", "wakefulness", "windows"),
    )
)
"""The host's own code that decides what a step sees."""


def scenario_digest(scenario: Scenario, installers: Iterable[Installer | EnvironmentBuilder]) -> str:
    """Return the digest of all code that shapes a run: the scenario's, its installers' and the host's.

    Of a plugin it is the module that defines the class and, transitively, the modules of the same package that it
    imports, wherever in the module the import stands. A scenario that is data besides tells it as its ``content``.
    """
    content = scenario.content if isinstance(scenario, Written) else ""
    modules = {name for one in (scenario, *installers) for name in _closure(type(one).__module__)}
    return _digest_of({*modules, *_HOST_MODULES}, content)


def code_digest(plugin_object: object) -> str:
    """Return the digest of the code behind an object that a plugin registered, as for ``scenario_digest``."""
    return _digest_of(_closure(type(plugin_object).__module__))


def artifact_digest(releases: Iterable[Release]) -> str:
    """Return the digest over the digests of all assets of ``releases``, sorted; the order given does not matter."""
    digests = sorted(_identity(asset) for release in releases for asset in release.assets)
    return f"sha256:{hashlib.sha256(chr(10).join(digests).encode()).hexdigest()}"


def host_key(names: Iterable[str], facts: Mapping[str, str]) -> str:
    """Return the facts called ``names``, in their order, as the host key; one that is not known says so."""
    return " ".join(f"{name}={facts.get(name, 'unknown')}" for name in names)


def _identity(asset: Asset) -> str:
    return asset.digest or " ".join(asset.further_digests) or f"unverified:{asset.url}"


def _digest_of(modules: Iterable[str], content: str = "") -> str:
    digest = hashlib.sha256(content.encode())
    for name in sorted(modules):
        digest.update(f"{name}\n{hashlib.sha256(_source_of(name).encode()).hexdigest()}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _closure(start: str) -> set[str]:
    package = start.rpartition(".")[0]
    found: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [one for one in _imports_of(name) if package and one.startswith(f"{package}.")]
    return found


def _imports_of(name: str) -> Iterator[str]:
    package = name if _is_package(name) else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(_source_of(name))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            target = "." * node.level + (node.module or "")
            base = importlib.util.resolve_name(target, package) if node.level else target
            if _exists(base):
                yield base
            yield from (full for alias in node.names if _exists(full := f"{base}.{alias.name}"))


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, AttributeError, ValueError):
        return False


def _is_package(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.submodule_search_locations is not None


def _source_of(name: str) -> str:
    spec = importlib.util.find_spec(name)
    get_source = getattr(spec.loader, "get_source", None) if spec is not None else None
    if get_source is not None and isinstance(source := get_source(name), str):
        return source
    if spec is not None and spec.has_location and spec.origin and spec.origin.endswith(".py"):
        return Path(spec.origin).read_text(encoding="utf-8")
    message = f"the source code of the module {name} cannot be read, so that its evidence could not be told apart"
    raise SmokeError(message)
