"""Asks for many repositories at once whether anything changed, in GitHub's GraphQL.

A query with aliases costs one point for each hundred connections (docs "Rate limits and node limits"). What it says
is only ever compared with what it said before; every fact is then asked by REST, which alone tells digests.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import msgspec

from tracker.api import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import HttpClient

    from .options import Ask, Endpoints

AT_ONCE = 50
_RELEASES = """
releases(first: 20, orderBy: {field: CREATED_AT, direction: DESC}) {
  totalCount
  nodes { id tagName isDraft isPrerelease updatedAt publishedAt
    releaseAssets(first: 100) { totalCount nodes { id name size updatedAt } } }
}"""
_TAGS = """
refs(refPrefix: "refs/tags/", first: 20, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {
  totalCount
  nodes { name target { oid } }
}"""
_PULL = """
pullRequest(number: %d) { updatedAt state isDraft headRefOid reviewDecision
  commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } } }"""
_BRANCH = "ref(qualifiedName: %s) { target { oid } }"


def survey(http: HttpClient, endpoints: Endpoints, asks: Mapping[str, Ask]) -> dict[str, str]:
    """Return a digest of what each repository shows now, by name of its target; one that said nothing is left out.

    Raises:
        SourceError: GitHub could not be asked, or its answer is none.
    """
    found: dict[str, str] = {}
    names = list(asks)
    for start in range(0, len(names), AT_ONCE):
        found |= _some(http, endpoints, {name: asks[name] for name in names[start : start + AT_ONCE]})
    return found


def query(asks: Sequence[Ask]) -> str:
    """Return the question; the answer of the n-th repository is called ``rN``."""
    parts = [f"r{place}: {_repository(ask)}" for place, ask in enumerate(asks)]
    return "query { rateLimit { cost remaining resetAt }\n" + "\n".join(parts) + "\n}"


def _repository(ask: Ask) -> str:
    owner, _, name = ask.repository.partition("/")
    parts = ["id nameWithOwner"]
    parts += [_RELEASES] if ask.wants_releases else []
    parts += [_TAGS] if ask.wants_tags or ask.wants_releases else []
    parts += [f"p{number}: {(_PULL % number).strip()}" for number in ask.pulls]
    parts += [f"b{place}: {_BRANCH % json.dumps(f'refs/heads/{branch}')}" for place, branch in enumerate(ask.branches)]
    return f"repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) {{ {' '.join(parts)} }}"


def _some(http: HttpClient, endpoints: Endpoints, asks: Mapping[str, Ask]) -> dict[str, str]:
    fetched = http.post(endpoints.graphql, {"query": query(list(asks.values()))})
    try:
        answer = msgspec.json.decode(fetched.body)
        data = answer.get("data") or {}
        errors = answer.get("errors") or []
        failed = {error["path"][0] for error in errors if error.get("path")}
        refused = next((str(error["message"]) for error in errors), "there is no data in it")
    except (msgspec.DecodeError, AttributeError, TypeError, KeyError, IndexError) as error:
        message = f"{endpoints.graphql}: the answer is not what GraphQL describes"
        raise SourceError(message) from error
    if not isinstance(data, dict) or not data:
        # A used-up limit and a question that GitHub does not understand both come as status 200.
        message = f"{endpoints.graphql}: the question was refused: {refused}"
        raise SourceError(message)
    return {
        name: _digest(data[f"r{place}"], ask)
        for place, (name, ask) in enumerate(asks.items())
        if isinstance(data.get(f"r{place}"), dict) and f"r{place}" not in failed
    }


def _digest(said: object, ask: Ask) -> str:
    """Another question is another digest, so that a new wish is asked for at once."""
    document = json.dumps([query([ask]), said], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(document.encode()).hexdigest()
