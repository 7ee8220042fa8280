"""What to install today: for each host and need the newest set that works, its files, how fresh and how sure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import AssetRole, VerdictKind
from tracker.render import places, words
from tracker.render.document import NOTHING
from tracker.render.escape import Md, code, external_link, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Asset, Combination, Value
    from tracker.render.document import Document
    from tracker.render.hosts import Pick, SiteHost
    from tracker.render.knowledge import Knowledge


def first(document: Document, known: Knowledge) -> None:
    """Add the answer for the site's own host: what does all that is required, with its files."""
    own = next((one for one in known.hosts if one.is_own), None)
    document.heading(2, Md("What to install today"))
    pick = own.picks[0] if own and own.picks else None
    best = (pick.combination or pick.formerly) if pick else None
    if own is None or pick is None or best is None:
        document.paragraph(Md("No combination is known yet that does everything that is asked of it."))
        return
    if pick.combination is None:
        document.paragraph(
            document.link(words.mark(VerdictKind.STALE), places.combination(best), pick.need),
            Md("Nothing is known to do all that is asked now. This once did, with older files or an older test,"),
            Md("and waits to be tried again:"),
        )
    files(document, known, replace(pick, combination=best))
    document.paragraph(*_how_sure(document, known, own, pick), _all_of_it(document, known, best))


def needs(document: Document, known: Knowledge) -> None:
    """Add a table for each host: what to install for each need, the same sets in one row."""
    for host in known.hosts:
        title = Md("For each need") if host.is_own else Md(f"On {text(host.title)}")
        document.heading(2, title)
        table(document, known, host)
    document.paragraph(
        Md("Each need asks for all before it. After *fresh until* a result is called stale until it is tried again."),
        document.link(Md("All hosts"), places.HOSTS) if len(known.hosts) > 1 else Md(""),
    )


def table(document: Document, known: Knowledge, host: SiteHost) -> None:
    """Add what to install on ``host``, a row for each set."""
    factors = [text(factor.name) for factor in known.factors]
    document.table(
        (Md("Needed"), *factors, Md("Verdict"), Md("Runs"), Md("Last seen"), Md("Fresh until")),
        [_row(document, known, host, same) for same in grouped(host.picks)],
    )


def files(document: Document, known: Knowledge, pick: Pick) -> None:
    """Add what a pick is installed from: versions, files and digests to copy."""
    if pick.combination is None:
        return
    document.table(
        (Md("Part"), Md("Install"), Md("Download"), Md("Digest")),
        [
            (
                text(value.factor),
                Md(f"**{known.value_link(document, value)}**"),
                *(_file(known, pick, value) or (Md(""), Md(""))),
            )
            for value in known.in_order(pick.combination)
        ],
    )


def _file(known: Knowledge, pick: Pick, value: Value) -> tuple[Md, Md] | None:
    main = next((one for own, one in _files(known, pick) if own == value and one.role is AssetRole.MAIN), None)
    if main is None:
        return None
    return external_link(code(main.name), main.url), code(main.digest) if main.digest else Md("none is published")


def _files(known: Knowledge, pick: Pick) -> tuple[tuple[Value, Asset], ...]:
    """What the pick names; where nobody has worked it out, what the releases have that fits any platform."""
    if pick.files or pick.combination is None:
        return pick.files
    found = []
    for value in known.in_order(pick.combination):
        release = known.release(value.component, value.version)
        found += [(value, asset) for asset in release.release.assets] if release else []
    return tuple(found)


def _how_sure(document: Document, known: Knowledge, host: SiteHost, pick: Pick) -> tuple[Md, ...]:
    verdict = pick.verdict
    if verdict is None or verdict.observed_at is None or pick.combination is None:
        return (Md(""),)
    on = f" on {text(host.title)}" if len(known.hosts) > 1 else ""
    return (
        mark(document, known, host, pick),
        Md(f"in {words.count(len(verdict.runs), 'run')}, last on {words.day(verdict.observed_at)}{on};"),
        Md(f"fresh until {words.day(verdict.fresh_until) or NOTHING}."),
        _libraries(known, pick),
    )


def _libraries(known: Knowledge, pick: Pick) -> Md:
    extra = sum(asset.role is AssetRole.LIBRARY for _, asset in _files(known, pick))
    return Md(f"It needs {words.count(extra, 'library', 'libraries')} as well.") if extra else Md("")


def mark(document: Document, known: Knowledge, host: SiteHost, pick: Pick) -> Md:
    """Return the verdict's mark, linked to its evidence where this site has it."""
    shown = words.mark(known.word(pick.verdict))
    if pick.combination is None:
        return Md("none is known to work")
    if host.is_own and pick.combination in known.snapshot.verdicts:
        return document.link(shown, places.combination(pick.combination), pick.need)
    return document.link(shown, places.host(host.key))


def _all_of_it(document: Document, known: Knowledge, combination: Combination) -> Md:
    return _way(document, known, combination, Md("How to install exactly this, and all that is known of it"))


def _way(document: Document, known: Knowledge, combination: Combination, label: Md) -> Md:
    if combination not in known.snapshot.verdicts:
        return label
    return document.link(label, places.combination(combination))


def grouped(picks: Sequence[Pick]) -> list[list[Pick]]:
    """Return needs that the same set meets as one, in the order in which they first come."""
    found: dict[Combination | tuple[str, tuple[Value, ...]], list[Pick]] = {}
    for pick in picks:
        found.setdefault(pick.combination or (pick.need, pick.held), []).append(pick)
    return list(found.values())


def _row(document: Document, known: Knowledge, host: SiteHost, same: Sequence[Pick]) -> tuple[Md, ...]:
    pick = same[0]
    named = Md(", ".join(dict.fromkeys(need_in_words(one) for one in same)))
    if pick.combination is None:
        return (named, *(Md("") for _ in known.factors), Md("none is known to work"), Md(""), Md(""), Md(""))
    chosen = {value.factor: value for value in pick.combination}
    verdict = pick.verdict
    return (
        named,
        *(
            known.value_link(document, chosen[factor.name], known.short(chosen[factor.name]))
            if factor.name in chosen
            else Md("")
            for factor in known.factors
        ),
        mark(document, known, host, pick),
        Md(str(len(verdict.runs))) if verdict else Md(""),
        words.day(verdict.observed_at if verdict else None),
        words.day(verdict.fresh_until if verdict else None),
    )


def need_in_words(pick: Pick) -> Md:
    """Return a need as people say it: ``networks``, ``networks with isolation hyperv``."""
    held = " and ".join(f"{text(value.factor)} {code(value.text)}" for value in pick.held)
    return Md(f"{text(pick.need)}{f' with {held}' if held else ''}")
