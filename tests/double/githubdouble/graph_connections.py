"""Connections of GraphQL: pages by cursor, and what a query costs by GitHub's documented rule."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    VariableNode,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import DocumentNode, OperationDefinitionNode, SelectionSetNode

    from .shapes import Json

MOST_NODES = 500_000


def connection(nodes: Sequence[Json], arguments: Mapping[str, Any]) -> Json:
    """Return the part of a list that first, last, after and before ask for.

    Raises:
        GraphQLError: neither first nor last was given, or one that is not from 1 to 100.
    """
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        message = "You must provide a `first` or `last` value to properly paginate the connection."
        raise GraphQLError(message, extensions={"type": "MISSING_PAGINATION_BOUNDARIES"})
    for name, count in (("first", first), ("last", last)):
        if count is not None and not 1 <= count <= 100:
            message = f"Requesting {count} records on the connection exceeds the `{name}` limit of 100 records."
            raise GraphQLError(message, extensions={"type": "EXCESSIVE_PAGINATION"})
    start = _place(arguments.get("after"), -1) + 1
    end = _place(arguments.get("before"), len(nodes))
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    shown = [(_cursor(place), nodes[place]) for place in range(start, max(start, end))]
    return {
        "edges": [{"cursor": cursor, "node": node} for cursor, node in shown],
        "nodes": [node for _, node in shown],
        "totalCount": len(nodes),
        "pageInfo": {
            "startCursor": shown[0][0] if shown else None,
            "endCursor": shown[-1][0] if shown else None,
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": start > 0,
        },
    }


@dataclass(slots=True)
class Cost:
    """What a query asks for: requests that GitHub would make for its connections, and nodes that it may return."""

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        """A hundredth of the requests, rounded, and one at least."""
        return max(1, round(self.requests / 100))


def cost_of(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
    """Return what an operation costs: one request for each connection under each node that its parents may have."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    defaults = {
        one.variable.name.value: getattr(one.default_value, "value", None)
        for one in operation.variable_definitions or ()
    }
    cost = Cost()
    _add(cost, operation.selection_set, 1, fragments, {**defaults, **variables})
    return cost


def _add(
    cost: Cost,
    selections: SelectionSetNode | None,
    parents: int,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> None:
    for one in () if selections is None else selections.selections:
        if isinstance(one, FragmentSpreadNode):
            _add(cost, fragments[one.name.value].selection_set, parents, fragments, variables)
            continue
        below = parents
        count = _asked_count(one, variables) if isinstance(one, FieldNode) else None
        if count is not None:
            cost.requests += parents
            below = parents * count
            cost.nodes += below
        _add(cost, getattr(one, "selection_set", None), below, fragments, variables)


def _asked_count(field: FieldNode, variables: Mapping[str, Any]) -> int | None:
    for argument in field.arguments or ():
        if argument.name.value in {"first", "last"}:
            value = argument.value
            found = variables.get(value.name.value) if isinstance(value, VariableNode) else None
            found = value.value if isinstance(value, IntValueNode) else found
            if found is not None:
                return int(found)
    return None


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:{place}".encode()).decode()


def _place(cursor: str | None, default: int) -> int:
    if cursor is None:
        return default
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:"))
    except ValueError as error:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphQLError(message, extensions={"type": "INVALID_CURSOR_ARGUMENTS"}) from error
