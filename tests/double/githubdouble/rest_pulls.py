"""The REST answers about pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asked import not_found
from .shapes_pulls import comment_shape, pull_shape, review_shape, timeline_shapes

if TYPE_CHECKING:
    from .records import PullRequest
    from .rest import Call


def _list(call: Call) -> object:
    """Answer with the pull requests of the state that was asked for (open by default), newest first."""
    state, head = call.asked.query.get("state", "open"), call.asked.query.get("head", "")
    by = call.asked.query.get("sort", "created")
    found = [
        pull
        for pull in call.repository.pulls.values()
        if state in {"all", pull.state} and head in {"", f"{pull.head_repository.split('/')[0]}:{pull.head_ref}"}
    ]
    found.sort(
        key=lambda pull: (pull.updated_at if by == "updated" else pull.created_at, pull.number),
        reverse=call.asked.query.get("direction", "desc") == "desc",
    )
    return call.paged([pull_shape(call.links, call.repository, pull) for pull in found])


def _find(call: Call, number: str) -> PullRequest:
    pull = call.repository.pulls.get(int(number)) if number.isdigit() else None
    if pull is None:
        raise not_found()
    return pull


def _one(call: Call, number: str) -> object:
    return pull_shape(call.links, call.repository, _find(call, number), is_full=True)


def _reviews(call: Call, number: str) -> object:
    pull = _find(call, number)
    return call.paged([review_shape(call.links, call.repository, pull, review) for review in pull.reviews])


def _comments(call: Call, number: str) -> object:
    pull = _find(call, number)
    return call.paged([comment_shape(call.links, call.repository, pull, comment) for comment in pull.comments])


def _timeline(call: Call, number: str) -> object:
    return call.paged(list(timeline_shapes(call.links, call.repository, _find(call, number))))


PULL_ROUTES = (
    ("pulls", _list),
    ("pulls/{number}", _one),
    ("pulls/{number}/reviews", _reviews),
    ("issues/{number}/comments", _comments),
    ("issues/{number}/timeline", _timeline),
)
