"""Builds a real bare git repository for one of the world's, with its commits, dates, tags, branches and pulls."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from .git_repository import GitRepository, git_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .records import Commit
    from .repository import Repository


def build_history(repository: Repository, directory: Path) -> GitRepository:
    """Put bare git repositories behind a repository and its forks, at ``directory/OWNER/NAME.git``.

    The commits have the world's messages, dates and parents, and no files. All shas of the world's repository are
    replaced by those that git gave, so that REST, GraphQL and git tell the same; from then on what happens to the
    repository happens in git too.

    Returns:
        The repository's own; a fork's is its ``git``.
    """
    forks = [one for one in repository.world if one.fork_of == repository.full_name]
    for one in (repository, *forks):
        one.git = _build(one, directory / f"{one.full_name}.git")
    return repository.git if repository.git is not None else GitRepository(directory)


def _build(repository: Repository, directory: Path) -> GitRepository:
    git = GitRepository(directory)
    ordered = list(_parents_first(repository))
    marks = {sha: number for number, sha in enumerate(ordered, start=1)}
    stream = b"".join(_commit(repository.commits[sha], marks) for sha in ordered)
    git.run("fast-import", "--quiet", "--export-marks=marks", content=stream + b"done\n")
    lines = (line.split() for line in (directory / "marks").read_text(encoding="ascii").splitlines())
    by_mark = {int(mark[1:]): sha for mark, sha in lines}
    _rename(repository, {sha: by_mark[mark] for sha, mark in marks.items()})
    _point(repository, git)
    deletions = git.run("for-each-ref", "--format=delete %(refname)", "refs/building")
    git.run("update-ref", "--stdin", content=deletions.encode() + b"\n")
    git.run("symbolic-ref", "HEAD", f"refs/heads/{repository.default_branch}")
    return git


def _parents_first(repository: Repository) -> Iterator[str]:
    done: set[str] = set()
    waiting = sorted(repository.commits, key=lambda sha: (repository.commits[sha].date, sha), reverse=True)
    while waiting:
        sha = waiting[-1]
        missing = [one for one in repository.commits[sha].parents if one not in done and one in repository.commits]
        if missing and sha not in done:
            waiting += missing
            continue
        waiting.pop()
        if sha not in done:
            done.add(sha)
            yield sha


def _commit(commit: Commit, marks: dict[str, int]) -> bytes:
    """Return one commit of a fast-import stream, on a reference of its own that goes away again."""
    message = commit.message.encode()
    who = f"{commit.author} <someone@example.com> {git_time(commit.date)}"
    number = marks[commit.sha]
    known = [marks[sha] for sha in commit.parents if sha in marks]
    parents = "".join(f"{word} :{mark}\n" for word, mark in zip(["from"] + ["merge"] * len(known), known, strict=False))
    ref = f"refs/building/{number}"
    head = f"reset {ref}\n\ncommit {ref}\nmark :{number}\nauthor {who}\ncommitter {who}\n"
    return head.encode() + b"data %d\n%s\n" % (len(message), message) + parents.encode() + b"\n"


def _rename(repository: Repository, new: dict[str, str]) -> None:
    """Replace all shas of a repository by those that git gave."""
    repository.commits = {
        new[sha]: dataclasses.replace(commit, sha=new[sha], parents=tuple(new.get(one, one) for one in commit.parents))
        for sha, commit in repository.commits.items()
    }
    repository.branches = {name: new[sha] for name, sha in repository.branches.items()}
    repository.check_runs = {new.get(sha, sha): runs for sha, runs in repository.check_runs.items()}
    repository.statuses = {new.get(sha, sha): statuses for sha, statuses in repository.statuses.items()}
    for tag in repository.tags.values():
        tag.sha = new[tag.sha]
    for pull in repository.pulls.values():
        pull.head, pull.base = new[pull.head], new[pull.base]
        pull.merge_commit = None if pull.merge_commit is None else new[pull.merge_commit]
        for review in pull.reviews:
            review.commit = new.get(review.commit, review.commit)
        for event in pull.events:
            event.commit = None if event.commit is None else new.get(event.commit, event.commit)


def _point(repository: Repository, git: GitRepository) -> None:
    refs = {f"refs/heads/{name}": sha for name, sha in repository.branches.items()}
    for tag in repository.tags.values():
        if tag.object_sha is not None:
            tag.object_sha = git.tag(tag.name, tag.sha, tag.message, tag.tagged_at or repository.commits[tag.sha].date)
        refs[f"refs/tags/{tag.name}"] = tag.object_sha or tag.sha
    refs |= {f"refs/pull/{pull.number}/head": pull.head for pull in repository.pulls.values()}
    git.point_all(refs)
