"""``matrix/verdicts.js``: the verdicts that the pages of two factors show for any other choice of the rest.

It is a script, and no JSON, because a page that was opened from a file may run a script beside it and may not fetch.
It holds no code but one assignment of a JSON value in ASCII letters.
"""

from __future__ import annotations

import json
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from tracker.render import escape, places, words
from tracker.render.pages import pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model import Combination, Value, Verdict
    from tracker.render.knowledge import Knowledge

NONE = -1
_MOST = 20_000
_WORDS = tuple(words.LETTERS)


def script(known: Knowledge) -> bytes:
    """Return the file."""
    told = json.dumps(document(known), separators=(",", ":"), allow_nan=False)
    return f"globalThis.trackerVerdicts = {told};\n".encode("ascii")


def document(known: Knowledge) -> dict[str, Any]:
    """Return what the script assigns; values of a factor newest first, as in the tables.

    A cell stands under the places of its values, one for each axis, with dots between (``0.2.0``): the name of the
    page of its combination, empty where it has none, and for each capability the place of the word, that of the day
    on which it was last seen, and that of the misfit that it is inferred from; -1 for none.
    """
    axes = [axis for axis in known.snapshot.axes if axis.values]
    days: dict[str, int] = {}
    misfits: dict[str, int] = {}
    place = {value: number for axis in axes for number, value in enumerate(axis.values)}
    newest = known.newest_evidence
    cells = {
        ".".join(str(place[combination[axis.name]]) for axis in axes): [
            combination.slug if combination in known.snapshot.verdicts else "",
            *(_told(known, verdicts.get(name), days, misfits) for name in known.capabilities),
        ]
        for combination, verdicts in islice(_live(known, place, len(axes)), _MOST)
    }
    return {
        "axes": [{"name": axis.name, "values": [_choice(known, value) for value in axis.values]} for axis in axes],
        "base": [place.get(value, 0) for value in _in_order(pairs.base_of(known), [axis.name for axis in axes])],
        "pages": {
            places.pair(one.name, other.name).rpartition("/")[2]: [axes.index(one), axes.index(other)]
            for one, other in pairs.names(known)
        },
        "never": list(_never(known, place)),
        "capabilities": list(known.capabilities),
        "words": [[word, words.SHAPES[word], words.LETTERS[word], words.anchor(word)] for word in _WORDS],
        "year": str(newest.year) if newest else "",
        "days": list(days),
        "misfits": list(misfits),
        "cells": cells,
    }


def _live(
    known: Knowledge, place: Mapping[Value, int], size: int
) -> Iterator[tuple[Combination, Mapping[str, Verdict]]]:
    """Yield the judged combinations of live values alone, those with a page of their own first."""
    for judged in (known.snapshot.verdicts, known.snapshot.cells):
        for combination in sorted(judged):
            if len(combination.values) == size and all(value in place for value in combination):
                yield combination, judged[combination]


def _in_order(combination: Combination, names: Sequence[str]) -> list[Value]:
    return [combination[name] for name in names]


def _choice(known: Knowledge, value: Value) -> list[str]:
    """Return the value as it stands in an address, and as people read it."""
    return [value.text, escape.one_line(known.plain(value))]


def _told(known: Knowledge, verdict: Verdict | None, days: dict[str, int], misfits: dict[str, int]) -> list[int]:
    when = verdict.observed_at if verdict else None
    culprit = known.culprit_behind(verdict) if verdict else None
    return [
        _WORDS.index(known.word(verdict)),
        days.setdefault(words.day(when), len(days)) if when else NONE,
        misfits.setdefault(places.misfit(culprit.key), len(misfits)) if culprit else NONE,
    ]


def _never(known: Knowledge, place: Mapping[Value, int]) -> Iterator[list[object]]:
    """Yield two values that never meet, each as its factor and its place there."""
    axes = [axis for axis in known.snapshot.axes if axis.values]
    for one, other in pairs.names(known):
        told = [each for each in known.snapshot.profile.exclusions if {each.one, each.other} == {one.name, other.name}]
        for first, second in product(one.values, other.values) if told else ():
            if any(exclusion.forbids(first, second) for exclusion in told):
                yield [axes.index(one), place[first], axes.index(other), place[second]]
