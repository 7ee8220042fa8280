"""Commits and tags as git tells them, and the orders that follow from it. Pure.

Formats as in git-log(1) and git-for-each-ref(1), 2.39.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

COMMIT_FORMAT = "--format=%H%x1f%P%x1f%ct%x1f%an%x1f%ae%x1f%s"
"""What ``parse_commits`` reads, with ``-z`` between commits."""

DATE_FORMAT = "--format=%(objectname)%00%(creatordate:unix)%00%(*committerdate:unix)"
"""What ``parse_dates`` reads."""

_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit.

    Attributes:
        id: full.
        parents: ids, the line that it continues first.
        committed_at: seconds since 1970; ``None`` when it does not say.
        author: name, as it says.
        email: of the author, as it says.
        subject: first paragraph of its message, in one line; hostile.
    """

    id: str
    parents: tuple[str, ...] = ()
    committed_at: int | None = None
    author: str = ""
    email: str = ""
    subject: str = ""


def parse_commits(answer: bytes) -> tuple[Commit, ...]:
    """Return the commits of an answer in ``COMMIT_FORMAT``, in its order."""
    found = []
    for record in answer.decode("utf-8", "replace").split("\0"):
        # The subject stands last: whatever it holds is a part of it.
        parts = record.lstrip("\n").split("\x1f", _PARTS - 1)
        if len(parts) == _PARTS:
            name, parents, when, author, email, subject = parts
            found.append(
                Commit(
                    id=name,
                    parents=tuple(parents.split()),
                    committed_at=_seconds(when),
                    author=author,
                    email=email,
                    subject=subject,
                )
            )
    return tuple(found)


def parse_dates(answer: bytes) -> dict[str, int | None]:
    """Return, by id of tag or commit, its own time in seconds since 1970: the tagger's, else the commit's."""
    found: dict[str, int | None] = {}
    for line in answer.decode("ascii", "replace").splitlines():
        name, _, rest = line.partition("\0")
        own, _, commits = rest.partition("\0")
        found[name] = _seconds(own) if own else _seconds(commits)
    return found


def moment(seconds: int | None) -> datetime | None:
    """Return the aware UTC time, or ``None`` when there is none, or none that a calendar has."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def oldest_first(names: Iterable[str], dates: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return names by their time, then by name; those without a time come last, since nobody knows."""
    return tuple(sorted(names, key=lambda name: (dates.get(name) is None, dates.get(name) or 0, name)))


def entry(chain: Sequence[str], descendants: Collection[str], head: str) -> str:
    """Return the commit with which ``head`` came into a branch: the oldest of the branch's own line that holds it.

    Args:
        chain: the branch's own line, from its tip along first parents, at least as far as it holds ``head``.
        descendants: all commits of the branch that descend from ``head``.
        head: which is in the branch.
    """
    return next((name for name in reversed(chain) if name == head or name in descendants), head)


def _seconds(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
