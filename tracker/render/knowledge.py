"""A snapshot with the look-ups that pages share, made once for each build."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from tracker.evidence.newly import news
from tracker.model import CulpritStanding, VerdictKind
from tracker.render import places, words
from tracker.render.escape import Md, code
from tracker.render.hosts import Pick, SiteHost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.evidence.newly import News
    from tracker.model import Combination, Culprit, Run, Value, Verdict
    from tracker.render.document import Document
    from tracker.render.snapshot import SiteRelease, Snapshot

_URGENCY = (
    VerdictKind.FLAKY,
    VerdictKind.BROKEN,
    VerdictKind.WORKS,
    VerdictKind.STALE,
    VerdictKind.UNRESOLVED,
    VerdictKind.LIKELY,
    VerdictKind.EXPECTED,
    VerdictKind.DOUBTFUL,
    VerdictKind.UNTESTED,
)


class Knowledge:
    """What pages ask of a snapshot.

    Attributes:
        capabilities: the chain, earliest first.
        asked: the capability for which combinations are counted: the last one that the profile requires.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.factors = snapshot.profile.factors
        self.capabilities = snapshot.profile.capabilities
        self.asked = (snapshot.profile.required or self.capabilities)[-1]
        self._releases = {(known.release.component, known.release.version): known for known in snapshot.releases}
        self._runs = {run.id: run for run in snapshot.runs}
        self._runs_of: dict[Combination, list[Run]] = defaultdict(list)
        for run in snapshot.runs:
            self._runs_of[run.combination].append(run)
        self._holding: dict[Value, list[Combination]] = defaultdict(list)
        for combination in sorted(snapshot.verdicts):
            for value in combination:
                self._holding[value].append(combination)
        live = [value for axis in snapshot.axes for value in axis.values]
        self._age = {value: age for age, value in enumerate(live)}
        self._place = {factor.name: place for place, factor in enumerate(self.factors)}
        self._working: dict[str, dict[tuple[Value, Value], Combination]] = {}
        self._plain = Counter((value.factor, value.component, self._upstream(value)) for value in live)

    def _upstream(self, value: Value) -> str:
        known = self._releases.get((value.component, value.version))
        return known.release.upstream_version if known else value.version

    def in_order(self, combination: Combination) -> tuple[Value, ...]:
        """Return a combination's values in the order in which people read the factors."""
        last = len(self._place)
        return tuple(sorted(combination, key=lambda value: self._place.get(value.factor, last)))

    def newest_first(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """Return ``values`` of one factor in the order of its axis; those that are no longer live last."""
        last = len(self._age)
        return tuple(sorted(sorted(values), key=lambda value: self._age.get(value, last)))

    def release(self, component: str, version: str) -> SiteRelease | None:
        """Return the release, or ``None`` when the store does not know it."""
        return self._releases.get((component, version))

    def releases_of(self, component: str) -> tuple[SiteRelease, ...]:
        """Return a component's releases, newest first."""
        return tuple(known for known in self.snapshot.releases if known.release.component == component)

    def values_of(self, known: SiteRelease) -> tuple[Value, ...]:
        """Return the values of the profile's factors that the release is."""
        release = known.release
        return tuple(
            factor.value(release.version, release.component)
            for factor in self.factors
            if release.component in factor.components
        )

    def run(self, run_id: int) -> Run | None:
        """Return the run, or ``None`` when the snapshot does not hold it."""
        return self._runs.get(run_id)

    def runs_of(self, combination: Combination) -> tuple[Run, ...]:
        """Return a combination's runs, newest first."""
        return tuple(self._runs_of.get(combination, ()))

    def holding(self, value: Value) -> tuple[Combination, ...]:
        """Return the judged combinations that hold ``value``, in order."""
        return tuple(self._holding.get(value, ()))

    def verdict(self, combination: Combination, capability: str) -> Verdict | None:
        """Return what is known, or ``None`` when the snapshot does not say."""
        return self.snapshot.verdicts.get(combination, {}).get(capability)

    def word(self, verdict: Verdict | None) -> str:
        """Return the verdict's word; what is broken by a culprit alone has one of its own."""
        if verdict is None:
            return VerdictKind.UNTESTED
        is_inferred = verdict.kind is VerdictKind.BROKEN and verdict.inferred_from
        return words.INFERRED if is_inferred else verdict.kind

    def tally(self, verdicts: Iterable[Verdict | None]) -> Counter[str]:
        """Return how often each word is said, in the order in which verdicts are decided."""
        found = Counter(self.word(verdict) for verdict in verdicts)
        order = [word for kind in _URGENCY for word in ((kind, words.INFERRED) if kind == "broken" else (kind,))]
        return Counter({word: found[word] for word in order if found[word]})

    def plain(self, value: Value) -> str:
        """Return the plain version where only one live value of the factor has it, else the exact one."""
        plain = self._upstream(value)
        if self._plain[value.factor, value.component, plain] != 1:
            return value.text
        return f"{value.component}@{plain}" if value.is_alternative and value.component else plain

    def short(self, value: Value) -> Md:
        """Return the same as Markdown."""
        return code(self.plain(value))

    def value_link(self, document: Document, value: Value, label: Md | None = None) -> Md:
        """Return ``label``, or the exact value, linked to its release where there is one."""
        shown = label or code(value.text)
        if self.release(value.component, value.version) is None:
            return shown
        return document.link(shown, places.release(value.component, value.version))

    def verdict_link(self, document: Document, combination: Combination, capability: str) -> Md:
        """Return the verdict's mark, linked to the capability on the combination's page."""
        mark = words.mark(self.word(self.verdict(combination, capability)))
        return document.link(mark, places.combination(combination), capability)

    @property
    def hosts(self) -> tuple[SiteHost, ...]:
        """Every host with what to install there, the site's own first; from what works newest where none is told."""
        if self.snapshot.hosts or not self.snapshot.profile.scenario:
            return self.snapshot.hosts
        newest = self.snapshot.newest_working
        required = self.snapshot.profile.required or self.capabilities
        picks = tuple(
            Pick(need=need, combination=found, verdict=self.verdict(found, need) if found else None)
            for need in reversed(required)
            for found in (newest.get(need),)
        )
        return (SiteHost(key=self.snapshot.host_key, title=self.snapshot.host_title, picks=picks),)

    @property
    def base(self) -> Combination | None:
        """The newest combination that does most of what is required: the rest beside any two factors."""
        wanted = reversed(self.snapshot.profile.required or self.capabilities)
        known = (self.snapshot.newest_working.get(need) for need in wanted)
        return next((one for one in known if one is not None), None)

    @cached_property
    def newest_evidence(self) -> datetime | None:
        """The aware UTC time of the newest result; ``None`` before there is any."""
        ran = [run.finished_at for run in self.snapshot.runs if run.finished_at]
        told = [one.observed_at for own in self.snapshot.verdicts.values() for one in own.values() if one.observed_at]
        return max([*ran, *told], default=None)

    def working(self, capability: str) -> Mapping[tuple[Value, Value], Combination]:
        """Return the newest combination in which two values, in order of their factors, do what is asked."""
        if capability not in self._working:
            found = [
                one
                for one, verdicts in self.snapshot.verdicts.items()
                if capability in verdicts and verdicts[capability].kind is VerdictKind.WORKS
            ]
            last = len(self._age)
            in_order = {one: self.in_order(one) for one in found}
            found.sort(key=lambda one: [self._age.get(value, last) for value in in_order[one]], reverse=True)
            self._working[capability] = {pair: one for one in found for pair in combinations(in_order[one], 2)}
        return self._working[capability]

    def cell(self, combination: Combination, capability: str) -> Verdict | None:
        """Return the verdict also of a combination that has no page of its own."""
        own = self.snapshot.verdicts.get(combination) or self.snapshot.cells.get(combination, {})
        return own.get(capability)

    def culprits_of(self, component: str) -> tuple[Culprit, ...]:
        """Return what does not fit and holds a version of the component, what is proved first."""
        held = (one for one in self.culprits if any(value.component == component for value in one.values))
        return tuple(held)

    @cached_property
    def news(self) -> tuple[News, ...]:
        """What each version changed beside the one before it, newest first."""
        places_of = {
            (one.release.component, one.release.version): place for place, one in enumerate(self.snapshot.releases)
        }
        judged = {value for combination in self.snapshot.verdicts for value in combination}
        ordered = [value for value in judged if (value.component, value.version) in places_of]
        ordered.sort(key=lambda value: (places_of[value.component, value.version], value))
        return news(self.snapshot.verdicts, ordered, self.capabilities)

    @cached_property
    def culprits(self) -> tuple[Culprit, ...]:
        """Return what does not fit, what is proved first, then by key."""
        proved = CulpritStanding.PROVED
        return tuple(sorted(self.snapshot.culprits, key=lambda one: (one.standing is not proved, one.key)))

    def culprit_behind(self, verdict: Verdict) -> Culprit | None:
        """Return the misfit by which a verdict is inferred; ``None`` where it is not."""
        own = (one for one in self.culprits if one.values == verdict.inferred_from and one.is_in(verdict.combination))
        return next(own, None) if verdict.inferred_from else None

    @property
    def known_at(self) -> datetime | None:
        """The aware UTC time of the newest run or change; ``None`` when there is none."""
        runs = [run.finished_at for run in self.snapshot.runs if run.finished_at]
        return max([*runs, *(change.observed_at for change in self.snapshot.changes)], default=None)
