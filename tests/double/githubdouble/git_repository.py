"""A bare repository on disk behind one of the world's, made and changed by the machine's own git."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class GitRepository:
    """A bare repository that offers filters and any reachable commit to those who fetch, as GitHub does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        if not (directory / "HEAD").is_file():
            directory.mkdir(parents=True, exist_ok=True)
            self.run("init", "--quiet", "--bare", "--initial-branch=main", ".")
            self.run("config", "uploadpack.allowFilter", "true")
            self.run("config", "uploadpack.allowAnySHA1InWant", "true")
        self.run("hash-object", "-t", "tree", "-w", "--stdin", content=b"")

    def run(self, *arguments: str, content: bytes = b"", environment: dict[str, str] | None = None) -> str:
        """Run git here and return what it printed."""
        quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.directory,
            input=content,
            env={**os.environ, **quiet, **(environment or {})},
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout.decode().strip()

    def commit(self, message: str, parents: tuple[str, ...], when: datetime, author: str) -> str:
        """Make a commit without files and return its sha."""
        before = [argument for parent in parents for argument in ("-p", parent)]
        return self.run("commit-tree", EMPTY_TREE, *before, "-m", message, environment=_signed(author, when))

    def tag(self, name: str, sha: str, message: str, when: datetime) -> str:
        """Make an annotated tag's object and return its sha; ``point`` names it."""
        text = f"object {sha}\ntype commit\ntag {name}\ntagger maintainer <maintainer@example.com> {git_time(when)}\n\n"
        return self.run("mktag", content=f"{text}{message}\n".encode())

    def point(self, ref: str, sha: str | None) -> None:
        """Point a reference at an object, or take it away."""
        if sha is None:
            self.run("update-ref", "-d", ref)
        else:
            self.run("update-ref", ref, sha)

    def point_all(self, refs: Mapping[str, str]) -> None:
        """Point many references at once."""
        lines = "".join(f"update {ref} {sha}\n" for ref, sha in refs.items())
        self.run("update-ref", "--stdin", content=lines.encode())

    def take_from(self, other: GitRepository, sha: str) -> None:
        """Bring a commit and its history over from another repository."""
        self.run("fetch", "--quiet", "--no-tags", str(other.directory), sha)


def _signed(author: str, when: datetime) -> dict[str, str]:
    date = git_time(when)
    return {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": "someone@example.com",
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": "someone@example.com",
        "GIT_COMMITTER_DATE": date,
    }


def git_time(when: datetime) -> str:
    """Return a time as git writes it."""
    return f"{int(when.timestamp())} {when.strftime('%z')}"
