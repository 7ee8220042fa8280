"""The REST answers about tags, branches, checks, comparisons and attestations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .asked import Refused, not_found
from .shapes_commits import (
    branch_shape,
    check_run_shape,
    combined_status_shape,
    commit_shape,
    compare_shape,
    tag_object_shape,
    tag_ref_shape,
    tag_shape,
)

if TYPE_CHECKING:
    from .rest import Call


def _tags(call: Call) -> object:
    """Answer with all tags, sorted by name downwards, which is how GitHub lists them."""
    tags = sorted(call.repository.tags.values(), key=lambda tag: tag.name, reverse=True)
    return call.paged([tag_shape(call.links, call.repository, tag) for tag in tags])


def _branches(call: Call) -> object:
    names = sorted(call.repository.branches)
    return call.paged([branch_shape(call.links, call.repository, name, is_full=False) for name in names])


def _branch(call: Call, name: str) -> object:
    if name in call.repository.branches:
        return branch_shape(call.links, call.repository, name, is_full=True)
    if name in call.repository.former_branches:
        now = quote(call.repository.former_branches[name], safe="")
        url = f"{call.links.api_url}{call.prefix}/repositories/{call.repository.id}/branches/{now}"
        raise Refused(301, "Moved Permanently", headers={"location": url}, url=url)
    raise Refused(404, "Branch not found")


def _git_ref(call: Call, name: str) -> object:
    kind, _, rest = name.partition("/")
    repository, url = call.repository, call.links.repository(call.repository)
    if kind == "tags" and rest in repository.tags:
        return tag_ref_shape(call.links, repository, repository.tags[rest])
    if kind == "heads" and rest in repository.branches:
        sha = repository.branches[rest]
        return {
            "ref": f"refs/{name}",
            "node_id": f"REF_{sha}",
            "url": f"{url}/git/refs/{name}",
            "object": {"sha": sha, "type": "commit", "url": f"{url}/git/commits/{sha}"},
        }
    raise not_found()


def _git_tag(call: Call, sha: str) -> object:
    for tag in call.repository.tags.values():
        if tag.object_sha == sha:
            return tag_object_shape(call.links, call.repository, tag)
    raise not_found()


def _resolved(call: Call, ref: str) -> str:
    sha = call.repository.resolve(ref)
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {ref}")
    return sha


def _commit(call: Call, ref: str) -> object:
    return commit_shape(call.links, call.repository, call.repository.commits[_resolved(call, ref)])


def _check_runs(call: Call, ref: str) -> object:
    sha = _resolved(call, ref)
    runs = call.repository.check_runs.get(sha, [])
    return call.paged([check_run_shape(call.links, call.repository, sha, run) for run in runs], "check_runs")


def _status(call: Call, ref: str) -> object:
    return combined_status_shape(call.links, call.repository, _resolved(call, ref))


def _compare(call: Call, both: str) -> object:
    base, dots, head = both.partition("...")
    shas = [call.repository.resolve(name.rsplit(":", 1)[-1]) for name in (base, head)]
    if not dots or shas[0] is None or shas[1] is None:
        raise not_found()
    return compare_shape(call.links, call.repository, shas[0], shas[1])


def _attestations(call: Call, digest: str) -> object:
    if not digest.startswith("sha256:"):
        raise Refused(422, "Invalid subject digest")
    return {"attestations": call.paged([])}


COMMIT_ROUTES = (
    ("tags", _tags),
    ("branches", _branches),
    ("branches/{branch}", _branch),
    ("git/ref/{ref+}", _git_ref),
    ("git/tags/{sha}", _git_tag),
    ("commits/{ref}", _commit),
    ("commits/{ref}/check-runs", _check_runs),
    ("commits/{ref}/status", _status),
    ("compare/{basehead}", _compare),
    ("attestations/{digest}", _attestations),
)
