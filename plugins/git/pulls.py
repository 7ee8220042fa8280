"""Where a pull request stands, as far as the history alone lets one say. Pure.

A forge merges in three ways. With a merge commit the head becomes a part of the branch: ancestry says so. Squashed, it
becomes a new commit whose subject ends in the request's number, as long as nobody rewrites that. Rebased, it leaves no
trace of its number: nothing is said then. An open request and a closed one look alike to git.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .commits import Commit

_SKEW_SECONDS = 24 * 3600
"""How far the clocks of an author and of a forge may differ."""


def squashed(number: int, head: Commit, own: Collection[Commit], later: Sequence[Commit]) -> Commit | None:
    """Return the commit that a pull request became, or ``None`` when no commit may be taken for it.

    Numbers are quoted in many subjects, and a fork's history quotes those of another repository. So a commit counts
    only when all of this holds: its subject is the one that a forge writes for this very number; it does not take
    anything back; it is no older than the head; and its author is one of the request's own authors.

    Args:
        number: of the pull request.
        head: its last commit, which is not in the default branch.
        own: the request's own commits: those that the default branch does not hold.
        later: commits of the default branch that the head does not hold, in any order. What the head was begun upon
            is not among them, so that no older number of that name can be found.
    """
    authors = {key for commit in (head, *own) for key in _people(commit)}
    fitting = [
        commit
        for commit in later
        if _is_named(number, head, commit) and _is_no_older(commit, head) and _people(commit) & authors
    ]
    # A later commit of the same author may quote the number again, the first one is what it was squashed to.
    return min(fitting, key=lambda commit: (commit.committed_at or 0, commit.id), default=None)


def searched(number: int) -> tuple[str, ...]:
    """Return the texts of which one is in the message of every commit that ``squashed`` may return."""
    return (f" (#{number})", f"Merge pull request #{number} from ")


def _is_named(number: int, head: Commit, commit: Commit) -> bool:
    ending, beginning = searched(number)
    if commit.subject.startswith(beginning):
        # Merged at another head than the one that is told: ancestry would have found it otherwise.
        return head.id in commit.parents[1:]
    return commit.subject.endswith(ending) and not commit.subject.casefold().startswith(("revert", "reapply"))


def _is_no_older(commit: Commit, head: Commit) -> bool:
    if commit.committed_at is None or head.committed_at is None:
        return False
    return commit.committed_at >= head.committed_at - _SKEW_SECONDS


def _people(commit: Commit) -> frozenset[str]:
    """Return what tells the author: name, address, and the account in an address that a forge gave out."""
    email = commit.email.strip().casefold()
    account, _, host = email.partition("@")
    keys = {commit.author.strip().casefold(), email}
    if host.startswith("users.noreply."):
        keys.add(account.rpartition("+")[2])
    return frozenset(key for key in keys if key)
