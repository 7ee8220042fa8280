"""The JSON of pull requests, their reviews, comments and timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .shapes import Json, Links, node_id, person, repository_shape, stamp

if TYPE_CHECKING:
    from .records import Comment, Event, PullRequest, Review
    from .repository import Repository


def pull_shape(links: Links, repository: Repository, pull: PullRequest, *, is_full: bool = False) -> Json:
    """Return a pull request as the list tells it, or with all that only its own address tells.

    The version 2026-03-10 has neither ``merge_commit_sha`` nor ``assignee``.
    """
    url, page = links.repository(repository), f"{links.page(repository)}/pull/{pull.number}"
    itself, issue = f"{url}/pulls/{pull.number}", f"{url}/issues/{pull.number}"
    fork = _head_repository(repository, pull)
    shape: Json = {
        "url": itself,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": person(links, pull.user),
        "body": pull.body or None,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp(pull.closed_at),
        "merged_at": stamp(pull.merged_at),
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": [_label_shape(url, name) for name in pull.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": f"{itself}/commits",
        "review_comments_url": f"{itself}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{issue}/comments",
        "statuses_url": f"{url}/statuses/{pull.head}",
        "head": {
            "label": f"{pull.head_repository.split('/')[0]}:{pull.head_ref}",
            "ref": pull.head_ref,
            "sha": pull.head,
            "user": person(links, pull.head_repository.split("/")[0]),
            "repo": None if fork is None else repository_shape(links, fork),
        },
        "base": {
            "label": f"{repository.owner}:{pull.base_ref}",
            "ref": pull.base_ref,
            "sha": pull.base,
            "user": person(links, repository.owner),
            "repo": repository_shape(links, repository),
        },
        "_links": {
            "self": {"href": itself},
            "html": {"href": page},
            "issue": {"href": issue},
            "comments": {"href": f"{issue}/comments"},
            "review_comments": {"href": f"{itself}/comments"},
            "review_comment": {"href": f"{url}/pulls/comments{{/number}}"},
            "commits": {"href": f"{itself}/commits"},
            "statuses": {"href": f"{url}/statuses/{pull.head}"},
        },
        "author_association": "CONTRIBUTOR",
        "auto_merge": None,
    }
    if not links.is_newer:
        shape |= {"assignee": None, "merge_commit_sha": pull.merge_commit or _test_merge(pull)}
    return {**shape, **_only_full(links, pull)} if is_full else shape


def review_shape(links: Links, repository: Repository, pull: PullRequest, review: Review) -> Json:
    """Return a review."""
    page = f"{links.page(repository)}/pull/{pull.number}#pullrequestreview-{review.id}"
    itself = f"{links.repository(repository)}/pulls/{pull.number}"
    return {
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": person(links, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": page,
        "pull_request_url": itself,
        "author_association": "MEMBER",
        "_links": {"html": {"href": page}, "pull_request": {"href": itself}},
        "submitted_at": stamp(review.submitted_at),
        "commit_id": review.commit,
    }


def comment_shape(links: Links, repository: Repository, pull: PullRequest, comment: Comment) -> Json:
    """Return a comment."""
    url = links.repository(repository)
    return {
        "url": f"{url}/issues/comments/{comment.id}",
        "html_url": f"{links.page(repository)}/pull/{pull.number}#issuecomment-{comment.id}",
        "issue_url": f"{url}/issues/{pull.number}",
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "user": person(links, comment.user),
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.created_at),
        "author_association": "MEMBER" if comment.user == "maintainer" else "CONTRIBUTOR",
        "body": comment.body,
        "performed_via_github_app": None,
    }


def timeline_shapes(links: Links, repository: Repository, pull: PullRequest) -> list[Json]:
    """Return a pull request's comments, reviews and events, oldest first."""
    url = links.repository(repository)
    lines = [
        (
            comment.id,
            {
                **comment_shape(links, repository, pull, comment),
                "event": "commented",
                "actor": person(links, comment.user),
            },
        )
        for comment in pull.comments
    ]
    lines += [
        (
            review.id,
            {**review_shape(links, repository, pull, review), "event": "reviewed", "state": review.state.lower()},
        )
        for review in pull.reviews
    ]
    lines += [(event.id, _event_shape(links, url, event)) for event in pull.events]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _event_shape(links: Links, url: str, event: Event) -> Json:
    return {
        "id": event.id,
        "node_id": node_id("EV", event.id),
        "url": f"{url}/issues/events/{event.id}",
        "actor": person(links, event.actor),
        "event": event.event,
        "commit_id": event.commit,
        "commit_url": None if event.commit is None else f"{url}/commits/{event.commit}",
        "created_at": stamp(event.created_at),
        "performed_via_github_app": None,
        **({"state_reason": None} if event.event == "closed" else {}),
    }


def _only_full(links: Links, pull: PullRequest) -> Json:
    return {
        "merged": pull.merged_at is not None,
        "mergeable": pull.mergeable if pull.state == "open" else None,
        "rebaseable": None,
        "mergeable_state": pull.mergeable_state if pull.state == "open" else "unknown",
        "merged_by": None if pull.merged_by is None else person(links, pull.merged_by),
        "comments": len(pull.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 0,
        "changed_files": 1,
    }


def _label_shape(url: str, name: str) -> Json:
    number = sum(map(ord, name))
    return {
        "id": number,
        "node_id": node_id("LA", number),
        "url": f"{url}/labels/{quote(name)}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": "",
    }


def _test_merge(pull: PullRequest) -> str | None:
    """Return the commit that GitHub made to try the merge: it is in no branch, and no proof of merging."""
    return pull.head[::-1] if pull.mergeable else None


def _head_repository(repository: Repository, pull: PullRequest) -> Repository | None:
    if pull.head_repository == repository.full_name:
        return repository
    return next((one for one in repository.world if one.full_name == pull.head_repository), None)
