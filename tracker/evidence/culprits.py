"""Names and proves what does not fit (rules 5 and 6), from the believed failures and the passes of one capability."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from tracker.evidence import blame
from tracker.evidence.passing import Passing
from tracker.evidence.repeats import first_end, newest_runs, run_count
from tracker.evidence.separation import separation
from tracker.model import Clearance, Culprit, CulpritStanding, Suspicion, Witness, culprit_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import timedelta

    from tracker.evidence.clearing import Clearings
    from tracker.evidence.field import Field
    from tracker.evidence.partners import Partners, Tried
    from tracker.evidence.suspects import Failing
    from tracker.evidence.trials import Record
    from tracker.model import Combination, Moment, Suspect, Value

MOST_REVOCATIONS = 2
"""Revoked so often, a culprit is flaky: it is not proved again without a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A culprit that is not published before its failing row and its passing twin were repeated.

    Attributes:
        culprit: as it will be published.
        fails: how often its failing row still has to fail.
        passes: how often its twin still has to pass.
    """

    culprit: Culprit
    fails: int
    passes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What does not fit at one capability.

    Attributes:
        culprits: published ones, by values.
        pending: those that are not published yet, by values.
        suspicions: believed failures that no culprit explains, by combination.
    """

    culprits: tuple[Culprit, ...]
    pending: tuple[Pending, ...]
    suspicions: tuple[Suspicion, ...]


class Blame:
    """Looks for culprits among the believed failures of one capability.

    Args:
        field: all rows of the capability.
        failures: the believed ones with their suspects.
        doubted: those that have not failed often enough yet, with their suspects.
        vouched: those of the latter after which a reference has passed.
        clearings: what passes have cleared.
        formerly: what passes of the same files had cleared under older scenarios.
        partners: with whom an item could be tried.
        revocations: how often a pass has revoked a culprit, by its key.
        max_age: after it what is inferred is stale.
    """

    def __init__(  # noqa: PLR0913 - all that decides
        self,
        field: Field,
        failures: Sequence[Failing],
        *,
        doubted: Sequence[Failing] = (),
        vouched: Collection[Combination] = (),
        clearings: Clearings,
        formerly: Clearings,
        partners: Partners,
        revocations: Mapping[str, int],
        max_age: timedelta,
    ) -> None:
        self._field = field
        self._failures = failures
        self._doubted = doubted
        self._vouched = frozenset(vouched)
        self._clearings = clearings
        self._formerly = formerly
        self._partners = partners
        self._revocations = revocations
        self._max_age = max_age
        self._passing = Passing(field.good)

    def find(self) -> Findings:
        """Return what does not fit."""
        pairs = list(self._pairs())
        found = sorted([*pairs, *self._items([one.culprit for one in pairs])], key=lambda one: one.culprit.values)
        known = [one.culprit for one in found]
        blamed = {one.values for one in known}
        return Findings(
            culprits=tuple(one.culprit for one in found if not one.fails and not one.passes),
            pending=tuple(one for one in found if one.fails or one.passes),
            suspicions=tuple(
                self._suspicion(failure)
                for failure in sorted(self._failures, key=lambda one: one.combination.key)
                if not self._is_explained(failure, blamed, known)
            ),
        )

    def _pairs(self) -> Iterable[Pending]:
        alone: dict[Suspect, list[Failing]] = defaultdict(list)
        for failure in self._failures:
            if failure.lone_pair is not None and not self._formerly.has(failure.lone_pair):
                alone[failure.lone_pair].append(failure)
        for pair, failures in alone.items():
            first, second = _sharing_nothing_else(failures, frozenset(pair))
            context = () if second else _context(failures, pair)
            if second:
                sentence = blame.proved_pair(self._field.capability, pair, _witness(first), _witness(second))
            else:
                sentence = blame.named_pair(self._field.capability, pair, _witness(first), context)
            yield self._culprit(pair, first, second, failures, context=context, sentence=sentence)

    def _items(self, pairs: Sequence[Culprit]) -> Iterable[Pending]:
        alone: dict[Value, list[Failing]] = defaultdict(list)
        for failure in self._failures:
            if failure.lone_item is not None and not self._formerly.has_item(failure.lone_item):
                alone[failure.lone_item].append(failure)
        for item, failures in alone.items():
            # Where the step exercises nothing else, it is the only suspect by itself, whoever stands beside it.
            by_itself = [failure for failure in failures if failure.exercised == {item}]
            doubted = [failure for failure in self._doubted if failure.lone_item == item]
            vouched = [failure for failure in doubted if failure.combination in self._vouched]
            tried = self._partners.tried(
                item,
                by_itself or failures,
                self._clearings,
                doubted=doubted,
                vouched=vouched,
                enough=(self._field.reruns or 0) + 1,
                pairs=pairs,
            )
            if not by_itself and not tried.is_thorough:
                continue
            first, second = _sharing_nothing_else(by_itself or failures, frozenset({item}))
            context = () if second or by_itself else _context([*failures, *vouched], (item,))
            yield self._culprit(
                (item,),
                first,
                second,
                by_itself or failures,
                context=context,
                sentence=self._about_item(item, first, second, context, tried),
                tried=tried,
            )

    def _about_item(
        self, item: Value, first: Failing, second: Failing | None, context: tuple[Value, ...], tried: Tried
    ) -> str:
        if second:
            return blame.proved_item(self._field.capability, item, _witness(first), _witness(second), tried)
        return blame.named_item(self._field.capability, item, _witness(first), context, tried)

    def _culprit(  # noqa: PLR0913 - all that a culprit tells
        self,
        values: Suspect,
        first: Failing,
        second: Failing | None,
        failures: Sequence[Failing],
        *,
        context: tuple[Value, ...],
        sentence: str,
        tried: Tried | None = None,
    ) -> Pending:
        """Return the culprit with what has to be repeated; nothing where its cause is registered as deterministic."""
        capability = self._field.capability
        twin = self._twin(first)
        failed = [trial for failure in failures for trial in failure.record.fails]
        newest = max(trial.finished_at for trial in failed)
        revoked = self._revocations.get(culprit_key(capability, values), 0)
        is_flaky = revoked >= MOST_REVOCATIONS
        price = separation(first, values, self._field)
        standing = CulpritStanding.PROVED if second else CulpritStanding.NAMED
        culprit = Culprit(
            capability=capability,
            values=values,
            standing=CulpritStanding.FLAKY if is_flaky else standing,
            context=context,
            failure=_witness(first),
            second=_witness(second) if second else None,
            twin=_passing(twin) if twin else None,
            cleared=self._cleared(first, values),
            tried=tried.met if tried else 0,
            partners=tried.partners if tried else 0,
            cause=first.last.cause,
            cause_name=first.last.cause_name,
            since=first_end(failed),
            observed_at=newest,
            fresh_until=newest + self._max_age,
            sentence=blame.flaky(capability, values, revoked) if is_flaky else sentence,
            spent=price.spent,
            need=price.need,
        )
        if first.is_deterministic:
            return Pending(culprit=culprit, fails=0, passes=0)
        return Pending(
            culprit=culprit,
            # Once more than belief asks for: a name in public takes more than a verdict.
            fails=max(0, (self._field.reruns or 0) + 2 - run_count(first.record.fails)),
            passes=max(0, 2 - run_count(twin.passes)) if twin else 0,
        )

    def _twin(self, failure: Failing) -> Record | None:
        """Return the passing row that shares most with the failure."""
        exercised = failure.exercised
        return max(
            self._field.good,
            key=lambda record: (len(exercised.intersection(record.row.combination)), run_count(record.passes)),
            default=None,
        )

    def _cleared(self, failure: Failing, values: Suspect) -> tuple[Clearance, ...]:
        """Return for each other pair of the failure (for a single other part, for it) a pass that holds it."""
        rest = sorted(failure.exercised)
        others: list[Suspect] = [pair for pair in combinations(rest, 2) if pair != values and self._clearings.has(pair)]
        if not others:
            others = [(value,) for value in rest if value not in values and self._clearings.has_item(value)]
        return tuple(
            Clearance(suspect=suspect, witness=_passing(record))
            for suspect in others
            if (record := self._passing.first_with(suspect)) is not None
        )

    def _is_explained(self, failure: Failing, suspected: set[Suspect], known: Sequence[Culprit]) -> bool:
        """Whether something known is why ``failure`` failed: it holds it, or suspects it."""
        if not suspected.isdisjoint(failure.suspects):
            return True
        return any(one.is_in(failure.combination) for one in known)

    def _suspicion(self, failure: Failing) -> Suspicion:
        witness = _witness(failure)
        is_test = bool(failure.suspects) and all(self._formerly.has(suspect) for suspect in failure.suspects)
        capability = self._field.capability
        found = Suspicion(
            capability=capability,
            failure=witness,
            suspects=failure.suspects,
            is_the_test_suspected=is_test,
            sentence=blame.unresolved(capability, witness, failure.suspects)
            if failure.suspects
            else blame.three_or_more(capability, witness),
        )
        return replace(found, sentence=blame.suspected_test(found)) if is_test else found


def _sharing_nothing_else(failures: Sequence[Failing], shared: frozenset[Value]) -> tuple[Failing, Failing | None]:
    """Return two failures that share nothing but ``shared``, or the one that failed most often and ``None``."""
    ordered = sorted(failures, key=lambda one: (-run_count(one.record.fails), _first_moment(one)))
    whole = [one for one in ordered if shared <= one.exercised]
    # For each value the failures that hold it, as a mask: comparing every two would take long where many fail.
    holding: dict[Value, int] = defaultdict(int)
    for place, failure in enumerate(whole):
        for value in failure.exercised:
            holding[value] |= 1 << place
    everybody = (1 << len(whole)) - 1
    for place, first in enumerate(whole):
        alike = 0
        for value in first.exercised - shared:
            alike |= holding[value]
        others = everybody & ~alike & ~((2 << place) - 1)
        if others:
            return first, whole[(others & -others).bit_length() - 1]
    return ordered[0], None


def _context(failures: Sequence[Failing], suspect: Suspect) -> tuple[Value, ...]:
    common = frozenset.intersection(*(failure.exercised for failure in failures))
    return tuple(sorted(common - set(suspect)))


def _witness(failure: Failing) -> Witness:
    return Witness(combination=failure.combination, runs=newest_runs(failure.record.fails))


def _passing(record: Record) -> Witness:
    return Witness(combination=record.row.combination, runs=newest_runs(record.passes))


def _first_moment(failure: Failing) -> Moment:
    return min(trial.moments[0] for trial in failure.record.fails)
