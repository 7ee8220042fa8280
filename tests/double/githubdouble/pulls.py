"""What happens to a repository's pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import Comment, Event, PullRequest, Review

if TYPE_CHECKING:
    from .records import Commit
    from .repository import Repository
    from .world import World


class PullRequests:
    """The part of a repository that is proposed to; numbers rise by one unless one is given."""

    world: World
    full_name: str
    default_branch: str
    branches: dict[str, str]
    commits: dict[str, Commit]
    pulls: dict[int, PullRequest]

    def add_commit(self, message: str, *, parents: tuple[str, ...] | None = None, author: str = "someone") -> Commit:
        """Return a new commit; the repository knows how."""
        raise NotImplementedError

    def move_branch(self, name: str, sha: str) -> None:
        """Point a branch at a commit; the repository knows how."""
        raise NotImplementedError

    def borrow(self, other: Repository, sha: str) -> None:
        """Take over a commit from a fork; the repository knows how."""
        raise NotImplementedError

    def _point(self, ref: str, sha: str | None) -> None:
        raise NotImplementedError

    def open_pull(  # noqa: PLR0913 - all but the title by name
        self,
        title: str,
        *,
        number: int | None = None,
        head: str | None = None,
        head_ref: str = "topic",
        head_repository: str | None = None,
        user: str = "contributor",
        body: str = "",
        draft: bool = False,
    ) -> PullRequest:
        """Return a new open pull request against the default branch.

        Args:
            title: its title.
            number: its number; the next free one by default.
            head: the commit that it proposes; a new one by default.
            head_ref: the branch that it comes from; a later ``push`` or ``move_branch`` of it moves the head.
            head_repository: the fork's full name; this repository by default.
            user: who opens it.
            body: its description.
            draft: whether it is one.
        """
        base = self.branches[self.default_branch]
        if head is not None and head not in self.commits:
            self.borrow(self.world[head_repository or self.full_name], head)
        sha = head or self.add_commit(title, parents=(base,), author=user).sha
        when = self.world.clock()
        made = PullRequest(
            self.world.next_id(),
            number or max(self.pulls, default=0) + 1,
            title,
            body,
            user,
            head_repository or self.full_name,
            head_ref,
            sha,
            self.default_branch,
            base,
            when,
            when,
            draft=draft,
        )
        self.pulls[made.number] = made
        self._point(f"refs/pull/{made.number}/head", sha)
        return made

    def close_pull(self, number: int, *, by: str = "maintainer", comment: str = "") -> PullRequest:
        """Close a pull request without merging it, with a last comment when one is given."""
        if comment:
            self.comment(number, comment, user=by)
        pull = self._happens(number, "closed", by)
        pull.state, pull.closed_at = "closed", pull.updated_at
        return pull

    def reopen_pull(self, number: int, *, by: str = "maintainer") -> PullRequest:
        """Open a closed pull request again."""
        pull = self._happens(number, "reopened", by)
        pull.state, pull.closed_at = "open", None
        return pull

    def merge_pull(self, number: int, *, method: str = "merge", by: str = "maintainer") -> PullRequest:
        """Merge a pull request into its base branch.

        Args:
            number: which.
            method: "merge" makes a merge commit; "squash" a commit "TITLE (#N)" that does not contain the head.
            by: who merges.
        """
        pull = self.pulls[number]
        base = self.branches[pull.base_ref]
        if method == "squash":
            commit = self.add_commit(f"{pull.title} (#{number})", parents=(base,), author=pull.user)
        else:
            subject = f"Merge pull request #{number} from {pull.head_repository.split('/')[0]}/{pull.head_ref}"
            commit = self.add_commit(f"{subject}\n\n{pull.title}", parents=(base, pull.head), author=by)
        self.move_branch(pull.base_ref, commit.sha)
        self._happens(number, "merged", by, commit.sha)
        self._happens(number, "closed", by)
        pull.state, pull.merged_by, pull.merge_commit, pull.mergeable = "closed", by, commit.sha, None
        pull.merged_at = pull.closed_at = pull.updated_at
        return pull

    def mark_ready(self, number: int) -> PullRequest:
        """Make a draft ready for review."""
        pull = self._happens(number, "ready_for_review", self.pulls[number].user)
        pull.draft = False
        return pull

    def comment(self, number: int, body: str, *, user: str = "reader") -> Comment:
        """Say something on a pull request."""
        pull = self.pulls[number]
        pull.updated_at = self.world.clock()
        made = Comment(self.world.next_id(), user, body, pull.updated_at)
        pull.comments.append(made)
        return made

    def review(self, number: int, state: str = "APPROVED", *, user: str = "reviewer", body: str = "") -> Review:
        """Review a pull request's present head: APPROVED, CHANGES_REQUESTED or COMMENTED."""
        pull = self.pulls[number]
        pull.updated_at = self.world.clock()
        made = Review(self.world.next_id(), user, state, body, pull.head, pull.updated_at)
        pull.reviews.append(made)
        return made

    def push_to_pull(self, number: int, message: str = "More work") -> Commit:
        """Add a commit to a pull request's branch."""
        pull = self.pulls[number]
        commit = self.add_commit(message, parents=(pull.head,), author=pull.user)
        self._set_head(pull, commit.sha)
        return commit

    def follow_heads(self, source: Repository, head_ref: str, sha: str) -> None:
        """Move the heads of the open pull requests that come from a branch; called when that branch moves."""
        for pull in self.pulls.values():
            if pull.state == "open" and (pull.head_repository, pull.head_ref) == (source.full_name, head_ref):
                self.borrow(source, sha)
                self._set_head(pull, sha)

    def _set_head(self, pull: PullRequest, sha: str) -> None:
        pull.head = sha
        pull.updated_at = self.world.clock()
        self._point(f"refs/pull/{pull.number}/head", sha)

    def _happens(self, number: int, event: str, actor: str, commit: str | None = None) -> PullRequest:
        pull = self.pulls[number]
        pull.updated_at = self.world.clock()
        pull.events.append(Event(self.world.next_id(), event, actor, pull.updated_at, commit))
        return pull
