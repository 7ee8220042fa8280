"""Makes ``schema_subset.graphql``: the part of GitHub's GraphQL schema that the double answers, without its prose.

The schema is that of the npm package ``@octokit/graphql-schema`` (MIT); unpack it outside the checkout::

    npm i --prefix DIRECTORY @octokit/graphql-schema@15.26.1
    python tests/double/prune_graphql.py DIRECTORY/node_modules/@octokit/graphql-schema
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    Node,
    ScalarTypeDefinitionNode,
    TypeNode,
    Visitor,
    assert_valid_schema,
    build_schema,
    parse,
    print_ast,
    visit,
)

_ACTOR = "login url resourcePath avatarUrl"
KEPT = {
    "Query": "id repository rateLimit node viewer",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "Actor": _ACTOR,
    "RepositoryOwner": _ACTOR + " id",
    "User": _ACTOR + " id databaseId name",
    "Node": "id",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "Repository": "id databaseId name nameWithOwner owner url description isArchived isFork isPrivate createdAt "
    "updatedAt pushedAt defaultBranchRef parent object ref refs release releases latestRelease pullRequest "
    "pullRequests",
    "Release": "id databaseId name tagName tag tagCommit description createdAt publishedAt updatedAt isDraft isLatest "
    "isPrerelease author url releaseAssets repository",
    "ReleaseAsset": "id name contentType createdAt updatedAt downloadCount downloadUrl url size uploadedBy release",
    "Ref": "id name prefix target repository",
    "GitObject": "id oid abbreviatedOid commitUrl",
    "Commit": "id oid abbreviatedOid commitUrl url message messageHeadline committedDate authoredDate "
    "statusCheckRollup parents",
    "Tag": "id oid abbreviatedOid commitUrl message name tagger target",
    "GitActor": "name email date",
    "PullRequest": "id databaseId number title body state isDraft merged mergedAt mergedBy mergeCommit mergeable "
    "mergeStateStatus closed closedAt createdAt updatedAt headRefName headRefOid headRepository headRepositoryOwner "
    "isCrossRepository baseRefName baseRefOid author url comments reviews reviewDecision commits statusCheckRollup "
    "labels",
    "PullRequestReview": "id databaseId author body state submittedAt createdAt url",
    "IssueComment": "id databaseId author body createdAt updatedAt url",
    "Label": "id name",
    "PullRequestCommit": "id commit url",
    "StatusCheckRollup": "id state contexts commit",
    "CheckRun": "id databaseId name status conclusion startedAt completedAt url detailsUrl",
    "StatusContext": "id context state description createdAt targetUrl",
    **{
        f"{name}{suffix}": fields
        for name in (
            "Release",
            "ReleaseAsset",
            "Ref",
            "PullRequest",
            "PullRequestReview",
            "IssueComment",
            "Label",
            "PullRequestCommit",
            "StatusCheckRollupContext",
            "Commit",
        )
        for suffix, fields in (("Connection", "edges nodes pageInfo totalCount"), ("Edge", "cursor node"))
    },
}
_UNIONS = ("StatusCheckRollupContext",)
_LEAVES = (EnumTypeDefinitionNode, InputObjectTypeDefinitionNode, ScalarTypeDefinitionNode)


def main() -> None:
    """Read the package in the folder that is the one argument, and write the subset beside this script."""
    package = Path(sys.argv[1])
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    definitions = {
        node.name.value: node
        for node in parse((package / "schema.graphql").read_text(encoding="utf-8")).definitions
        if hasattr(node, "name") and node.name is not None
    }
    kept = [_prune(definitions[name], definitions) for name in (*KEPT, *_UNIONS)]
    leaves: dict[str, DefinitionNode] = {}
    for node in kept:
        _collect_leaves(node, definitions, leaves)
    head = f"# npm {about['name']} {about['version']} ({about['license']}), schema.graphql,\n"
    head += "# pruned by prune_graphql.py.\n\n"
    text = head + "\n\n".join(print_ast(node) for node in [*kept, *(leaves[name] for name in sorted(leaves))]) + "\n"
    assert_valid_schema(build_schema(text))
    (Path(__file__).parent / "schema_subset.graphql").write_text(text, encoding="utf-8")


def _prune(node: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - any definition
    """Return a type with the kept fields, arguments and relations only, and without prose."""
    name = node.name.value
    if name in KEPT:
        wanted = set(KEPT[name].split())
        fields = [one for one in node.fields if one.name.value in wanted and _is_kept(one.type, definitions)]
        node = replace(
            node,
            interfaces=tuple(one for one in node.interfaces or () if one.name.value in KEPT),
            fields=tuple(
                replace(field, arguments=tuple(one for one in field.arguments or () if _is_kept(one.type, definitions)))
                for field in fields
            ),
        )
    else:
        node = replace(node, types=tuple(one for one in node.types if one.name.value in KEPT))
    return visit(node, _WithoutProse())


def _collect_leaves(node: Node, definitions: dict[str, Any], found: dict[str, DefinitionNode]) -> None:
    """Add the enumerations, inputs and scalars that a definition names."""
    seen = _Names()
    visit(node, seen)
    for name in seen.names - set(found):
        if isinstance(definitions.get(name), _LEAVES):
            found[name] = visit(definitions[name], _WithoutProse())
            _collect_leaves(found[name], definitions, found)


def _is_kept(kind: TypeNode, definitions: dict[str, Any]) -> bool:
    seen = _Names()
    visit(kind, seen)
    built_in = {"String", "Int", "Boolean", "Float", "ID"}
    return all(
        name in KEPT or name in built_in or name in _UNIONS or isinstance(definitions.get(name), _LEAVES)
        for name in seen.names
    )


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_named_type(self, node: Any, *_: object) -> None:  # noqa: ANN401 - the visitor's own type
        self.names.add(node.name.value)


class _WithoutProse(Visitor):
    def enter(self, node: Any, *_: object) -> Any:  # noqa: ANN401 - the visitor's own type
        nothing = {"description": None, "directives": ()}
        return (
            replace(node, **{name: empty for name, empty in nothing.items() if getattr(node, name, None)})
            if any(getattr(node, name, None) for name in nothing)
            else None
        )


if __name__ == "__main__":
    main()
