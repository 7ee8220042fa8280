"""Which feeds there are, and what stands in them: upstream's changes, and what versions changed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.evidence.newly import Novelty
from tracker.render import places
from tracker.render.machine.atom import Entry, Feed
from tracker.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.evidence.newly import News
    from tracker.model import Change, Value
    from tracker.render.knowledge import Knowledge

ALL = "changes.xml"
NEWS = "news.xml"
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    components: frozenset[str]
    is_news: bool
    entry: Entry


def named(known: Knowledge) -> Mapping[str, str]:
    """Return the titles of all feeds, by file."""
    own = {_of_component(name): f"{name}: changes" for name in sorted(known.snapshot.components)}
    return {ALL: "All changes", NEWS: "Newly broken and newly fixed", **own}


def for_page(page: str, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return title and file of the feeds that a page names: the two about everything, and the page's own."""
    own = (f"{page}.xml",) if page.startswith(f"{places.COMPONENTS}/") else ()
    return tuple((titles[name], name) for name in (ALL, NEWS, *own) if name in titles)


def feeds(known: Knowledge) -> Iterator[Feed]:
    """Yield every feed."""
    told = sorted(_told(known), key=lambda one: one.entry.updated, reverse=True)
    for name, title in named(known).items():
        wanted = _wanted(name, told, known)
        yield Feed(
            name=name,
            about=(f"{known.snapshot.profile.name} on {known.snapshot.host_key}", name),
            title=f"{known.snapshot.title}: {title}",
            author=known.snapshot.title,
            page=f"{places.CHANGES if name in {ALL, NEWS} else name.removesuffix('.xml')}.html",
            entries=tuple(one.entry for one in wanted)[:_MOST],
        )


def _of_component(name: str) -> str:
    return f"{places.component(name)}.xml"


def _wanted(name: str, told: Iterable[_Told], known: Knowledge) -> Iterator[_Told]:
    own = {_of_component(component): component for component in known.snapshot.components}
    for one in told:
        if name == ALL or (name == NEWS and one.is_news) or own.get(name) in one.components:
            yield one


def _told(known: Knowledge) -> Iterator[_Told]:
    yield from (_of_upstream(change, known) for change in known.snapshot.changes if not change.is_baseline)
    found: dict[tuple[Novelty, str, Value, Value], list[News]] = {}
    for one in known.news:
        if one.novelty is not Novelty.ALWAYS_FAILED and one.observed_at:
            found.setdefault((one.novelty, one.capability, one.value, one.before), []).append(one)
    yield from (_of_versions(same) for same in found.values())


def _of_upstream(change: Change, known: Knowledge) -> _Told:
    page = places.CHANGES
    if known.release(change.component, change.version):
        page = places.release(change.component, change.version)
    elif change.component in known.snapshot.components:
        page = places.component(change.component)
    facts = (change.kind.value, change.component, change.version, change.channel, change.subject, change.after)
    entry = Entry(
        about=("upstream", *facts, change.observed_at.isoformat()),
        title=f"{change.component}: {tell(change)}",
        summary=f"Seen in {change.channel}." if change.channel else "",
        page=f"{page}.html",
        updated=change.observed_at,
        terms=(change.kind.value,),
    )
    return _Told(components=frozenset({change.component}), is_news=False, entry=entry)


def _of_versions(same: list[News]) -> _Told:
    """Return the entry about one version; its time is that of the first run that told it, so that it is news once."""
    first = min(same, key=lambda one: (one.observed_at is None, one.observed_at, one.combination.key))
    name = first.value.component or first.value.factor
    others = f", and {len(same) - 1} more like it" if len(same) > 1 else ""
    entry = Entry(
        about=("versions", first.novelty.value, first.capability, str(first.value), str(first.before)),
        title=f"{first.novelty.value}: {first.capability} with {name} {first.value.version}",
        summary=f"{first.before.version} before it, all else equal: {first.combination.key}{others}.",
        page=f"{places.combination(first.combination)}.html#{first.capability}",
        updated=first.observed_at,  # type: ignore[arg-type]  # those without a time are left out
        terms=(first.novelty.value,),
    )
    return _Told(components=frozenset({first.value.component}), is_news=True, entry=entry)
