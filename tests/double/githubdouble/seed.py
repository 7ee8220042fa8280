"""Fills a world with what is known of containerd, nerdctl, runc and the two CNI plug-in repositories.

The values come from ``seed/*.json``, which says what of it is real. Files whose digest is pinned somewhere have that
digest and no bytes, so their download is 404; the others are small archives with true digests. Checksum files tell
the digests of the files beside them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .builds import build_file, checksum_lines, sha512_of
from .records import Comment, Commit, Event, Release, Tag, digest_of

if TYPE_CHECKING:
    from .repository import Repository
    from .world import World

Json = dict[str, Any]

SEED = Path(__file__).parent.parent / "seed"
# GitHub computes digests of files that were uploaded since then, and knows none of the older ones.
DIGESTS_SINCE = datetime(2025, 6, 3, tzinfo=UTC)
_CHECKSUMS = (".sha256", ".sha256sum", ".sha512", "SHA256SUMS")


def load_seed(world: World, directory: Path | None = None) -> None:
    """Add the seeded repositories to a world, those of the fork included."""
    for path in sorted((directory or SEED).glob("*.json")):
        seed = json.loads(path.read_text(encoding="utf-8"))
        repository = world.add_repository(seed["full_name"], default_branch=seed["default_branch"])
        repository.commits.clear()
        _add_commits(repository, seed)
        _add_tags(repository, seed)
        for row in seed["releases"]:
            _add_release(repository, row)
        for row in seed.get("pulls", []):
            _add_pull(repository, row)
        for full_name in dict.fromkeys(pull.head_repository for pull in repository.pulls.values()):
            _add_fork(world, repository, full_name, seed["fork_heads"])


def _add_commits(repository: Repository, seed: Json) -> None:
    """Add the tagged commits in a line by date, or on the lines that the seed names, and the head above them."""
    known = {row[1]: (_time(row[2]), row[5]) for row in seed["tags"]}
    known.setdefault(seed["head"][0], (_time(seed["head"][1]), "Work"))
    by_tag = {row[0]: row[1] for row in seed["tags"]}
    lines = [sorted(known, key=lambda sha: (known[sha][0], sha))]
    if "commits" in seed:
        known |= {sha: (_time(date), subject) for sha, date, subject in seed["commits"]["untagged"]}
        lines = [[by_tag.get(sha, sha) for sha in seed["commits"][name]] for name in ("main_line", "side_line")]
    parents = {sha: (before,) for line in lines for before, sha in itertools.pairwise(line)}
    for sha in sorted(known, key=lambda sha: known[sha][0]):
        date, subject = known[sha]
        repository.commits[sha] = Commit(sha, subject, date, parents.get(sha, ()))
    repository.branches = {repository.default_branch: lines[0][-1]}
    repository.created_at = min(commit.date for commit in repository.commits.values())


def _add_tags(repository: Repository, seed: Json) -> None:
    for name, sha, _, tag_object, tagged_at, _ in seed["tags"]:
        when = None if tagged_at is None else _time(tagged_at)
        repository.tags[name] = Tag(name, sha, tag_object, when, name if tag_object else "")


def _add_release(repository: Repository, row: list[Any]) -> None:
    tag, is_prerelease, published, notes, files = row
    when = _time(published)
    commit = repository.commits[repository.tags[tag].sha]
    made = Release(repository.world.next_id(), tag, tag, notes, commit.date, when, when, prerelease=is_prerelease)
    made.target = repository.default_branch
    repository.releases.append(made)
    digests: dict[str, tuple[str, str]] = {}
    for name, digest in files.items():
        if not name.endswith(_CHECKSUMS):
            _add_file(repository, made, name, digest, digests)
    for name in files:
        if name.endswith(_CHECKSUMS):
            _add_checksums(repository, made, name, digests)


def _add_file(
    repository: Repository, release: Release, name: str, digest: str | None, digests: dict[str, tuple[str, str]]
) -> None:
    when = release.published_at or release.created_at
    if digest is not None:
        # The bytes behind a pinned digest are not held here, and what is not known of them is made of their digest.
        digests[name] = (f"sha256:{digest}", "sha512:" + hashlib.sha512(digest.encode()).hexdigest())
        size = 1_000_000 + int(digest[:6], 16)
        repository.add_asset(release, name, digest=digests[name][0], size=size, at=when)
        return
    content = build_file(name, release.tag)
    digests[name] = (digest_of(content), sha512_of(content))
    repository.add_asset(release, name, content, at=when).digest = digest_of(content) if when >= DIGESTS_SINCE else None


def _add_checksums(repository: Repository, release: Release, name: str, digests: dict[str, tuple[str, str]]) -> None:
    when = release.published_at or release.created_at
    about = {file: both for file, both in digests.items() if name.startswith(file)} or digests
    content = checksum_lines({file: both[name.endswith(".sha512")] for file, both in about.items()})
    repository.add_asset(release, name, content, at=when).digest = digest_of(content) if when >= DIGESTS_SINCE else None


def _add_pull(repository: Repository, row: Json) -> None:
    base = repository.commits[row["base"]]
    head = Commit(row["head"], row["head_subject"], _time(row["head_date"]), (base.sha,), row["user"])
    repository.commits[head.sha] = head
    number = row["number"]
    fork = f"{row['user']}/{repository.name}"
    pull = repository.open_pull(
        row["title"], number=number, head=head.sha, head_ref=row["head_ref"], head_repository=fork, user=row["user"]
    )
    pull.base, pull.created_at = base.sha, _time(row["opened"])
    pull.updated_at = max(pull.created_at, head.date)
    for user, date, body in row["comments"]:
        pull.comments.append(Comment(repository.world.next_id(), user, body, _time(date)))
        pull.updated_at = max(pull.updated_at, _time(date))
    if row["closed"] is not None:
        pull.state, pull.closed_at, pull.updated_at = "closed", _time(row["closed"]), _time(row["closed"])
        if row["merged"] is not None:
            pull.merged_at, pull.merged_by, pull.merge_commit = _time(row["merged"]), "maintainer", row["merge_commit"]
            _event(repository, number, "merged", row["merge_commit"])
        _event(repository, number, "closed", None)


def _event(repository: Repository, number: int, event: str, commit: str | None) -> None:
    pull = repository.pulls[number]
    pull.events.append(
        Event(repository.world.next_id(), event, "maintainer", pull.closed_at or pull.updated_at, commit)
    )


def _add_fork(world: World, repository: Repository, full_name: str, heads: dict[str, str]) -> None:
    """Add a fork, with the branches of the pull requests that come from it."""
    fork = world.add_repository(full_name, default_branch=repository.default_branch, fork_of=repository.full_name)
    fork.created_at = repository.created_at
    fork.branches = {fork.default_branch: heads.get(full_name, repository.head)}
    for pull in repository.pulls.values():
        if pull.head_repository == fork.full_name:
            fork.branches[pull.head_ref] = pull.head
    held = set().union(*(repository.ancestors(sha) for sha in fork.branches.values()))
    fork.commits = {sha: commit for sha, commit in repository.commits.items() if sha in held}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
