"""A copy of the commits of one repository, on this machine, that can be thrown away at any time.

Only commits and tags are copied where the host can leave out the rest. Whatever is copied is kept under its own id and
never under the upstream's name for it: so a tag that moves or goes, a branch that is pushed with force, and names that
this machine's file system cannot hold are no matter here.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from typing import TYPE_CHECKING

from .command import GitError
from .commits import COMMIT_FORMAT, DATE_FORMAT, parse_commits, parse_dates
from .environment import REMOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from .command import Command
    from .commits import Commit

_KEPT = "refs/tracker/"
_FILTERS = ("tree:0", "blob:none", "")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-show-forced-updates")
_CONFIG = "[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{extension}"
_SHA256 = '[extensions]\n\tobjectformat = "sha256"\n'
_SHA1_DIGITS = 40
_MOST_PACKS = 200
_REFUSES_COMMIT = re.compile(r"not our ref|unadvertised|not allow|unable to find|bad object", re.IGNORECASE)
_REFUSES_FILTER = re.compile(r"filter", re.IGNORECASE)


class CommitStore:
    """The copy; call ``prepare`` first.

    Args:
        directory: where it lies; need not exist.
        local: git in the parent of ``directory``, with no other repository in reach.
        remote: the same with the watched repository in reach.
        most_bytes: the most that it may take; 0 for no bound.
    """

    def __init__(self, directory: Path, local: Command, remote: Command, *, most_bytes: int) -> None:
        self._directory = directory
        self._local = local
        self._remote = remote
        self._most_bytes = most_bytes

    def prepare(self, sample: str) -> None:
        """Make the copy, empty, unless it is there already and of the kind whose ids are like ``sample``.

        Raises:
            GitError: git cannot make it.
        """
        config = _config(sample)
        path = self._directory / "config"
        if self._directory.exists() and (self._is_left_over() or not path.is_file()):
            self.discard()
        if not self._directory.exists():
            kind = "sha1" if len(sample) == _SHA1_DIGITS else "sha256"
            self._local.run("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(self._directory))
        elif ("sha256" in path.read_text(encoding="utf-8", errors="replace")) != ("sha256" in config):
            self.discard()
            self.prepare(sample)
            return
        path.write_text(config, encoding="utf-8", newline="\n")
        self.tidy()

    def discard(self) -> None:
        """Throw the copy away; it is made anew by the next look that needs it."""
        if not self._directory.exists():
            return
        for path in self._directory.rglob("*"):
            # git makes its packs read-only, and Windows then refuses to remove them.
            if path.is_file() and not path.is_symlink() and not os.access(path, os.W_OK):
                path.chmod(stat.S_IREAD | stat.S_IWRITE)
        shutil.rmtree(self._directory)

    def fetch(self, ids: Iterable[str]) -> None:
        """Copy the tags and commits of these ids and all commits before them; forget which others were wanted.

        Raises:
            GitError: the host does not give them, or the copy is damaged.
        """
        wanted = set(ids)
        kept = self._kept()
        self._fetch(sorted(wanted - kept))
        self._forget(sorted(kept - wanted))

    def fetch_lost(self, ids: Iterable[str]) -> dict[str, str]:
        """Try to copy commits that no ref of the upstream need hold any more.

        Returns:
            Why not, by id, for those that the host refuses.

        Raises:
            GitError: the host does not say whether it has one of them.
        """
        reasons: dict[str, str] = {}
        for one in ids:
            try:
                self._fetch([one])
            except GitError as error:
                if error.is_stopped or not _REFUSES_COMMIT.search(error.line):
                    raise
                reasons[one] = error.line
        return reasons

    def kinds(self, ids: Collection[str]) -> dict[str, str]:
        """Return what each object is ("commit", "tag", "tree", "blob"); those that are not here are left out."""
        lines = "".join(f"{one}\n" for one in ids)
        answer = self._ask("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=lines).decode("ascii")
        pairs = (line.split(" ", 1) for line in answer.splitlines())
        return {name: kind for name, kind in pairs if kind != "missing"}

    def peeled(self, ids: Collection[str]) -> dict[str, str]:
        """Return the commit that each object comes to, a tag of a tag too; those that come to none are left out."""
        known = sorted(ids)
        lines = "".join(f"{one}^{{commit}}\n" for one in known)
        answer = self._ask("cat-file", "--batch-check=%(objectname)", stdin=lines).decode("ascii")
        found = zip(known, answer.splitlines(), strict=True)
        return {one: name for one, name in found if " " not in name}

    def dates(self) -> dict[str, int | None]:
        """Return the own time of every tag and commit that was fetched by its id."""
        return parse_dates(self._ask("for-each-ref", DATE_FORMAT, _KEPT))

    def commits(self, ids: Collection[str]) -> dict[str, Commit]:
        """Return commits by their ids; all must be here."""
        if not ids:
            return {}
        lines = "".join(f"{one}\n" for one in ids)
        answer = self._ask("log", "-z", "--no-walk=unsorted", "--stdin", COMMIT_FORMAT, stdin=lines)
        return {commit.id: commit for commit in parse_commits(answer)}

    def holders(self, commit: str) -> frozenset[str]:
        """Return the ids of all fetched tags and commits that hold ``commit``, by ancestry."""
        answer = self._ask("for-each-ref", f"--contains={commit}", "--format=%(objectname)", _KEPT)
        return frozenset(answer.decode("ascii").split())

    def line_since(self, tip: str, commit: str) -> tuple[str, ...]:
        """Return ``tip`` and its first parents, newest first, without what lies before ``commit``."""
        return self._list("rev-list", "--first-parent", tip, "--not", f"{commit}^@", "--")

    def between(self, commit: str, tip: str) -> frozenset[str]:
        """Return what descends from ``commit`` and is held by ``tip``."""
        return frozenset(self._list("rev-list", "--ancestry-path", tip, f"^{commit}", "--"))

    def beyond(self, commit: str, tip: str, *, most: int, texts: Sequence[str] = ()) -> tuple[Commit, ...]:
        """Return the commits that ``tip`` holds and ``commit`` does not, newest first.

        Args:
            commit: whose history is left out.
            tip: whose history is told.
            most: at most so many.
            texts: only commits whose message holds one of these.
        """
        wanted = [f"--grep={text}" for text in texts]
        asked = ("log", "-z", f"--max-count={most}", "--fixed-strings", *wanted, COMMIT_FORMAT, tip, f"^{commit}", "--")
        return parse_commits(self._ask(*asked))

    def tidy(self) -> None:
        """Remove what git was writing when it was ended."""
        for path in (self._directory / "objects" / "pack").glob("tmp_*"):
            path.unlink(missing_ok=True)

    def is_too_large(self) -> bool:
        """Return whether the copy takes more than it may, or lies in too many pieces."""
        packs = len(list((self._directory / "objects" / "pack").glob("*.pack")))
        return packs > _MOST_PACKS or bool(self._overrun())

    def _fetch(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        lines = "".join(f"+{one}:{_KEPT}{one}\n" for one in ids)
        for kind in _FILTERS:
            filtered = (f"--filter={kind}",) if kind else ()
            try:
                self._ask(*_FETCH, *filtered, "--stdin", REMOTE, stdin=lines, command=self._remote, guard=self._overrun)
            except GitError as error:
                if not (kind and _REFUSES_FILTER.search(error.line)):
                    raise
            else:
                break
            finally:
                # git notes the filter, and would ask the host for what is left out as soon as anything looks for it.
                (self._directory / "config").write_text(_config(ids[0]), encoding="utf-8", newline="\n")
        self._ask("commit-graph", "write", "--reachable", "--no-progress")

    def _forget(self, ids: Sequence[str]) -> None:
        if ids:
            self._ask("update-ref", "--stdin", stdin="".join(f"delete {_KEPT}{one}\n" for one in ids))

    def _kept(self) -> set[str]:
        return set(self._list("for-each-ref", "--format=%(objectname)", _KEPT))

    def _list(self, *arguments: str) -> tuple[str, ...]:
        return tuple(self._ask(*arguments).decode("ascii").split())

    def _ask(
        self,
        *arguments: str,
        stdin: str = "",
        command: Command | None = None,
        guard: Callable[[], str] | None = None,
    ) -> bytes:
        where = f"--git-dir={self._directory}"
        return (command or self._local).run(where, *arguments, stdin=stdin, guard=guard)

    def _overrun(self) -> str:
        """Return why the copy may not grow further; empty when it may."""
        if not self._most_bytes:
            return ""
        held = sum(_size(path) for path in (self._directory / "objects" / "pack").glob("*"))
        return f"it takes more than {self._most_bytes >> 20} MB" if held > self._most_bytes else ""

    def _is_left_over(self) -> bool:
        """Return whether git was killed while it wrote names: it would refuse its own locks for ever."""
        return any(self._directory.rglob("*.lock"))


def _config(sample: str) -> str:
    is_sha256 = len(sample) != _SHA1_DIGITS
    return _CONFIG.format(version=int(is_sha256), extension=_SHA256 if is_sha256 else "")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # git has given it its name in between
