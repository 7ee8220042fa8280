"""``components/NAME.json``: what is known of one component, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.evidence.verdict_document import time_document
from tracker.render import places

if TYPE_CHECKING:
    from tracker.model import Asset, Component, Culprit, Value
    from tracker.render.knowledge import Knowledge
    from tracker.render.snapshot import SiteRelease

SCHEMA = "component/1"


def path(name: str) -> str:
    """Return the file of the component called ``name``."""
    return f"{places.component(name)}.json"


def document(known: Knowledge, component: Component) -> dict[str, Any]:
    """Return the component as JSON values; releases newest first, times ISO 8601 in UTC, addresses as they are."""
    snapshot = known.snapshot
    factors = [factor.name for factor in known.factors if component.name in factor.components]
    return {
        "schema": SCHEMA,
        "name": component.name,
        "title": component.title,
        "homepage": component.homepage,
        "page": f"{places.component(component.name)}.html",
        "profile": snapshot.profile.name,
        "host_key": snapshot.host_key,
        "host_title": snapshot.host_title,
        "capability": known.asked,
        "factors": factors,
        "recommended": _recommended(known, component),
        "releases": [_release(known, one) for one in known.releases_of(component.name)],
        "misfits": [
            _misfit(known, one)
            for one in sorted(snapshot.culprits, key=lambda one: one.key)
            if any(value.component == component.name for value in one.values)
        ],
    }


def _recommended(known: Knowledge, component: Component) -> str | None:
    """Return its version in the newest combination that demonstrates what is asked; ``None`` where there is none."""
    newest = known.snapshot.newest_working.get(known.asked)
    versions = [value.version for value in newest or () if value.component == component.name]
    return versions[0] if versions else None


def _release(known: Knowledge, one: SiteRelease) -> dict[str, Any]:
    release = one.release
    held = [combination for value in known.values_of(one) for combination in known.holding(value)]
    return {
        "version": release.version,
        "upstream_version": release.upstream_version,
        "line": release.line,
        "prerelease": release.is_prerelease,
        "page": f"{places.release(release.component, release.version)}.html",
        "url": release.url,
        "tag": release.tag,
        "commit": release.commit,
        "published_at": time_document(release.published_at),
        "first_seen_at": time_document(one.first_seen_at),
        "offers": [
            {
                "source": offer.source,
                "target": offer.target,
                "line": offer.line,
                "channel": offer.channel,
                "since": time_document(offer.since),
            }
            for offer in one.offers
        ],
        "assets": [_asset(asset) for asset in release.assets],
        "verdicts": dict(known.tally(known.verdict(combination, known.asked) for combination in held)),
    }


def _asset(asset: Asset) -> dict[str, Any]:
    digests = [digest for digest in (asset.digest, *asset.further_digests) if digest]
    return {
        "name": asset.name,
        "url": asset.url,
        "size": asset.size,
        "digests": digests,
        "role": asset.role.value,
        "platform": asset.platform,
        "distrust": asset.distrust,
    }


def _misfit(known: Knowledge, culprit: Culprit) -> dict[str, Any]:
    return {
        "capability": culprit.capability,
        "page": f"{places.misfit(culprit.key)}.html",
        "values": [_value(value) for value in culprit.values],
        "context": [_value(value) for value in culprit.context],
        "standing": culprit.standing.value,
        "sentence": culprit.sentence,
        "cause": culprit.cause,
        "runs": [run_id for run_id in culprit.failure.runs if known.run(run_id)],
        "since": time_document(culprit.since),
        "observed_at": time_document(culprit.observed_at),
        "fresh_until": time_document(culprit.fresh_until),
    }


def _value(value: Value) -> dict[str, str]:
    return {"factor": value.factor, "component": value.component, "version": value.version}
