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
CORRECTIONS = "corrections"
HOSTS = "hosts"
PULLS = "pulls"

CELLS = "matrix/verdicts.js"
"""The verdicts for the pages of two factors, as a script."""

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


def run_list(first: int, last: int) -> str:
    """Return the path of the list of the runs from ``first`` to ``last``."""
    return f"runs/{first}-to-{last}"


def log(run_id: int, kind: str, name: str) -> str:
    """Return the path of the whole text of a log; ``kind`` (``step`` or ``log``) keeps equal names apart."""
    return f"runs/{run_id}/{kind}-{slug(name)}.txt"


def misfit(key: str) -> str:
    """Return the path of the page of what does not fit; the same for good."""
    return f"misfits/{slug(key)}"


def pair(one: str, other: str) -> str:
    """Return the path of the matrix of two factors, ``one`` down and ``other`` across."""
    return f"matrix/{slug(one)}-x-{slug(other)}"


def host(key: str) -> str:
    """Return the path of a host's page."""
    return f"hosts/{slug(key)}"


def pull(repository: str, number: int) -> str:
    """Return the path of a pull request's page."""
    return f"pulls/{slug(repository)}-{number}"


def timeline(component_name: str) -> str:
    """Return the name of the picture of a component's releases."""
    return f"components/{slug(component_name)}.svg"


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
