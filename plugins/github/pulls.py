"""Watched pull requests: where they stand, what reviewers and checks say, what took their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.api import PullRequest, PullState, RefusedError

from . import answers
from .rest import quoted
from .succession import combined, declared, from_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.api import Succession

    from .options import Ask
    from .rest import Rest

_GONE = frozenset({404, 410})
_NOT_READABLE = frozenset({403, 404})
_FAILED = frozenset({"failure", "timed_out", "cancelled", "action_required", "startup_failure", "stale"})
_VERDICTS = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def read_pulls(rest: Rest, ask: Ask) -> tuple[tuple[PullRequest, ...], tuple[int, ...]]:
    """Return the watched pull requests of each component, and the numbers that the repository does not show; blocks.

    Raises:
        SourceError: one of them, or a part of it, could not be read; nothing is told by halves.
    """
    asked = {number: _pull(rest, number) for number in ask.pulls}
    pulls = {number: pull for number, pull in asked.items() if pull is not None}
    others = from_others(pulls)
    found = []
    for number, pull in pulls.items():
        comments = tuple(rest.all(f"/issues/{number}/comments", answers.Comment))
        review = review_of(list(rest.all(f"/pulls/{number}/reviews", answers.Review)))
        said = combined(declared(pull, comments), others[number])
        checks = _checks(rest, pull.head.sha)
        found += [
            _pull_request(wish.component.name, ask.repository, pull, review=review, checks=checks, succession=said)
            for wish in ask.wishes
            if number in wish.pulls
        ]
    return tuple(found), tuple(number for number in asked if number not in pulls)


def _pull(rest: Rest, number: int) -> answers.Pull | None:
    """Return a pull request; ``None`` where there is none of this number, which is no reason to see nothing else."""
    try:
        return rest.one(f"/pulls/{number}", answers.Pull)
    except RefusedError as error:
        if error.status in _GONE:
            return None
        raise


def _pull_request(
    component: str,
    repository: str,
    pull: answers.Pull,
    *,
    review: str,
    checks: str,
    succession: tuple[Succession, ...],
) -> PullRequest:
    is_merged = pull.merged or pull.merged_at is not None
    state = PullState.MERGED if is_merged else PullState.OPEN if pull.state == "open" else PullState.CLOSED
    return PullRequest(
        component=component,
        repository=repository,
        number=pull.number,
        title=pull.title,
        author=pull.user.login if pull.user else "",
        state=state,
        is_draft=pull.draft,
        head=pull.head.sha,
        head_label=pull.head.label or "",
        # Until it is merged this is a test merge, which is in no branch.
        merge_commit=(pull.merge_commit_sha or "") if is_merged else "",
        opened_at=pull.created_at,
        updated_at=pull.updated_at,
        closed_at=pull.closed_at,
        merged_at=pull.merged_at,
        review=review,
        checks=checks,
        succession=succession,
        url=pull.html_url,
    )


def review_of(reviews: Sequence[answers.Review]) -> str:
    """Return what the reviewers say together; of each one the last word that is a verdict counts. Pure.

    Args:
        reviews: in the order in which they were written.
    """
    last: dict[str, str] = {}
    for one in reviews:
        if one.state in _VERDICTS:
            last[one.user.login if one.user else ""] = one.state
    if "CHANGES_REQUESTED" in last.values():
        return "changes requested"
    if "APPROVED" in last.values():
        return "approved"
    return "commented" if reviews else "none"


def checks_of(runs: Iterable[answers.CheckRun], status: answers.CombinedStatus) -> str:
    """Return what check runs and commit statuses say together. Pure.

    A combined status without any status in it is called pending by GitHub and says nothing.
    """
    words = {_word(run) for run in runs}
    if status.total_count:
        words.add("failure" if status.state in {"failure", "error"} else status.state)
    for word in ("failure", "pending", "success"):
        if word in words:
            return word
    return "none"


def _word(run: answers.CheckRun) -> str:
    if run.status != "completed":
        return "pending"
    return "failure" if run.conclusion in _FAILED else "success"


def _checks(rest: Rest, commit: str) -> str:
    try:
        pages = rest.pages(f"/commits/{quoted(commit)}/check-runs", answers.CheckRuns)
        runs = [run for page in pages for run in page.check_runs]
        status = rest.one(f"/commits/{quoted(commit)}/status?per_page=1", answers.CombinedStatus)
    except RefusedError as error:
        if error.status in _NOT_READABLE:
            # A fork's branch that was deleted, or a token without the right to read checks.
            return ""
        raise
    return checks_of(runs, status)
