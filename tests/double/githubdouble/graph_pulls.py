"""The nodes of GraphQL that are about people, commits and pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .graph_connections import connection
from .shapes import Json, Links, node_id, person, stamp

if TYPE_CHECKING:
    from .records import CheckRun, PullRequest, Review, Status
    from .repository import Repository

_BAD_CONCLUSIONS = frozenset(("failure", "timed_out", "cancelled", "action_required", "startup_failure"))


def person_node(links: Links, login: str) -> Json:
    """Return a user."""
    shape = person(links, login)
    return {
        "__typename": "User",
        "id": shape["node_id"],
        "databaseId": shape["id"],
        "login": login,
        "name": login,
        "avatarUrl": shape["avatar_url"],
        "url": shape["html_url"],
        "resourcePath": f"/{login}",
    }


class GraphPulls:
    """Builds nodes of commits and pull requests."""

    def __init__(self, links: Links) -> None:
        self.links = links

    def repository(self, repository: Repository) -> Json:
        """Return a repository; whoever has the whole world knows how."""
        raise NotImplementedError

    def commit(self, repository: Repository, sha: str) -> Json:
        """Return a commit."""
        commit = repository.commits[sha]
        page = f"{self.links.page(repository)}/commit/{sha}"
        return {
            "__typename": "Commit",
            "id": node_id("C", sha),
            "oid": sha,
            "abbreviatedOid": sha[:7],
            "commitUrl": page,
            "url": page,
            "message": commit.message,
            "messageHeadline": commit.message.split("\n", 1)[0],
            "committedDate": stamp(commit.date),
            "authoredDate": stamp(commit.date),
            "statusCheckRollup": lambda _: self._rollup(repository, sha),
            "parents": lambda _, **how: connection([self.commit(repository, one) for one in commit.parents], how),
        }

    def pull(self, repository: Repository, pull: PullRequest) -> Json:
        """Return a pull request; ``mergeCommit`` is null until it is merged."""
        number, page = pull.number, f"{self.links.page(repository)}/pull/{pull.number}"
        fork = next((one for one in repository.world if one.full_name == pull.head_repository), None)
        is_merged = pull.merged_at is not None
        mergeable = {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}[pull.mergeable]
        return {
            "__typename": "PullRequest",
            "id": node_id("PR", pull.id),
            "databaseId": pull.id,
            "number": number,
            "title": pull.title,
            "body": pull.body,
            "state": "MERGED" if is_merged else pull.state.upper(),
            "isDraft": pull.draft,
            "merged": is_merged,
            "mergedAt": stamp(pull.merged_at),
            "mergedBy": None if pull.merged_by is None else person_node(self.links, pull.merged_by),
            "mergeCommit": lambda _: None if pull.merge_commit is None else self.commit(repository, pull.merge_commit),
            "mergeable": mergeable if pull.state == "open" else "UNKNOWN",
            "mergeStateStatus": pull.mergeable_state.upper() if pull.state == "open" else "UNKNOWN",
            "closed": pull.state == "closed",
            "closedAt": stamp(pull.closed_at),
            "createdAt": stamp(pull.created_at),
            "updatedAt": stamp(pull.updated_at),
            "headRefName": pull.head_ref,
            "headRefOid": pull.head,
            "headRepository": lambda _: None if fork is None else self.repository(fork),
            "headRepositoryOwner": person_node(self.links, pull.head_repository.split("/")[0]),
            "isCrossRepository": pull.head_repository != repository.full_name,
            "baseRefName": pull.base_ref,
            "baseRefOid": pull.base,
            "author": person_node(self.links, pull.user),
            "url": page,
            "reviewDecision": _decision(pull.reviews),
            "statusCheckRollup": lambda _: self._rollup(repository, pull.head),
            "labels": lambda _, **how: connection(
                [{"id": node_id("LA", name), "name": name} for name in pull.labels], how
            ),
            "commits": lambda _, **how: connection(
                [{"id": node_id("PC", pull.head), "url": page, "commit": self.commit(repository, pull.head)}], how
            ),
            "comments": lambda _, **how: connection(self._comments(pull, page), how),
            "reviews": lambda _, **how: connection(self._reviews(pull, page, how), how),
        }

    def _comments(self, pull: PullRequest, page: str) -> list[Json]:
        return [
            {
                "id": node_id("IC", comment.id),
                "databaseId": comment.id,
                "author": person_node(self.links, comment.user),
                "body": comment.body,
                "createdAt": stamp(comment.created_at),
                "updatedAt": stamp(comment.created_at),
                "url": f"{page}#issuecomment-{comment.id}",
            }
            for comment in pull.comments
        ]

    def _reviews(self, pull: PullRequest, page: str, how: Json) -> list[Json]:
        return [
            {
                "id": node_id("PRR", review.id),
                "databaseId": review.id,
                "author": person_node(self.links, review.user),
                "body": review.body,
                "state": review.state,
                "submittedAt": stamp(review.submitted_at),
                "createdAt": stamp(review.submitted_at),
                "url": f"{page}#pullrequestreview-{review.id}",
            }
            for review in pull.reviews
            if review.state in (how.get("states") or [review.state]) and how.get("author") in {None, review.user}
        ]

    def _rollup(self, repository: Repository, sha: str) -> Json | None:
        """Return checks and statuses of a commit together; null when there are none."""
        runs, statuses = repository.check_runs.get(sha, []), repository.statuses.get(sha, [])
        if not runs and not statuses:
            return None
        nodes = [_run(self.links, repository, run) for run in runs]
        nodes += [_status(self.links, status) for status in statuses]
        return {
            "id": node_id("SCR", sha),
            "state": _overall(runs, statuses),
            "commit": lambda _: self.commit(repository, sha),
            "contexts": lambda _, **how: connection(nodes, how),
        }


def _overall(runs: list[CheckRun], statuses: list[Status]) -> str:
    if any(run.conclusion in _BAD_CONCLUSIONS for run in runs) or any(one.state == "failure" for one in statuses):
        return "FAILURE"
    if any(one.state == "error" for one in statuses):
        return "ERROR"
    is_pending = any(run.conclusion is None for run in runs) or any(one.state == "pending" for one in statuses)
    return "PENDING" if is_pending else "SUCCESS"


def _decision(reviews: list[Review]) -> str | None:
    """Return what the last review of each person amounts to."""
    last = {review.user: review.state for review in reviews if review.state != "COMMENTED"}
    if "CHANGES_REQUESTED" in last.values():
        return "CHANGES_REQUESTED"
    return "APPROVED" if "APPROVED" in last.values() else None


def _run(links: Links, repository: Repository, run: CheckRun) -> Json:
    page = f"{links.page(repository)}/runs/{run.id}"
    return {
        "__typename": "CheckRun",
        "id": node_id("CR", run.id),
        "databaseId": run.id,
        "name": run.name,
        "status": run.status.upper(),
        "conclusion": None if run.conclusion is None else run.conclusion.upper(),
        "startedAt": stamp(run.started_at),
        "completedAt": stamp(run.completed_at),
        "url": page,
        "detailsUrl": page,
    }


def _status(links: Links, status: Status) -> Json:
    return {
        "__typename": "StatusContext",
        "id": node_id("SC", status.id),
        "context": status.context,
        "state": status.state.upper(),
        "description": status.description,
        "createdAt": stamp(status.created_at),
        "targetUrl": f"{links.web_url}/status/{status.id}",
    }
