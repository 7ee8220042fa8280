"""The JSON of commits, tags, branches, checks and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .shapes import Json, Links, node_id, person, repository_shape, stamp

if TYPE_CHECKING:
    from .records import CheckRun, Commit, Status, Tag
    from .repository import Repository

_VERIFICATION: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def commit_shape(links: Links, repository: Repository, commit: Commit) -> Json:
    """Return a commit."""
    url, page = links.repository(repository), links.page(repository)
    signed_by = {"name": commit.author, "email": f"{_mail(commit.author)}@example.com", "date": stamp(commit.date)}
    tree = commit.sha[::-1]
    return {
        "sha": commit.sha,
        "node_id": node_id("C", commit.sha),
        "commit": {
            "author": signed_by,
            "committer": signed_by,
            "message": commit.message,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
            "url": f"{url}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": _VERIFICATION,
        },
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{page}/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        "author": person(links, commit.author),
        "committer": person(links, commit.author),
        "parents": [
            {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{page}/commit/{sha}"} for sha in commit.parents
        ],
    }


def tag_shape(links: Links, repository: Repository, tag: Tag) -> Json:
    """Return an entry of the list of tags: it has no date, and peels annotated tags."""
    url, name = links.repository(repository), quote(tag.name, safe="/")
    return {
        "name": tag.name,
        "zipball_url": f"{url}/zipball/refs/tags/{name}",
        "tarball_url": f"{url}/tarball/refs/tags/{name}",
        "commit": {"sha": tag.sha, "url": f"{url}/commits/{tag.sha}"},
        "node_id": node_id("REF", tag.name),
    }


def tag_ref_shape(links: Links, repository: Repository, tag: Tag) -> Json:
    """Return the git reference of a tag: a tag object when it is annotated, else the commit."""
    url = links.repository(repository)
    kind, sha = ("commit", tag.sha) if tag.object_sha is None else ("tag", tag.object_sha)
    return {
        "ref": f"refs/tags/{tag.name}",
        "node_id": node_id("REF", tag.name),
        "url": f"{url}/git/refs/tags/{quote(tag.name, safe='/')}",
        "object": {"sha": sha, "type": kind, "url": f"{url}/git/{kind}s/{sha}"},
    }


def tag_object_shape(links: Links, repository: Repository, tag: Tag) -> Json:
    """Return an annotated tag's object, which is where its date lies."""
    url = links.repository(repository)
    return {
        "node_id": node_id("TA", tag.object_sha),
        "sha": tag.object_sha,
        "url": f"{url}/git/tags/{tag.object_sha}",
        "tagger": {"name": "maintainer", "email": "maintainer@example.com", "date": stamp(tag.tagged_at)},
        "object": {"sha": tag.sha, "type": "commit", "url": f"{url}/git/commits/{tag.sha}"},
        "tag": tag.name,
        "message": tag.message,
        "verification": _VERIFICATION,
    }


def branch_shape(links: Links, repository: Repository, name: str, *, is_full: bool) -> Json:
    """Return a branch as its own address tells it, or as the list does."""
    url, sha = links.repository(repository), repository.branches[name]
    if not is_full:
        return {"name": name, "commit": {"sha": sha, "url": f"{url}/commits/{sha}"}, "protected": False}
    itself = f"{url}/branches/{quote(name, safe='')}"
    return {
        "name": name,
        "commit": commit_shape(links, repository, repository.commits[sha]),
        "_links": {"self": itself, "html": f"{links.page(repository)}/tree/{quote(name)}"},
        "protected": False,
        "protection": {
            "enabled": False,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
        "protection_url": f"{itself}/protection",
    }


def check_run_shape(links: Links, repository: Repository, sha: str, run: CheckRun) -> Json:
    """Return a check run, made by an application that nobody asks about."""
    url, page = links.repository(repository), f"{links.page(repository)}/runs/{run.id}"
    return {
        "id": run.id,
        "name": run.name,
        "node_id": node_id("CR", run.id),
        "head_sha": sha,
        "external_id": "",
        "url": f"{url}/check-runs/{run.id}",
        "html_url": page,
        "details_url": page,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp(run.started_at),
        "completed_at": stamp(run.completed_at),
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{url}/check-runs/{run.id}/annotations",
        },
        "check_suite": {"id": run.id},
        "app": None,
        "pull_requests": [],
    }


def combined_status_shape(links: Links, repository: Repository, sha: str) -> Json:
    """Return the combined status of a commit; no status at all is "pending", as on GitHub."""
    url = links.repository(repository)
    statuses = repository.statuses.get(sha, [])
    states = {status.state for status in statuses}
    overall = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
    return {
        "state": overall,
        "statuses": [_status_shape(links, url, sha, status) for status in statuses],
        "sha": sha,
        "total_count": len(statuses),
        "repository": repository_shape(links, repository),
        "commit_url": f"{url}/commits/{sha}",
        "url": f"{url}/commits/{sha}/status",
    }


def compare_shape(links: Links, repository: Repository, base: str, head: str) -> Json:
    """Return how two commits lie to each other."""
    before, after = repository.ancestors(base), repository.ancestors(head)
    by_date = sorted(after - before, key=lambda sha: (repository.commits[sha].date, sha))
    common = sorted(before & after, key=lambda sha: (repository.commits[sha].date, len(repository.ancestors(sha))))
    ahead, behind = len(by_date), len(before - after)
    word = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    page = f"{links.page(repository)}/compare/{base}...{head}"
    merge_base = repository.commits[common[-1] if common else base]
    return {
        "url": f"{links.repository(repository)}/compare/{base}...{head}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_shape(links, repository, repository.commits[base]),
        "merge_base_commit": commit_shape(links, repository, merge_base),
        "status": word,
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [commit_shape(links, repository, repository.commits[sha]) for sha in by_date],
        "files": [],
    }


def _status_shape(links: Links, url: str, sha: str, status: Status) -> Json:
    return {
        "url": f"{url}/statuses/{sha}",
        "avatar_url": None,
        "id": status.id,
        "node_id": node_id("SC", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": f"{links.web_url}/status/{status.id}",
        "context": status.context,
        "created_at": stamp(status.created_at),
        "updated_at": stamp(status.created_at),
    }


def _mail(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum()) or "someone"
