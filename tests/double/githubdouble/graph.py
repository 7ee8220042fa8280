"""GraphQL at one address: errors come with status 200, as GitHub sends them, and every query has a price."""

from __future__ import annotations

import functools
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from .asked import Answer, Asked, Refused, json_answer
from .graph_connections import MOST_NODES, Cost, cost_of
from .graph_nodes import GraphNodes
from .graph_pulls import person_node
from .shapes import Json, node_id, stamp

if TYPE_CHECKING:
    from .limits import Budget
    from .rest import Rest
    from .shapes import Links

SCHEMA = Path(__file__).parent.parent / "schema_subset.graphql"
ADDRESSES = frozenset(("/graphql", "/api/graphql"))
_SPENT = "API rate limit exceeded for user ID 1000."
_NO_QUERY = "A query attribute must be specified and must be a string."
_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'\.")


class Graph:
    """The GraphQL API of a world; tokens and limits are those of the REST API."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def answer(self, asked: Asked, links: Links) -> Answer:
        """Answer a query; without a known token 401."""
        budget = self._rest.limits.budget(
            asked.credential if asked.credential in self._rest.tokens else None, "graphql"
        )
        try:
            answer = self._answer(asked, links, budget)
        except Refused as refused:
            answer = refused.answer
        except GraphQLError as error:
            answer = json_answer({"errors": [_shown(error)]})
        answer.headers = {**budget.headers("graphql"), **answer.headers}
        return answer

    def _answer(self, asked: Asked, links: Links, budget: Budget) -> Answer:
        if self._rest.authorise(asked) is None:
            raise Refused(401, "This endpoint requires you to be authenticated.")
        self._rest.limits.check_secondary()
        if asked.method != "POST":
            raise Refused(404, "Not Found")
        query, variables, name = _read(asked.body)
        if budget.remaining <= 0:
            raise GraphQLError(_SPENT, extensions={"type": "RATE_LIMITED"})
        document = parse(query)
        errors = validate(_schema(), document)
        if errors:
            return json_answer({"errors": [_shown(error) for error in errors]})
        cost = cost_of(document, _operation(document, name), variables)
        if cost.nodes > MOST_NODES:
            message = (
                f"This query requests up to {cost.nodes:,} possible nodes which exceeds the maximum limit of 500,000."
            )
            raise GraphQLError(message, extensions={"type": "MAX_NODE_LIMIT_EXCEEDED"})
        self._rest.limits.spend(budget, cost.points)
        root = self._root(asked, links, budget, cost)
        done = execute_sync(_schema(), document, root, variable_values=variables, operation_name=name)
        body: Json = {"data": done.data}
        if done.errors:
            body["errors"] = [_shown(error) for error in done.errors]
        return json_answer(body)

    def _root(self, asked: Asked, links: Links, budget: Budget, cost: Cost) -> Json:
        known = asked.credential in self._rest.tokens
        nodes = GraphNodes(self._rest.world, links, lambda one: known or not one.private, asked.credential)
        return {
            "id": node_id("Q", "query"),
            "repository": nodes.find,
            "node": nodes.by_id,
            "viewer": person_node(links, "tracker"),
            "rateLimit": lambda _, **__: {
                "cost": cost.points,
                "limit": budget.limit,
                "nodeCount": cost.nodes,
                "remaining": budget.remaining,
                "resetAt": stamp(datetime.fromtimestamp(budget.reset, UTC)),
                "used": budget.used,
            },
        }


@functools.cache
def _schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


def _read(body: bytes) -> tuple[str, dict[str, Any], str | None]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error
    if not isinstance(document, dict) or not isinstance(document.get("query"), str):
        raise GraphQLError(_NO_QUERY)
    return document["query"], document.get("variables") or {}, document.get("operationName")


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    for one in operations:
        if name is None or (one.name is not None and one.name.value == name):
            return one
    message = f"No operation named {json.dumps(name)}"
    raise GraphQLError(message)


def _shown(error: GraphQLError) -> Json:
    """Return an error as GitHub writes it: the kind beside the message, and its own words for an unknown field."""
    shape: Json = {"message": error.message}
    unknown = _UNKNOWN_FIELD.match(error.message)
    if unknown is not None:
        name, kind = unknown.groups()
        shape["message"] = f"Field '{name}' doesn't exist on type '{kind}'"
        shape["extensions"] = {"code": "undefinedField", "typeName": kind, "fieldName": name}
    if error.extensions and "type" in error.extensions:
        shape = {"type": error.extensions["type"], **shape}
    if error.path is not None:
        shape["path"] = error.path
    if error.locations:
        shape["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    return shape
