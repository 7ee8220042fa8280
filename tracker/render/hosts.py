"""What is known to work on each host, for each need: what the first screen answers from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model import Asset, Combination, Culprit, Value, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What to install for one need.

    Attributes:
        need: the last capability that is asked for; all before it are needed too.
        held: a choice that the need fixes (``isolation=hyperv``); empty for the newest of all.
        combination: the newest that is known to do it; ``None`` where none is.
        verdict: on ``need``; ``None`` where there is no combination.
        formerly: where nothing is known to be good now, what once was; else ``None``.
        files: what it is installed from, each with its value, in order of the factors; libraries included.
    """

    need: str
    held: tuple[Value, ...] = ()
    combination: Combination | None = None
    verdict: Verdict | None = None
    formerly: Combination | None = None
    files: tuple[tuple[Value, Asset], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHost:
    """A host and what is known on it.

    Attributes:
        key: the facts between which nothing clears or proves.
        title: the host in words.
        is_own: the site's own verdicts are about it.
        picks: for each need, the whole of what is required first.
        verdicts: of combinations that were run there; empty for the site's own host, whose verdicts are the snapshot's.
        culprits: what is known not to fit there.
    """

    key: str
    title: str
    is_own: bool = True
    picks: tuple[Pick, ...] = ()
    verdicts: Mapping[Combination, Mapping[str, Verdict]] = field(default_factory=dict)
    culprits: tuple[Culprit, ...] = ()
