"""What upstream's own words say of a pull request that took another's place. Pure."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from tracker.api import Basis, Succession

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from . import answers

_BY = re.compile(
    r"(?i)\b(?:superse[dc]ed\s+by|replaced\s+by|obsoleted\s+by|in\s+favou?r\s+of|closing\s+for|continued\s+in)\s+"
    r"(?:pr\s*|pull\s+request\s*)?(?:#|https?://[^\s/]+/[^\s/]+/[^\s/]+/pull/)(\d{1,9})\b"
)
_OF = re.compile(
    r"(?i)\b(?:supersedes?|replaces?|obsoletes?|continues|takes\s+over)\s+"
    r"(?:pr\s*|pull\s+request\s*)?(?:#|https?://[^\s/]+/[^\s/]+/[^\s/]+/pull/)(\d{1,9})\b"
)
_INSIDERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_ALIKE = 0.75
_LONGEST = 160


def declared(pull: answers.Pull, comments: Iterable[answers.Comment]) -> tuple[Succession, ...]:
    """Return what the pull request's own page says took its place, newest word first.

    The word of a maintainer, or of the author on their own pull request, is upstream's; anybody else's is a guess.
    """
    author = pull.user.login if pull.user else ""
    found = []
    for one in sorted(comments, key=lambda comment: comment.created_at, reverse=True):
        writer = one.user.login if one.user else ""
        is_upstream = one.author_association in _INSIDERS or bool(writer and writer == author)
        found += _of_text(pull.number, one.body, one.html_url, is_upstream=is_upstream, writer=writer)
    found += _of_text(pull.number, pull.body, pull.html_url, is_upstream=True, writer=author)
    return _once(found)


def from_others(pulls: Mapping[int, answers.Pull]) -> dict[int, tuple[Succession, ...]]:
    """Return, by number, what other watched pull requests say or show of having taken its place.

    A merged one whose own text says so is upstream's word. One that was merged later under a title that is very much
    alike is a guess.
    """
    found: dict[int, list[Succession]] = {number: [] for number in pulls}
    for number, other in pulls.items():
        if not (other.merged or other.merged_at):
            continue
        named = {int(one) for one in _OF.findall(other.body or "")}
        for before, pull in pulls.items():
            if before == number or pull.merged or pull.merged_at:
                continue
            if before in named:
                reason = f"#{number} says that it takes the place of #{before}"
                found[before].append(_succession(number, Basis.UPSTREAM, reason, other.html_url))
            elif pull.state == "closed" and other.created_at > pull.created_at and _alike(pull.title, other.title):
                reason = f'it was merged under a title that is much alike ("{_short(other.title)}")'
                found[before].append(_succession(number, Basis.GUESS, reason, other.html_url))
    return {number: _once(some) for number, some in found.items()}


def combined(*parts: Sequence[Succession]) -> tuple[Succession, ...]:
    """Return all of ``parts`` by certainty; of several words on one pull request the most certain is kept."""
    certainty = {Basis.UPSTREAM: 0, Basis.PERSON: 1, Basis.GUESS: 2}
    return _once(sorted((one for part in parts for one in part), key=lambda one: certainty[one.basis]))


def _of_text(number: int, text: str | None, url: str, *, is_upstream: bool, writer: str) -> list[Succession]:
    basis = Basis.UPSTREAM if is_upstream else Basis.GUESS
    return [
        _succession(int(match[1]), basis, f'{writer or "somebody"} wrote "{_short(match[0])}"', url)
        for match in _BY.finditer(text or "")
        if int(match[1]) != number
    ]


def _succession(number: int, basis: Basis, reason: str, url: str) -> Succession:
    return Succession(number=number, basis=basis, reason=reason, url=url)


def _once(found: Iterable[Succession]) -> tuple[Succession, ...]:
    kept: dict[int, Succession] = {}
    for one in found:
        kept.setdefault(one.number, one)
    return tuple(kept.values())


def _alike(first: str, second: str) -> bool:
    return difflib.SequenceMatcher(None, first.casefold(), second.casefold()).ratio() >= _ALIKE


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
