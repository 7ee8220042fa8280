"""What a repository says of its refs: the answer of ``git ls-remote --symref`` (git-ls-remote(1), 2.39). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HEADS, _TAGS, _PULLS = "refs/heads/", "refs/tags/", "refs/pull/"
# What an annotated tag comes to. A bundle does not tell that, so it is not relied upon.
_PEELED = "^{}"
_USUAL = ("main", "master", "trunk", "develop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertised:
    """The refs of a repository at one instant; ids are full, names are without their prefix.

    Attributes:
        default: name of the default branch; empty when the repository does not say or has none.
        default_id: its commit; empty likewise.
        branches: those that were asked for and exist.
        tags: all, by name: the commit, the annotation, or whatever else each one names.
        pulls: heads of those pull requests that were asked for and exist, by number.
    """

    default: str
    default_id: str
    branches: Mapping[str, str]
    tags: Mapping[str, str]
    pulls: Mapping[int, str]


def parse_refs(answer: bytes, *, branches: Collection[str], pulls: Collection[int]) -> Advertised:
    r"""Return what the answer says of the default branch, all tags, and what else is asked for.

    Names that are no UTF-8 are shown with ``\\x..`` for the strange bytes, which no other name can hold.
    """
    ids: dict[str, str] = {}
    default = ""
    for line in answer.decode("utf-8", "backslashreplace").split("\n"):
        value, tab, name = line.partition("\t")
        if not tab:
            continue
        if value.startswith("ref: ") and name == "HEAD":
            default = value.removeprefix("ref: ").removeprefix(_HEADS)
        elif _ID.fullmatch(value):
            ids[name] = value
    heads = {name.removeprefix(_HEADS): value for name, value in ids.items() if name.startswith(_HEADS)}
    if default not in heads:
        default = _guessed(heads, ids.get("HEAD", ""))
    numbers = {f"{_PULLS}{number}/head": number for number in pulls}
    return Advertised(
        default=default,
        default_id=heads.get(default, ""),
        branches={name: heads[name] for name in branches if name in heads},
        tags={
            name.removeprefix(_TAGS): value
            for name, value in sorted(ids.items())
            if name.startswith(_TAGS) and not name.endswith(_PEELED)
        },
        pulls={number: ids[name] for name, number in numbers.items() if name in ids},
    )


def _guessed(heads: Mapping[str, str], head: str) -> str:
    """Return the branch that HEAD means where the host tells only its commit; empty when it cannot be known."""
    same = [name for name, value in heads.items() if value == head]
    if len(same) == 1:
        return same[0]
    return next((name for name in _USUAL if name in same), "")
