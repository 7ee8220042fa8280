"""What is known besides a target's own last answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Release, Sighting
    from tracker.protocols.ordering import Comparable

    Order = Callable[[str, str], Comparable]
    """Sort key of a version, from component and version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the store knows besides the target's own last answer; versions as pairs of component and version.

    Attributes:
        known: every release of the target's components that was ever seen.
        last: what was last told of those that nobody offers any more.
        elsewhere: those that another target offers now.
        tags_elsewhere: the tags that these were made from, as pairs of component and tag, each with the commits that
            are said to be named by it.
        sighted_elsewhere: what other targets show now of the same components.
        sighted_before: places that anybody had sighted before this round of looks began.
        looked_at: when the target was last looked at, whatever came of it: aware UTC; ``None`` for never.
        words: of each component that is asked for, all words of the options that say where it is watched; ``None``
            where that is not known.
    """

    known: Collection[tuple[str, str]] = field(default=frozenset())
    last: Mapping[tuple[str, str], Release] = field(default_factory=dict)
    elsewhere: Collection[tuple[str, str]] = field(default=frozenset())
    tags_elsewhere: Mapping[tuple[str, str], Collection[str]] = field(default_factory=dict)
    sighted_elsewhere: Sequence[Sighting] = ()
    sighted_before: Collection[tuple[str, ...]] = field(default=frozenset())
    looked_at: datetime | None = None
    words: Mapping[str, Collection[str]] | None = None

    def is_asked(self, component: str) -> bool:
        """Whether the target is asked about the component: what is left of another one is nobody's news."""
        return self.words is None or component in self.words

    def is_named(self, component: str, word: str) -> bool:
        """Whether the settings still name it: a branch or pull request that they name no more may well be there."""
        return self.words is None or word in self.words.get(component, ())
