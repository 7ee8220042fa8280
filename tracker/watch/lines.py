"""Which release of which line is live. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model import DeclarationKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from tracker.model import Component, Declaration, Release
    from tracker.protocols.ordering import Comparable
    from tracker.store import StoredRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePolicy:
    """What keeps a release that is offered from being tried.

    Attributes:
        platform: whose file is installed; empty where releases have one file.
        declarations: what is declared; those of support end lines.
        now: aware UTC time; ``None`` when neither ages nor ends of support count.
        minimum_age: how long ago a release must have been published, or else been seen first.
    """

    platform: str = ""
    declarations: tuple[Declaration, ...] = ()
    now: datetime | None = None
    minimum_age: timedelta = timedelta(0)

    def newest_of_lines(
        self, component: Component, known: Iterable[StoredRelease], key: Callable[[str], Comparable]
    ) -> tuple[str, ...]:
        """Return the newest version of each live line that can be tried, newest first, each once.

        In a line whose newest release cannot be tried yet, the next older one takes its place. Pre-releases are passed
        over; a line that offers nothing else counts only where all lines of the component are tested (an archive's
        suite with a release candidate in it).

        Args:
            component: whose versions they are.
            known: its releases that were ever seen.
            key: orders its versions.
        """
        lines: defaultdict[str, list[Release]] = defaultdict(list)
        for one in known:
            if self._can_be_tried(one):
                for offer in one.offers:
                    lines[offer.line].append(one.release)
        newest: dict[str, str] = {}
        for line, releases in lines.items():
            final = [one for one in releases if not one.is_prerelease]
            candidates = final or (releases if component.live_lines == 0 else [])
            if candidates:
                newest[line] = max((one.version for one in candidates), key=key)
        supported = {line: version for line, version in newest.items() if not self._has_ended(component.name, line)}
        ordered = sorted({*(supported or newest).values()}, key=key, reverse=True)
        return tuple(ordered[: component.live_lines or None])

    def _can_be_tried(self, one: StoredRelease) -> bool:
        release = one.release
        if self.platform and self.platform in release.awaits:
            return False
        own = release.asset_for(self.platform) if self.platform else release.main_asset
        if own is not None and own.distrust:
            return False
        if self.now is None or not self.minimum_age:
            return True
        return (release.published_at or one.first_seen_at) + self.minimum_age <= self.now

    def _has_ended(self, component: str, line: str) -> bool:
        """Whether the last day is over on which anybody declares support for the line."""
        ends = list(_ends(component, line, self.declarations))
        return bool(ends) and self.now is not None and max(ends) < self.now.date()


def _ends(component: str, line: str, declarations: Sequence[Declaration]) -> Iterable[date]:
    for one in declarations:
        if one.kind is DeclarationKind.SUPPORT and one.until is not None:
            about = (condition for condition in one.conditions if condition.name == component)
            if any(line in condition.lines for condition in about):
                yield one.until
