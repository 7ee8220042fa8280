"""Which badges there are and what they say: a recommended version, and two versions that were run together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations as pairs
from typing import TYPE_CHECKING

from tracker.model import VerdictKind
from tracker.render import places, words
from tracker.render.machine import badge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.model import Combination, Culprit, Value, Verdict
    from tracker.render.knowledge import Knowledge

_MOST_PAIRS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """One badge.

    Attributes:
        name: its file, relative to the site's root; the same for the same question, whatever the answer.
        sentence: all that it says, in words.
        page: path of the page that shows why, without suffix.
        content: the SVG.
    """

    name: str
    sentence: str
    page: str
    content: bytes


def badges(known: Knowledge) -> tuple[Badge, ...]:
    """Return every badge: recommended versions in the profile's order, then pairs, newest versions first."""
    if not known.snapshot.profile.scenario:
        return ()
    return (*_recommended(known), *_paired(known))


def _recommended(known: Knowledge) -> Iterator[Badge]:
    newest = known.snapshot.newest_working.get(known.asked)
    for factor in known.factors:
        value = next((one for one in newest or () if one.factor == factor.name), None)
        shown = f"{_name(value)} {value.version}" if value else f"no {factor.name} known to work"
        yield Badge(
            name=f"badges/recommended-{places.slug(factor.name)}.svg",
            sentence=f"recommended {shown}",
            page=places.combination(newest) if newest else places.FRONT,
            content=badge.svg(
                "recommended",
                shown,
                badge.GOOD if value else badge.UNKNOWN,
                f"recommended: {shown}, on {known.snapshot.host_title}",
            ),
        )


def _paired(known: Knowledge) -> Iterator[Badge]:
    """Yield a badge for each two live versions of components that were run together, up to a bound."""
    live = {value: age for age, value in enumerate(one for axis in known.snapshot.axes for one in axis.values)}
    held: dict[tuple[Value, Value], list[Combination]] = defaultdict(list)
    for combination, verdicts in known.snapshot.verdicts.items():
        if any(one.runs and not one.inferred_from for one in verdicts.values()):
            versions = [one for one in known.in_order(combination) if one.component and one in live]
            for pair in pairs(versions, 2):
                held[pair[0], pair[1]].append(combination)
    ordered = sorted(held, key=lambda pair: (max(live[pair[0]], live[pair[1]]), live[pair[0]], live[pair[1]]))
    for first, second in ordered[:_MOST_PAIRS]:
        yield _pair(known, first, second, held[first, second])


def _pair(known: Knowledge, first: Value, second: Value, held: list[Combination]) -> Badge:
    verdicts = {one: verdict for one in sorted(held) if (verdict := known.verdict(one, known.asked))}
    seen = _seen(verdicts)
    culprit = None if seen else _culprit(known, (first, second))
    where, label = known.snapshot.host_title, first
    if seen:
        said, paint, telling = seen
    elif culprit:
        said, paint, telling = "does not work with", badge.BAD, culprit.failure.combination
    else:
        said, paint, telling = "was not seen to work with", badge.UNKNOWN, _newest(held, verdicts) or held[0]
    short, whole = f"{said} {_called(second)} on {_short(where)}", f"{said} {_called(second)} on {where}"
    if culprit and len(culprit.scope) == 1:
        # The other part is innocent: the first failing one fails with any of its versions.
        label = culprit.values[0]
        other = _name(second if label == first else first)
        short, whole = f"does not work on {_short(where)}", f"does not work on {where}, whatever the {other}"
    verdict = known.verdict(telling, known.asked)
    when = f", as of {words.day(verdict.observed_at)}" if verdict and verdict.observed_at else ""
    sentence = f"{_called(label)} {whole}"
    return Badge(
        name=f"badges/{_file(first)}_{_file(second)}.svg",
        sentence=sentence,
        page=places.combination(telling),
        content=badge.svg(_called(label), short, paint, f"{sentence}{when}"),
    )


def _seen(verdicts: Mapping[Combination, Verdict]) -> tuple[str, badge.Paint, Combination] | None:
    """Return the words, the colours and the combination that tells, where the two were seen to work."""
    for kind, said, paint in _POSITIVE:
        newest = _newest([one for one, verdict in verdicts.items() if verdict.kind is kind], verdicts)
        if newest and (kind is not VerdictKind.STALE or verdicts[newest].was == "worked"):
            return said, paint, newest
    return None


def _culprit(known: Knowledge, pair: tuple[Value, Value]) -> Culprit | None:
    """Return what is known not to fit, one part or both, and keeps them from what is asked.

    In a combination that fails it may be a third part; and what fails later in the chain than is asked is no matter.
    """
    chain = known.capabilities[: known.capabilities.index(known.asked) + 1]
    return next((one for one in known.culprits if one.capability in chain and one.is_in(pair)), None)


_POSITIVE = (
    (VerdictKind.WORKS, "works with", badge.GOOD),
    (VerdictKind.FLAKY, "does not always work with", badge.OLD),
    (VerdictKind.STALE, "worked with", badge.OLD),
)


def _newest(held: list[Combination], verdicts: Mapping[Combination, Verdict]) -> Combination | None:
    """Return the one that was run last; of several the first."""
    told = [one for one in sorted(held) if one in verdicts]
    return max(told, key=lambda one: when.timestamp() if (when := verdicts[one].observed_at) else 0.0, default=None)


def _called(value: Value) -> str:
    return f"{_name(value)} {value.version}"


def _name(value: Value) -> str:
    return value.component or value.factor


def _short(host: str) -> str:
    """Return what stands before the details in a host's title; ``Debian GNU/Linux 12``."""
    return re.split(r"[(,]", host, maxsplit=1)[0].strip() or host


def _file(value: Value) -> str:
    return f"{places.slug(_name(value))}@{places.slug(value.version)}"
