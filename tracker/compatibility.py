"""Which version of the plugin API a plugin was made for, told before any of its code runs.

A plugin states it as ``TRACKER_API = 1``, or with the minor version that it needs at least, ``TRACKER_API = (1, 2)``,
at the top of its module. It is read out of the source, since a module that was made for another API may well fail
while it is imported, with an error that says nothing of the reason.
"""

from __future__ import annotations

import ast
import importlib.util
from typing import TYPE_CHECKING

from tracker.hookspecs import API_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "TRACKER_API"
UNSTATED = (1, 0)
"""What a plugin without a statement is taken to be made for: the first version."""

_HOW = f"write {NAME} = {API_VERSION[0]}, or {NAME} = {API_VERSION} for the minor version that it needs"


def written(version: tuple[int, int]) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version))


def stated(module: str) -> object:
    """Return what the source of ``module``, or of a package around it, states; ``None`` when none does.

    No code of the module is run; a package around it is imported only after what it states itself was looked at.

    Args:
        module: dotted name, as an entry point tells it.
    """
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        found = list(_statements(".".join(parts[:count])))
        if found:
            return found[-1]
    return None


def refusal(statement: object, name: str = "it") -> str:
    """Return why a plugin that makes ``statement`` cannot be loaded, and what to do; empty when it can.

    Args:
        statement: what ``stated`` returned, or the attribute of an object.
        name: what provides the plugin (``greetings 1.0``), for the advice.
    """
    wanted = version_of(statement)
    ours = written(API_VERSION)
    if wanted is None:
        return f"{NAME} = {statement!r} is no version of the plugin API: {_HOW}"
    if wanted[0] == API_VERSION[0] and wanted[1] <= API_VERSION[1]:
        return ""
    theirs = written(wanted) if isinstance(statement, tuple) else str(wanted[0])
    if wanted > API_VERSION:
        advice = f"update tracker, or install a version of {name} that is made for {API_VERSION[0]}"
    else:
        advice = f"update {name} to a version that is made for {API_VERSION[0]}, or install an older tracker"
    return f"is made for version {theirs} of the plugin API, and this tracker has {ours}: {advice}"


def version_of(statement: object) -> tuple[int, int] | None:
    """Return the major and the least minor version of a statement; ``None`` when it is none."""
    match statement:
        case None:
            return UNSTATED
        case bool():
            return None
        case int(major):
            return (major, 0)
        case (int(major), int(minor)) if isinstance(statement, tuple):
            return (major, minor)
    return None


def _statements(module: str) -> Iterator[object]:
    """Yield what is assigned to the name at the top of the module's source; nothing where there is no source."""
    try:
        spec = importlib.util.find_spec(module)
        loader = spec.loader if spec else None
        source = loader.get_source(module) if loader and hasattr(loader, "get_source") else None
        tree = ast.parse(source or "")
    except Exception:  # noqa: BLE001 - whatever is wrong with it shows when it is imported, with its own message
        return
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == NAME for target in targets):
            try:
                yield ast.literal_eval(node.value)  # type: ignore[attr-defined]
            except (ValueError, TypeError, SyntaxError):
                yield ast.unparse(node.value)  # type: ignore[attr-defined]
