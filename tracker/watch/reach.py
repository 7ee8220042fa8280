"""How far a commit has come: which tags and releases contain it, in which order that is meant. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Chapter, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Containment, Release, Tag
    from tracker.protocols.ordering import Comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A commit among the tags and releases of its repository.

    Attributes:
        held: which tags contain it.
        tags: all tags of the repository that were seen, by name.
        releases: of the component.
        order: sort key of a version of the component.
    """

    held: Containment
    tags: Mapping[str, Tag]
    releases: Sequence[Release]
    order: Callable[[str], Comparable]

    def first_by_version(self) -> Tag | None:
        """Return the tag of the lowest version that contains the commit."""
        return min(self._containing(), key=lambda tag: self.order(tag.version), default=None)

    def first_useful(self, platform: str) -> Release | None:
        """Return the release that was published first among those that contain it and have a file for ``platform``."""
        found = [one for one in self._releases_with_it() if one.asset_for(platform) or not platform]
        return min(found, key=self._by_publication, default=None)

    def lacking(self) -> tuple[Tag, ...]:
        """Return, lowest version first, the versions that lack the commit although a lower one contains it."""
        first = self.first_by_version()
        if first is None:
            return ()
        least = self.order(first.version)
        holding = set(self.held.tags)
        found = [
            tag
            for tag in self.tags.values()
            if tag.version and tag.name not in holding and self.order(tag.version) > least
        ]
        return tuple(sorted(found, key=lambda tag: self.order(tag.version)))

    def chapters(self, platform: str, passes: Mapping[str, tuple[int, datetime]]) -> Iterator[Chapter]:
        """Yield what is known: tags, tags that lack it, the first release with a file, the first run that passed."""
        if not self.held.tags:
            sentence = f"No tag contains commit {self.held.commit[:7]} yet."
            yield Chapter(stage=Stage.MISSING, sentence=sentence)
            return
        yield self._tagged()
        if lacking := self.lacking():
            first = self.first_by_version()
            names = ", ".join(tag.name for tag in lacking)
            lower = f"{first.name}, which has it" if first else "one that has it"
            sentence = f"Not contained in {names}, although numbered higher than {lower}."
            yield Chapter(stage=Stage.MISSING, sentence=sentence)
        yield from self._released(platform, passes)

    def _tagged(self) -> Chapter:
        shown = [self._dated(name) for name in self.held.tags]
        first, lowest = self.held.tags[0], self.first_by_version()
        orders = f" First by date: {first}; first by version: {lowest.name}." if lowest else ""
        tag = self.tags.get(first)
        return Chapter(
            stage=Stage.TAGGED,
            sentence=f"Contained in {', '.join(shown)}.{orders if len(shown) > 1 else ''}",
            happened_at=tag.tagged_at if tag else None,
        )

    def _released(self, platform: str, passes: Mapping[str, tuple[int, datetime]]) -> Iterator[Chapter]:
        release = self.first_useful(platform)
        wanted = f" with a file for {platform}" if platform else ""
        if release is None:
            yield Chapter(stage=Stage.MISSING, sentence=f"No release{wanted} contains it yet.")
            return
        when = f", published on {release.published_at:%Y-%m-%d}" if release.published_at else ""
        yield Chapter(
            stage=Stage.RELEASED,
            sentence=f"First release{wanted} that contains it: {release.component} {release.version}{when}.",
            happened_at=release.published_at,
            url=release.url,
        )
        passed = [
            (at, run, one.version)
            for one in self._releases_with_it()
            for run, at in [passes.get(one.version, (0, None))]
            if at
        ]
        if passed:
            at, run, version = min(passed)
            sentence = f"First run that passed with it: run {run} of {version} on {at:%Y-%m-%d}."
            yield Chapter(stage=Stage.PASSED, sentence=sentence, happened_at=at)
        else:
            yield Chapter(stage=Stage.MISSING, sentence="No run has passed with it yet.")

    def _containing(self) -> list[Tag]:
        return [self.tags[name] for name in self.held.tags if name in self.tags and self.tags[name].version]

    def _releases_with_it(self) -> list[Release]:
        holding = set(self.held.tags)
        return [one for one in self.releases if one.tag in holding]

    def _dated(self, name: str) -> str:
        tag = self.tags.get(name)
        return f"{name} ({tag.tagged_at:%Y-%m-%d})" if tag and tag.tagged_at else name

    def _by_publication(self, release: Release) -> tuple[bool, str, Comparable]:
        published = release.published_at
        return published is None, published.isoformat() if published else "", self.order(release.version)
