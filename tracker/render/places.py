"""Where each page lies in the site, and how one page points to another."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.model import Combination

FRONT = "index"
MATRIX = "matrix"
COMPONENTS = "components"
RUNS = "runs"
CHANGES = "changes"
HEALTH = "health"
METHOD = "method"
DECLARED = "declared"
MISFITS = "misfits"
CONTENTS = "contents"
BADGES = "badges"
SEARCH = "search"

_UNSAFE = re.compile(r"[^a-z0-9.+~-]")
_LONGEST = 80


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return a file name for ``name`` that is safe on every system and in a URL, and unique.

    It is ``name`` itself where that is already safe, else it ends in eight digits of the name's SHA-256.
    """
    safe = _UNSAFE.sub("_", name.lower())[:_LONGEST].strip(".")
    if safe == name and safe:
        return safe
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def component(name: str) -> str:
    """Return the path of a component's page."""
    return f"components/{slug(name)}"


def release(component_name: str, version: str) -> str:
    """Return the path of a release's page."""
    return f"releases/{slug(component_name)}@{slug(version)}"


def combination(value: Combination) -> str:
    """Return the path of a combination's page."""
    return f"combinations/{value.slug}"


def run(run_id: int) -> str:
    """Return the path of a run's page."""
    return f"runs/{run_id}"


def relative(start: str, file: str) -> str:
    """Return ``file`` as seen from the page ``start``; both relative to the site's root, with ``/``."""
    return _from_directory(start.rpartition("/")[0], file)


@lru_cache(maxsize=1 << 14)
def _from_directory(directory: str, file: str) -> str:
    here, there = directory.split("/") if directory else [], file.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])
