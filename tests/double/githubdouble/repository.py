"""One repository of the world: its history, tags and branches; releases and pull requests come from two mix-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pulls import PullRequests
from .records import CheckRun, Commit, Release, Status, Tag, made_up_sha
from .releases import Releases

if TYPE_CHECKING:
    from datetime import datetime

    from .git_repository import GitRepository
    from .world import World


class Repository(Releases, PullRequests):
    """A repository and all that can happen to it.

    Attributes:
        full_name: "owner/name"; changed by ``World.rename_repository``.
        private: 404 for everybody who sends no known token.
        writers: tokens that see drafts, as those with push access do.
        git: the bare repository behind it; None: git over HTTP is 404. When there is one, commits, tags and branches
            that are made here are made there too, and the shas are real.
    """

    def __init__(self, world: World, number: int, full_name: str, default_branch: str) -> None:
        self.world = world
        self.id = number
        self.full_name = full_name
        self.default_branch = default_branch
        self.description = ""
        self.private = False
        self.archived = False
        self.fork_of: str | None = None
        self.writers: set[str] = set()
        self.created_at = world.clock()
        self.git: GitRepository | None = None
        self.commits: dict[str, Commit] = {}
        self.tags: dict[str, Tag] = {}
        self.branches: dict[str, str] = {}
        self.former_branches: dict[str, str] = {}
        self.releases: list[Release] = []
        self.pulls: dict[int, PullRequest] = {}
        self.check_runs: dict[str, list[CheckRun]] = {}
        self.statuses: dict[str, list[Status]] = {}
        self.branches[default_branch] = self.add_commit("Begin", parents=(), date=self.created_at).sha

    @property
    def owner(self) -> str:
        """The part of the name before the slash."""
        return self.full_name.split("/", 1)[0]

    @property
    def name(self) -> str:
        """The part of the name after the slash."""
        return self.full_name.split("/", 1)[1]

    @property
    def head(self) -> str:
        """The sha that the default branch points at."""
        return self.branches[self.default_branch]

    def add_commit(
        self,
        message: str,
        *,
        parents: tuple[str, ...] | None = None,
        date: datetime | None = None,
        sha: str | None = None,
        author: str = "someone",
    ) -> Commit:
        """Return a new commit that no branch points at yet; its parent is the default branch unless told otherwise."""
        before = (self.head,) if parents is None else parents
        when = date or self.world.clock()
        if sha is None and self.git is not None:
            sha = self.git.commit(message, before, when, author)
        made = Commit(sha or made_up_sha(self.id, message, before, when), message, when, before, author)
        self.commits[made.sha] = made
        return made

    def push(self, branch: str | None = None, message: str = "Work", *, date: datetime | None = None) -> Commit:
        """Add a commit to a branch, which starts at the default one where it is new; its pull requests follow."""
        name = branch or self.default_branch
        commit = self.add_commit(message, parents=(self.branches.get(name, self.head),), date=date)
        self.move_branch(name, commit.sha)
        return commit

    def move_branch(self, name: str, sha: str) -> None:
        """Point a branch at a commit, forced or not; makes it when it is new."""
        self.branches[name] = sha
        self._point("refs/heads/" + name, sha)
        for repository in self.world:
            repository.follow_heads(self, name, sha)

    def delete_branch(self, name: str) -> None:
        """Take a branch away."""
        del self.branches[name]
        self._point("refs/heads/" + name, None)

    def rename_branch(self, name: str, new_name: str) -> None:
        """Give a branch another name; asking for the old one is answered 301 from now on."""
        sha = self.branches[name]
        self.delete_branch(name)
        self.former_branches[name] = new_name
        self.move_branch(new_name, sha)
        if self.default_branch == name:
            self.default_branch = new_name
            if self.git is not None:
                self.git.run("symbolic-ref", "HEAD", f"refs/heads/{new_name}")

    def tag(self, name: str, sha: str | None = None, *, annotated: bool = False, message: str | None = None) -> Tag:
        """Put a tag on a commit (the default branch's by default)."""
        commit = self.commits[sha or self.head]
        when = self.world.clock()
        made = Tag(name, commit.sha)
        if annotated:
            made.message = name if message is None else message
            made.tagged_at = when
            if self.git is not None:
                made.object_sha = self.git.tag(name, commit.sha, made.message, when)
            else:
                made.object_sha = made_up_sha(self.id, "tag", name, commit.sha, when)
        self.tags[name] = made
        self._point("refs/tags/" + name, made.object_sha or made.sha)
        return made

    def retag(self, name: str, sha: str | None = None, *, annotated: bool = False) -> Tag:
        """Move an existing tag to another commit; releases of that tag stay as they are, as on GitHub."""
        if name not in self.tags:
            raise KeyError(name)
        return self.tag(name, sha, annotated=annotated)

    def delete_tag(self, name: str) -> None:
        """Take a tag away."""
        del self.tags[name]
        self._point("refs/tags/" + name, None)

    def check_run(self, sha: str, name: str, conclusion: str | None = "success") -> CheckRun:
        """Add a check run to a commit, or another result of the one with that name; None: it still runs."""
        now = self.world.clock()
        status, completed = ("in_progress", None) if conclusion is None else ("completed", now)
        made = CheckRun(self.world.next_id(), name, status, conclusion, now, completed)
        others = [run for run in self.check_runs.get(sha, []) if run.name != name]
        self.check_runs[sha] = [*others, made]
        return made

    def status(self, sha: str, context: str, state: str) -> Status:
        """Set a commit status of that context."""
        made = Status(self.world.next_id(), context, state, f"{context}: {state}", self.world.clock())
        others = [status for status in self.statuses.get(sha, []) if status.context != context]
        self.statuses[sha] = [*others, made]
        return made

    def resolve(self, ref: str) -> str | None:
        """Return the sha that a branch, a tag, a pull request's ref, a full or a short sha means; None: nothing."""
        plain = ref.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        if plain in self.branches:
            return self.branches[plain]
        if plain in self.tags:
            return self.tags[plain].sha
        kind, _, rest = plain.partition("/")
        number = rest.removesuffix("/head")
        if kind == "pull" and number.isdigit() and int(number) in self.pulls:
            return self.pulls[int(number)].head
        known = (sha for sha in self.commits if len(ref) >= 7 and sha.startswith(ref))
        return next(known, None)

    def borrow(self, other: Repository, sha: str) -> None:
        """Take over a commit and its history from a fork, as a pull request's head is."""
        if sha in self.commits:
            return
        self.commits |= {one: other.commits[one] for one in other.ancestors(sha)} | self.commits
        if self.git is not None and other.git is not None:
            self.git.take_from(other.git, sha)

    def ancestors(self, sha: str) -> set[str]:
        """Return all shas that a commit's history holds, itself included."""
        found: set[str] = set()
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one not in found and one in self.commits:
                found.add(one)
                waiting.extend(self.commits[one].parents)
        return found

    def _point(self, ref: str, sha: str | None) -> None:
        if self.git is not None:
            self.git.point(ref, sha)


if TYPE_CHECKING:
    from .records import PullRequest
