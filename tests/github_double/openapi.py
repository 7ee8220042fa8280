"""GitHub's published description, as far as the double answers it, made ready for a JSON Schema validator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker

SUBSET = Path(__file__).parent.parent / "double" / "openapi_subset.json"


def read_subset() -> dict[str, Any]:
    """Return the subset, with OpenAPI's own ``nullable`` said in words that JSON Schema knows."""
    found: dict[str, Any] = _with_null(json.loads(SUBSET.read_text(encoding="utf-8")))
    return found


def complaints(subset: dict[str, Any], path: str, body: object) -> list[str]:
    """Return what is wrong with the answer to a path of the description; empty when all is right."""
    schema = {**subset["paths"][path], "components": subset["components"]}
    errors = Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(body)
    return [f"{'/'.join(map(str, error.path))}: {error.message[:300]}" for error in errors]


def _with_null(node: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        return [_with_null(value) for value in node]
    if not isinstance(node, dict):
        return node
    schema = {name: _with_null(value) for name, value in node.items()}
    if schema.pop("nullable", None) is not True:
        return schema
    return {"anyOf": [{"enum": [None]}, schema]}
