"""One round of looks: asks several targets at once, and writes each answer in a transaction of its own."""

from __future__ import annotations

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.protocols import NoNews
from tracker.store import Look, LookResult
from tracker.watch.access import Access
from tracker.watch.asking import Answered, Asking, Failed, ask, told
from tracker.watch.knowledge import Knowledge
from tracker.watch.places import option_words
from tracker.watch.reconcile import reconcile
from tracker.watch.survey import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from tracker.http import Client
    from tracker.protocols import CredentialHint, Observed, PollRequest
    from tracker.protocols.ordering import Comparable
    from tracker.registry import Registry
    from tracker.store import Store, TargetState

_MOST_AT_ONCE = 4
_MOST_TOGETHER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A look that can be made now, or the reason why it cannot."""

    asking: Asking
    request: PollRequest | Failed


class Round:
    """Looks that belong together.

    Args:
        registry: where components and schemes are found.
        store: what was seen before; what is seen now is written there.
        http: the client without tokens.
        now: tells the aware UTC time; the round begins now.
    """

    def __init__(self, *, registry: Registry, store: Store, http: Client, now: Callable[[], datetime]) -> None:
        self._registry = registry
        self._store = store
        self._access = Access(http)
        self._now = now
        self._began_at = now()

    @cached_property
    def last_looks(self) -> tuple[Look, ...]:
        """The newest look of each target before this round."""
        return self._store.last_looks()

    @cached_property
    def _looked_at(self) -> dict[tuple[str, str], datetime]:
        return {(look.source, look.target): look.looked_at for look in self.last_looks}

    def ask_all(self, askings: Sequence[Asking]) -> Iterator[Look]:
        """Make the looks, several at once, and yield each as soon as it is written, in the order given; blocks."""
        if not askings:
            return
        _ = self._looked_at  # before anything of this round is written
        pool = ThreadPoolExecutor(max_workers=min(_MOST_AT_ONCE, os.cpu_count() or 1), thread_name_prefix="poll")
        try:
            ready = self._surveyed([self._ready(one) for one in askings], pool)
            answers = [pool.submit(self._ask, one) for one in ready]
            yield from self._written(zip(ready, answers, strict=True))
        finally:
            pool.shutdown(cancel_futures=True)

    def _written(self, made: Iterable[tuple[_Ready, Future[Answered]]]) -> Iterator[Look]:
        """Write answers in their order; those that tell nothing and are there at once share a transaction."""
        quiet: list[tuple[Look, TargetState]] = []
        for one, future in made:
            if not future.done() or len(quiet) >= _MOST_TOGETHER:
                yield from self._write_quiet(quiet)
                quiet = []
            answered = future.result()
            answer = answered.answer
            if isinstance(answer, Failed):
                result = LookResult.WITHHELD if answer.is_withheld else LookResult.COULD_NOT_LOOK
                look = _look(one.asking, answered, result, answer.message)
                quiet.append((look, one.asking.state))
            elif isinstance(answer, NoNews):
                quiet.append((_look(one.asking, answered, LookResult.NO_NEWS), one.asking.state))
            else:
                yield from self._write_quiet(quiet)
                quiet = []
                yield self._reconcile(one.asking, answered, answer)
        yield from self._write_quiet(quiet)

    def _write_quiet(self, quiet: Sequence[tuple[Look, TargetState]]) -> Iterator[Look]:
        made = [one for one in quiet if one[0].result is not LookResult.WITHHELD]
        if made:
            self._store.record_quiet_looks(made)
        return (look for look, _ in quiet)

    def _ready(self, asking: Asking) -> _Ready:
        try:
            http, is_authorized = self._access.client_for(asking.target.credential)
        except TrackerError as error:
            return _Ready(asking=asking, request=Failed(message=told(error)))
        return _Ready(asking=asking, request=asking.request(http, self._now(), is_authorized=is_authorized))

    def _surveyed(self, ready: Sequence[_Ready], pool: ThreadPoolExecutor) -> list[_Ready]:
        """Return the looks, each with what a survey of its source and credential said of it."""
        groups: defaultdict[tuple[str, CredentialHint | None], list[_Ready]] = defaultdict(list)
        for one in ready:
            groups[one.asking.source.name, one.asking.target.credential].append(one)

        def ask_group(group: Sequence[_Ready]) -> dict[str, str]:
            requests = [one.request for one in group if not isinstance(one.request, Failed)]
            return dict(survey(group[0].asking.source, requests))

        said = dict(zip(groups, pool.map(ask_group, groups.values()), strict=True))
        return [self._hinted(one, said[one.asking.source.name, one.asking.target.credential]) for one in ready]

    def _hinted(self, one: _Ready, said: dict[str, str]) -> _Ready:
        hint = said.get(one.asking.target.name, "")
        return self._ready(one.asking.hinted(hint)) if hint else one

    def _ask(self, ready: _Ready) -> Answered:
        if isinstance(ready.request, Failed):
            return Answered(answer=ready.request, looked_at=self._now())
        return ask(ready.asking, ready.request, self._registry)

    def _reconcile(self, asking: Asking, answered: Answered, observed: Observed) -> Look:
        source, target = asking.source.name, asking.target.name
        try:
            found = reconcile(
                asking.state,
                self._store.offered(source, target),
                observed,
                sighted_before=self._store.sighted(source, target),
                knowledge=self._knowledge(asking),
                order=self._order,
                now=answered.looked_at,
            )
        except ValueError as error:
            # A component whose scheme was changed may have versions in the store that the new one cannot order.
            message = f"the answer cannot be compared with what was stored: {error}"
            look = _look(asking, answered, LookResult.COULD_NOT_LOOK, message)
            self._store.record_look(look, state=asking.state)
            return look
        look = _look(asking, answered, found.result, found.message)
        self._store.record_look(
            look, state=found.state, offered=found.offered, sightings=found.sightings, changes=found.changes
        )
        return look

    def _knowledge(self, asking: Asking) -> Knowledge:
        """Return what the store holds of the target's components alone: a poll of many must not read all for each."""
        own = asking.source.name, asking.target.name
        names = sorted({component.name for component in asking.target.components})
        stored = [one for name in names for one in self._store.releases(name)]
        elsewhere = [one for one in stored if any((offer.source, offer.target) != own for offer in one.offers)]
        tags: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for one in elsewhere:
            if one.release.tag:
                tags[one.release.component, one.release.tag].add(one.release.commit)
        return Knowledge(
            known=frozenset((one.release.component, one.release.version) for one in stored),
            last={(one.release.component, one.release.version): one.release for one in stored if not one.offers},
            elsewhere=frozenset((one.release.component, one.release.version) for one in elsewhere),
            tags_elsewhere=tags,
            sighted_elsewhere=self._store.sighted_elsewhere(*own, names),
            sighted_before=self._store.places_before(names, self._began_at),
            looked_at=self._looked_at.get(own),
            words={name: option_words(self._registry.components[name]) for name in names},
        )

    def _order(self, component: str, version: str) -> Comparable:
        return self._registry.version_schemes[self._registry.components[component].scheme].key(version)


def _look(asking: Asking, answered: Answered, result: LookResult, message: str = "") -> Look:
    return Look(
        source=asking.source.name,
        target=asking.target.name,
        title=asking.target.title,
        looked_at=answered.looked_at,
        result=result,
        message=message,
        is_complete=result is not LookResult.LOOKED_IN_PART,
    )
