"""Looks at every upstream that a profile needs, each in a guard of its own."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, TrackerError
from tracker.protocols import NoNews
from tracker.registry import find
from tracker.store import Look, LookResult, TargetState
from tracker.watch.asking import Answered, Asking, Failed, ask, plugin_failure, told
from tracker.watch.reconcile import Knowledge, reconcile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tracker.config import Config
    from tracker.model import Component, Profile
    from tracker.protocols import HttpClient, Observed
    from tracker.protocols.ordering import Comparable
    from tracker.registry import Registry
    from tracker.store import Store

_MOST_AT_ONCE = 4
_RETIRED = "no longer asked: the configuration does not name it any more"


def poll_all(  # noqa: PLR0913 - each is a part that a test replaces by another real one
    registry: Registry,
    profile: Profile,
    config: Config,
    store: Store,
    http: HttpClient,
    *,
    now: Callable[[], datetime],
    on_event: Callable[[Look], None],
) -> tuple[Look, ...]:
    """Look at every target of the profile's components once and write what was seen; blocks.

    A target that cannot be looked at changes nothing but its own record of looks, and stops no other one.

    Args:
        registry: where components, sources and schemes are found.
        profile: whose components are watched.
        config: options of the sources, and where their caches lie.
        store: what was seen before; what is seen now is written there, one transaction for each target.
        http: the client that sources use.
        now: tells the aware UTC time.
        on_event: called in this thread with each look, as soon as it is written.

    Returns:
        The looks, by source and then in the source's own order of targets.

    Raises:
        ConfigError: a source cannot be told where to ask; the other sources were asked before it is raised.
        PluginError: the profile rests on a component or scheme that no plugin provides.
        StoreError: what was seen cannot be written.
    """
    polling = _Polling(registry=registry, config=config, store=store, http=http, now=now)
    needed = [find("component", registry.components, name, registry.problems) for name in profile.component_names]
    for component in needed:
        find("version scheme", registry.version_schemes, component.scheme, registry.problems)
    looks: list[Look] = []
    for look in polling.looks(profile, needed):
        on_event(look)
        looks.append(look)
    if polling.misconfigured:
        raise polling.misconfigured[0]
    return tuple(looks)


class _Polling:
    def __init__(
        self, *, registry: Registry, config: Config, store: Store, http: HttpClient, now: Callable[[], datetime]
    ) -> None:
        self._registry = registry
        self._config = config
        self._store = store
        self._http = http
        self._now = now
        self.misconfigured: list[ConfigError] = []

    def looks(self, profile: Profile, needed: Sequence[Component]) -> Iterator[Look]:
        askings: list[Asking] = []
        for name in sorted({component.source for component in needed}):
            components = [component for component in needed if component.source == name]
            planned = self._plan(name, profile, components)
            if isinstance(planned, Look):
                yield planned
            else:
                askings += planned
                yield from self._retire(name, {one.target.name for one in planned})
        yield from self._ask_all(askings)

    def _plan(self, name: str, profile: Profile, components: Sequence[Component]) -> list[Asking] | Look:
        """Return the looks to make at one source, or the look that says why none can be made."""
        options = {**profile.source_options.get(name, {}), **self._config.sources.get(name, {})}
        try:
            source = find("source", self._registry.sources, name, self._registry.problems)
            targets = source.targets(components, options)
        except ConfigError as error:
            self.misconfigured.append(error)
            return self._unplanned(name, told(error))
        except TrackerError as error:
            return self._unplanned(name, told(error))
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the others must go on
            return self._unplanned(name, plugin_failure(name, error))
        return [
            Asking(
                source=source,
                target=target,
                state=self._store.target_state(name, target.name),
                options=options,
                cache_dir=self._config.home / "cache" / "sources" / name,
            )
            for target in targets
        ]

    def _unplanned(self, source: str, message: str) -> Look:
        # It is not written: no later look at a target would ever replace it.
        return Look(
            source=source,
            target="",
            title=f"source {source}",
            looked_at=self._now(),
            result=LookResult.COULD_NOT_LOOK,
            message=message,
        )

    def _retire(self, source: str, asked: set[str]) -> Iterator[Look]:
        """End the offers of targets that are asked no more: what they last said is no longer looked after."""
        for last in self._store.last_looks():
            if last.source == source and last.target not in asked and last.message != _RETIRED:
                look = Look(
                    source=source,
                    target=last.target,
                    title=last.title,
                    looked_at=self._now(),
                    result=LookResult.NO_NEWS,
                    message=_RETIRED,
                )
                self._store.record_look(look, state=TargetState(), offered=())
                yield look

    def _ask_all(self, askings: Sequence[Asking]) -> Iterator[Look]:
        if not askings:
            return
        pool = ThreadPoolExecutor(max_workers=min(_MOST_AT_ONCE, os.cpu_count() or 1), thread_name_prefix="poll")
        try:
            answers = [pool.submit(ask, one, self._registry, self._http, self._now()) for one in askings]
            for asking, answer in zip(askings, answers, strict=True):
                yield self._write(asking, answer.result())
        finally:
            pool.shutdown(cancel_futures=True)

    def _write(self, asking: Asking, answered: Answered) -> Look:
        answer = answered.answer
        if isinstance(answer, Failed):
            look = _look(asking, answered, LookResult.COULD_NOT_LOOK, answer.message)
            self._store.record_look(look, state=asking.state)
        elif isinstance(answer, NoNews):
            look = _look(asking, answered, LookResult.NO_NEWS)
            self._store.record_look(look, state=asking.state)
        else:
            look = self._reconcile(asking, answered, answer)
        return look

    def _reconcile(self, asking: Asking, answered: Answered, observed: Observed) -> Look:
        found = reconcile(
            asking.state,
            self._store.offered(asking.source.name, asking.target.name),
            observed,
            knowledge=self._knowledge(asking),
            order=self._order,
            now=answered.looked_at,
        )
        look = _look(asking, answered, found.result, found.message)
        self._store.record_look(look, state=found.state, offered=found.offered, changes=found.changes)
        return look

    def _knowledge(self, asking: Asking) -> Knowledge:
        own = (asking.source.name, asking.target.name)
        releases = self._store.releases()
        return Knowledge(
            known=frozenset((one.release.component, one.release.version) for one in releases),
            elsewhere=frozenset(
                (one.release.component, one.release.version)
                for one in releases
                if any((offer.source, offer.target) != own for offer in one.offers)
            ),
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
    )
