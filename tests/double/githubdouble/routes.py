"""Which part of the double answers which address of the REST API; the rest is 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asked import not_found
from .rest_commits import COMMIT_ROUTES
from .rest_pulls import PULL_ROUTES
from .rest_releases import RELEASE_ROUTES
from .shapes import repository_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rest import Call

_ROUTES = (*RELEASE_ROUTES, *COMMIT_ROUTES, *PULL_ROUTES)


def answer_repository(call: Call) -> object:
    """Answer /repos/{owner}/{repo} and all below it; ``call.rest`` is what follows the repository."""
    if not call.rest:
        return repository_shape(call.links, call.repository, is_full=True)
    for pattern, answer in _ROUTES:
        values = _match(pattern, call.rest)
        if values is not None:
            return answer(call, *values)
    raise not_found()


def _match(pattern: str, segments: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the values of the parts in braces; ``{name+}`` at the end takes all that is left."""
    parts = pattern.split("/")
    values: list[str] = []
    for place, part in enumerate(parts):
        if part.endswith("+}") and len(segments) > place:
            return (*values, "/".join(segments[place:]))
        if place >= len(segments):
            return None
        if part.startswith("{"):
            values.append(segments[place])
        elif part != segments[place]:
            return None
    return tuple(values) if len(parts) == len(segments) else None


Route = tuple[str, "Callable[..., object]"]
