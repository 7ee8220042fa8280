"""From the store and a judgement to what the site is made from."""

from __future__ import annotations

from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

from tracker.evidence.newest import newest_working
from tracker.evidence.predictions import predictions
from tracker.model import Combination
from tracker.passes.declaring import collect_declared, expectations, strongest_first, with_expectations
from tracker.passes.picks import cells, site_hosts
from tracker.passes.recipes import recipes
from tracker.passes.showing import reproductions
from tracker.passes.stories import tell_stories
from tracker.passes.versions import newest_first
from tracker.passes.waivers import open_waivers
from tracker.protocols.site_page import Answering
from tracker.render import SiteLook, SiteOffer, SiteRelease, Snapshot
from tracker.snapshot import to_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.declared import Expectations
    from tracker.model import Axis, Run, Verdict
    from tracker.passes.elsewhere import Elsewhere
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.snapshot import VerdictSnapshot
    from tracker.store import Look, Store, StoredRelease

_MOST_COMBINATIONS = 2000
"""Live combinations beyond this many get a page only when they were run; the product of axes has no bound."""
_MOST_RUNS = 5000


def site_snapshot(
    place: Workplace,
    store: Store,
    runner: Runner,
    judged: Judged,
    known: VerdictSnapshot,
    elsewhere: Sequence[Elsewhere] = (),
) -> Snapshot:
    """Return all that pages are made from, for this profile and host; ``known`` is published with them.

    Args:
        place: settings, plugins, profile.
        store: what was seen and run.
        runner: tells this host.
        judged: what is known on it.
        known: the same for ``check``.
        elsewhere: what is known on other hosts.
    """
    profile, facts = place.profile, runner.host_facts()
    components = {name: place.registry.components[name] for name in profile.component_names}
    runs = store.runs(profile=profile.name, limit=_MOST_RUNS)
    sightings = store.sightings()
    declared = collect_declared(place, judged.releases, sightings)
    book = expectations(place, declared, judged.releases, today=judged.judgement.now.date())
    verdicts = _verdicts(judged, profile.capabilities, book)
    whole = tuple(run for run in (store.run(one.id) for one in runs) if run is not None)
    return Snapshot(
        title=place.config.site_title,
        profile=profile,
        components=components,
        axes=judged.axes,
        host_key=runner.host_key,
        host_title=known.host_title,
        host_facts=facts,
        releases=tuple(_site_release(one) for one in _ordered(place, judged)),
        changes=(*store.changes(include_baseline=False), *(one for one in store.changes() if one.is_baseline)),
        runs=whole,
        verdicts=verdicts,
        cells=cells(profile, judged, verdicts),
        hosts=site_hosts(place, judged, known, elsewhere),
        newest_working={
            need: found
            for need in profile.capabilities
            if (found := newest_working(judged.axes, judged.judgement, need)) is not None
        },
        sightings=tuple(one for one in sightings if one.component in components),
        declarations=tuple(strongest_first(declared.declarations)),
        stories=tell_stories(place, sightings, judged.releases, runs),
        looks=tuple(_site_look(look) for look in store.last_looks()),
        predictions=tuple(
            predictions(strongest_first(declared.declarations), [one for one in whole if _is_here(one, runner)], book)
        ),
        culprits=judged.judgement.culprits,
        suspicions=judged.judgement.suspicions,
        recipes=recipes(place, judged, {one.combination for one in whole}),
        plugin_pages=tuple(
            page
            for page in place.registry.site_pages.values()
            if not isinstance(page, Answering) or profile.name in page.profiles
        ),
        matrix=to_document(known),
        live_total=prod(len(axis.values) for axis in judged.axes),
        reproductions=reproductions(place, judged),
        waivers=open_waivers(place, store, judged),
        retractions=store.corrections.retractions(),
        revoked=store.blamed(profile=profile.name, host_key=runner.host_key).revocations(),
        queue=store.queued_jobs(profile.name),
        address=place.config.site_address,
        report=place.config.site_report,
    )


def _is_here(run: Run, runner: Runner) -> bool:
    return run.key.host_key == runner.host_key and run.outcome is not None


def _ordered(place: Workplace, judged: Judged) -> list[StoredRelease]:
    ordered: list[StoredRelease] = []
    for name in place.profile.component_names:
        own = [one for one in judged.releases if one.release.component == name]
        ordered += newest_first(own, place.registry)
    return ordered


def _verdicts(
    judged: Judged, capabilities: tuple[str, ...], book: Expectations
) -> dict[Combination, dict[str, Verdict]]:
    combinations = {*_live(judged.axes), *(trial.combination for trial in judged.trials)}
    return {
        one: with_expectations({need: judged.judgement.verdict(one, need) for need in capabilities}, book)
        for one in sorted(combinations)
    }


def _live(axes: tuple[Axis, ...]) -> set[Combination]:
    rows = product(*(axis.values for axis in axes))
    return {Combination.of(values) for values in islice(rows, _MOST_COMBINATIONS)}


def _site_release(stored: StoredRelease) -> SiteRelease:
    offers = tuple(
        SiteOffer(source=one.source, target=one.target, line=one.line, channel=one.channel, since=one.since)
        for one in stored.offers
    )
    return SiteRelease(release=stored.release, first_seen_at=stored.first_seen_at, offers=offers)


def _site_look(look: Look) -> SiteLook:
    return SiteLook(
        source=look.source,
        target=look.target,
        title=look.title,
        looked_at=look.looked_at,
        result=str(look.result),
        message=look.message,
        is_complete=look.is_complete,
    )
