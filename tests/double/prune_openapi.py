"""Makes ``openapi_subset.json``: the part of GitHub's published REST description that the double answers.

The description is that of the npm package ``@octokit/openapi`` (MIT), which is large; unpack it outside the checkout::

    npm i --prefix DIRECTORY @octokit/openapi@23.0.2
    python tests/double/prune_openapi.py DIRECTORY/node_modules/@octokit/openapi
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_REPOSITORY = "/repos/{owner}/{repo}"
PATHS = (
    "/rate_limit",
    _REPOSITORY,
    *(
        _REPOSITORY + rest
        for rest in (
            "/attestations/{subject_digest}",
            "/branches",
            "/branches/{branch}",
            "/commits/{ref}/check-runs",
            "/commits/{ref}/status",
            "/compare/{basehead}",
            "/git/ref/{ref}",
            "/git/tags/{tag_sha}",
            "/immutable-releases",
            "/issues/{issue_number}/comments",
            "/issues/{issue_number}/timeline",
            "/pulls",
            "/pulls/{pull_number}",
            "/pulls/{pull_number}/reviews",
            "/releases",
            "/releases/assets/{asset_id}",
            "/releases/latest",
            "/releases/tags/{tag}",
            "/releases/{release_id}",
            "/releases/{release_id}/assets",
            "/tags",
        )
    ),
)
_PROSE = frozenset(("description", "example", "examples", "title", "x-github", "externalDocs", "summary", "default"))


def main() -> None:
    """Read the package in the folder that is the one argument, and write the subset beside this script."""
    package = Path(sys.argv[1])
    described = json.loads((package / "generated" / "api.github.com.json").read_text(encoding="utf-8"))
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    paths = {path: _body_of_success(described["paths"][path]["get"]) for path in PATHS}
    subset = {
        "source": f"npm {about['name']} {about['version']}, generated/api.github.com.json",
        "license": about["license"],
        "made_by": "tests/double/prune_openapi.py",
        "openapi": described["openapi"],
        "paths": paths,
        "components": {"schemas": _reachable(paths, described["components"]["schemas"])},
    }
    text = json.dumps(subset, indent=0, sort_keys=True) + "\n"
    (Path(__file__).parent / "openapi_subset.json").write_text(text, encoding="utf-8")


def _body_of_success(operation: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    return _without_prose(operation["responses"]["200"]["content"]["application/json"]["schema"])


def _reachable(start: Any, schemas: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    kept: dict[str, Any] = {}
    waiting = list(_references(start))
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = _without_prose(schemas[name])
            waiting.extend(_references(kept[name]))
    return kept


def _references(node: Any) -> list[str]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        own = [node["$ref"].rsplit("/", 1)[1]] if isinstance(node.get("$ref"), str) else []
        return own + [name for value in node.values() for name in _references(value)]
    return [name for value in node for name in _references(value)] if isinstance(node, list) else []


def _without_prose(node: Any, *, is_names: bool = False) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema without what only a reader needs; the names under ``properties`` are no keywords."""
    if isinstance(node, list):
        return [_without_prose(value) for value in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_prose(value, is_names=name == "properties" and not is_names)
        for name, value in node.items()
        if is_names or name not in _PROSE
    }


if __name__ == "__main__":
    main()
