"""Looks at every upstream that a profile needs, each in a guard of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import ConfigError, TrackerError
from tracker.registry import find
from tracker.store import Look, LookResult, TargetState
from tracker.watch.asking import Asking, plugin_failure, told
from tracker.watch.follow_up import commits_of
from tracker.watch.places import watched_places
from tracker.watch.round import Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.config import Config
    from tracker.http import Client
    from tracker.model import Component, Profile
    from tracker.registry import Registry
    from tracker.store import Store

_RETIRED = "no longer asked: the configuration does not name it any more"


def poll_all(  # noqa: PLR0913 - each is a part that a test replaces by another real one
    registry: Registry,
    profile: Profile,
    config: Config,
    store: Store,
    http: Client,
    *,
    now: Callable[[], datetime],
    on_event: Callable[[Look], None],
) -> tuple[Look, ...]:
    """Look at every target of the profile's components once and write what was seen; blocks.

    A target that cannot be looked at changes nothing but its own record of looks, and stops no other one. Follow-up
    targets are asked after all others.

    Args:
        registry: where components, sources and schemes are found.
        profile: whose components are watched.
        config: options of the sources, and where their caches lie.
        store: what was seen before; what is seen now is written there, one transaction for each target.
        http: the client that sources use; those that need a token get a view of it that sends one.
        now: tells the aware UTC time.
        on_event: called in this thread with each look, as soon as it is written.

    Returns:
        The looks, by source and then in the source's own order of targets; follow-up targets likewise behind them.

    Raises:
        ConfigError: a source cannot be told where to ask; the other sources were asked before it is raised.
        PluginError: the profile rests on a component or scheme that no plugin provides.
        StoreError: what was seen cannot be written.
    """
    needed = [find("component", registry.components, name, registry.problems) for name in profile.component_names]
    for component in needed:
        find("version scheme", registry.version_schemes, component.scheme, registry.problems)
    polling = _Polling(registry, profile, config, store, http, now)
    looks: list[Look] = []
    for look in polling.looks(watched_places(needed)):
        on_event(look)
        looks.append(look)
    if polling.misconfigured:
        raise polling.misconfigured[0]
    return tuple(looks)


class _Polling:
    def __init__(
        self,
        registry: Registry,
        profile: Profile,
        config: Config,
        store: Store,
        http: Client,
        now: Callable[[], datetime],
    ) -> None:
        self._registry = registry
        self._profile = profile
        self._config = config
        self._store = store
        self._now = now
        self._round = Round(registry=registry, store=store, http=http, now=now)
        self.misconfigured: list[ConfigError] = []

    def looks(self, places: Mapping[str, Sequence[Component]]) -> Iterator[Look]:
        askings: list[Asking] = []
        for name, components in places.items():
            planned = self._plan(name, components)
            if isinstance(planned, Look):
                yield planned
            else:
                askings += planned
                if not self._config.network.offline:
                    # What came in by a bundle may be asked elsewhere by another name than here.
                    yield from self._retire(name, {one.target.name for one in planned})
        yield from self._round.ask_all([one for one in askings if not one.target.is_follow_up])
        yield from self._round.ask_all([self._followed(one) for one in askings if one.target.is_follow_up])

    def _plan(self, name: str, components: Sequence[Component]) -> list[Asking] | Look:
        """Return the looks to make at one source, or the look that says why none can be made."""
        options = {**self._profile.source_options.get(name, {}), **self._config.sources.get(name, {})}
        try:
            source = find("source", self._registry.sources, name, self._registry.problems)
            targets = source.targets(components, options)
        except ConfigError as error:
            if self._config.network.offline:
                # A machine that asks nobody need not know whom it would ask.
                return self._unplanned(name, told(error), LookResult.WITHHELD)
            self.misconfigured.append(error)
            return self._unplanned(name, told(error))
        except TrackerError as error:
            return self._unplanned(name, told(error))
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the others must go on
            return self._unplanned(name, plugin_failure(name, error))
        remembered = self._store.target_states(name)
        return [
            Asking(
                source=source,
                target=target,
                state=remembered.get(target.name, TargetState()),
                options=options,
                cache_dir=self._config.home / "cache" / "sources" / name,
                network=self._config.network,
                platforms=self._profile.asset_platforms,
            )
            for target in targets
        ]

    def _followed(self, asking: Asking) -> Asking:
        components = asking.target.components
        sightings = [one for name in sorted({one.name for one in components}) for one in self._store.sightings(name)]
        return asking.following(commits_of(components, sightings))

    def _unplanned(self, source: str, message: str, result: LookResult = LookResult.COULD_NOT_LOOK) -> Look:
        # It is not written: no later look at a target would ever replace it.
        return Look(
            source=source,
            target="",
            title=f"source {source}",
            looked_at=self._now(),
            result=result,
            message=message,
        )

    def _retire(self, source: str, asked: set[str]) -> Iterator[Look]:
        """End what targets that are asked no more offer and show: it is no longer looked after."""
        for last in self._round.last_looks:
            if last.source == source and last.target not in asked and last.message != _RETIRED:
                look = Look(
                    source=source,
                    target=last.target,
                    title=last.title,
                    looked_at=self._now(),
                    result=LookResult.NO_NEWS,
                    message=_RETIRED,
                )
                self._store.record_look(look, state=TargetState(), offered=(), sightings=())
                yield look
