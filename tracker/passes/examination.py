"""What this host can and cannot do, examined piece by piece; one bad piece never hides the others."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.compatibility import UNSTATED, written
from tracker.errors import OfflineError, TrackerError
from tracker.hookspecs import API_VERSION
from tracker.model import Outcome
from tracker.passes.finding import Finding, guarded
from tracker.passes.host_examination import host_findings
from tracker.passes.judging import oldest_tools
from tracker.passes.room import bytes_to_install, least_bytes
from tracker.passes.ways import blocked, way_findings, ways_to
from tracker.passes.whole import open_runner
from tracker.passes.workplace import open_workplace
from tracker.protocols import NoNews
from tracker.registry import find
from tracker.render.search.index import can_index
from tracker.smoke.limits import mib
from tracker.store import Store, TargetState
from tracker.watch.access import Access
from tracker.watch.asking import Asking
from tracker.watch.places import watched_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.config import Config
    from tracker.http import Client
    from tracker.passes.workplace import Workplace
    from tracker.protocols import HttpClient, Source, Target

_UNKNOWN_NEED = 2 << 30
"""Bytes asked for before a first look told what there is to download."""
_WATCHING_NEED = 256 << 20
"""Bytes for a profile that only watches: store, site, histories of repositories."""


def examine(config: Config, http: Client) -> tuple[Finding, ...]:
    """Examine settings, plugins, disk, store, upstreams and the test bed; blocks while upstreams are asked."""
    source = f"{config.path}" if config.path else "no tracker.toml; defaults are used"
    findings = [Finding(name="settings", is_good=True, found=source)]
    try:
        place = open_workplace(config)
    except TrackerError as error:
        return (*findings, Finding(name="profile", is_good=False, found=error.message, remedy=error.hint))
    findings.append(Finding(name="profile", is_good=True, found=place.profile.name))
    findings += _plugins(place)
    findings += [
        Finding(name=f"plugin {problem.plugin}", is_good=False, found=problem.reason)
        for problem in place.registry.problems
    ]
    findings += [guarded("store", lambda: _store(config)), guarded("disk", lambda: _disk(place))]
    findings.append(_search(config))
    findings += _upstreams(place, http)
    findings += _guarded_bed(place, http)
    return tuple(findings)


def _plugins(place: Workplace) -> list[Finding]:
    """Return the version of the plugin API, and what third parties' plugins were made for."""
    found = [Finding(name="plugin API", is_good=True, found=written(API_VERSION))]
    for one in place.registry.outside:
        made = f"made for plugin API {one.api}" if one.api else f"states no plugin API: taken for {written(UNSTATED)}"
        found.append(Finding(name=f"plugin {one.name}", is_good=True, found=f"{one.distribution}, {made}"))
    return found


def _store(config: Config) -> Finding:
    if not config.store_path.exists():
        return Finding(name="store", is_good=True, found=f"none yet at {config.store_path}; `tracker up` makes it")
    with Store.open(config.store_path) as store:
        count = len(store.runs(limit=1))
    return Finding(name="store", is_good=True, found=f"{config.store_path} ({'has' if count else 'no'} runs)")


def _search(config: Config) -> Finding:
    """Return whether the site gets a search; it is whole without one."""
    found = "Pagefind is installed" if can_index() else "the site has none: pip install 'tracker[search]' adds it"
    return Finding(name="search", is_good=True, found=found if config.site.search else "switched off")


def _disk(place: Workplace) -> Finding:
    config = place.config
    there = next(path for path in (config.home, *config.home.parents) if path.exists())
    free = shutil.disk_usage(there).free
    need = _UNKNOWN_NEED if place.profile.scenario else _WATCHING_NEED
    if place.profile.scenario and config.store_path.exists():
        with Store.open(config.store_path) as store:
            offered = [one.release for one in store.releases(offered_only=True)]
        need = least_bytes(config) + bytes_to_install(config, offered)
    found = f"{mib(free)} free at {there}, about {mib(need)} needed for what is not here yet"
    return Finding(name="disk", is_good=free >= need, found=found, remedy="Free some space, or set paths.home.")


def _upstreams(place: Workplace, http: Client) -> Iterator[Finding]:
    access = Access(http)
    found: list[tuple[Source, Target, Mapping[str, object]]] = []
    components = [place.registry.components[name] for name in place.profile.component_names]
    for name, watched in watched_places(components).items():
        options = {**place.profile.source_options.get(name, {}), **place.config.sources.get(name, {})}
        try:
            source = find("source", place.registry.sources, name, place.registry.problems)
            found += [(source, target, options) for target in source.targets(watched, options)]
        except TrackerError as error:
            yield Finding(name=f"source {name}", is_good=False, found=error.message, remedy=error.hint)
    ways = ways_to(place, [target for _, target, _ in found])
    yield from way_findings(ways)
    for source, target, own in found:
        if way := blocked(target, ways):
            # A look would try it again and again before it says the same.
            said = f"not asked: the way to {way.url} fails"
            yield Finding(name=f"upstream {target.name}", is_good=False, found=said)
            continue
        yield guarded(f"upstream {target.name}", partial(_ask, place, source, target, own, access))


def _ask(place: Workplace, source: Source, target: Target, options: Mapping[str, object], access: Access) -> Finding:
    """Look at one upstream as a poll does, from where the last one ended, and keep nothing of it."""
    state = TargetState()
    if place.config.store_path.exists():
        with Store.open(place.config.store_path) as store:
            state = store.target_state(source.name, target.name)
    http, is_authorized = access.client_for(target.credential)
    with tempfile.TemporaryDirectory() as scratch:
        asking = Asking(
            source=source,
            target=target,
            state=state,
            options=options,
            cache_dir=Path(scratch),
            network=place.config.network,
            platforms=place.profile.asset_platforms,
        )
        try:
            said = source.poll(asking.request(http, datetime.now(UTC), is_authorized=is_authorized))
        except OfflineError as error:
            return Finding(name=f"upstream {target.name}", is_good=True, found=error.message)
    if not isinstance(said, NoNews) and said.unknown:
        unseen = f"could not see {', '.join(said.unknown)}: {said.reason}"
        return Finding(name=f"upstream {target.name}", is_good=False, found=unseen)
    token = ", with a token" if is_authorized else ""
    return Finding(
        name=f"upstream {target.name}", is_good=True, found=f"{target.title} answers{token}, and its answer holds"
    )


def _guarded_bed(place: Workplace, http: HttpClient) -> list[Finding]:
    def rights() -> Finding:
        able = runner.ability.can_isolate
        right = "elevation" if sys.platform == "win32" else "root"
        found = "every step can run" if able else f"steps that need {right} are skipped: {runner.ability.reason}"
        return Finding(name="rights", is_good=able, found=found, remedy="" if able else _rights_remedy(place))

    def bed() -> Finding:
        if not place.config.store_path.exists():
            return Finding(name="test bed", is_good=True, found="not tried: its tools are known after `tracker poll`")
        with Store.open(place.config.store_path) as store:
            said = runner.self_test(oldest_tools(place, store.releases()))
        return Finding(name="test bed", is_good=said.outcome is Outcome.PASS, found=said.reason or str(said.outcome))

    try:
        runner = open_runner(place, http)
    except TrackerError as error:
        return [Finding(name="test bed", is_good=False, found=error.message, remedy=error.hint)]
    host = [
        Finding(name="host", is_good=True, found=runner.host_key),
        *host_findings(place, runner.host_facts()),
    ]
    if not place.profile.scenario:
        watches = Finding(name="runs", is_good=True, found=f"none: the profile {place.profile.name} only watches")
        return [*host, watches]
    return [*host, guarded("rights", rights), guarded("test bed", bed)]


def _rights_remedy(place: Workplace) -> str:
    if place.launcher:
        return ""  # its own finding says what it lacks
    how = "in an elevated PowerShell" if sys.platform == "win32" else "as root"
    return f"Run `tracker up` and `tracker smoke` {how}; other commands only read and write their home."
