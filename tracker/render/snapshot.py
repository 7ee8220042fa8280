"""All that pages are made from: one immutable value, built by the caller from the store and the judgement.

The site is a pure function of it. Whatever changes from one pass to the next although nothing new is known (free
memory, the time of day) must not be in it; the times of the looks are the one exception, see ``looks.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tracker.evidence.predictions import Prediction
    from tracker.model import (
        Axis,
        Change,
        Combination,
        Component,
        Culprit,
        Declaration,
        Job,
        Profile,
        Release,
        Retraction,
        Run,
        Sighting,
        Story,
        Suspicion,
        Verdict,
        Waiver,
    )
    from tracker.protocols import SitePage
    from tracker.render.hosts import SiteHost


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOffer:
    """A place that offers a release now.

    Attributes:
        source: the source that watches it.
        target: what the source looks at.
        line: the supported line.
        channel: the exact place inside the line.
        since: aware UTC time of the look that first showed it there.
    """

    source: str
    target: str
    line: str
    channel: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRelease:
    """A release with what the store knows of it.

    Attributes:
        release: as the newest look showed it.
        first_seen_at: aware UTC time of the first look that showed it.
        offers: where it is offered now; empty when it is no longer offered anywhere.
    """

    release: Release
    first_seen_at: datetime
    offers: tuple[SiteOffer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLook:
    """The last look at one target.

    Attributes:
        source: the source that looked.
        target: what it looked at, unique within the source.
        title: the target in words.
        looked_at: aware UTC.
        result: ``"news"``, ``"no news"``, ``"could not look"`` or ``"awaiting confirmation"``.
        message: why it could not look, or what waits for confirmation.
        is_complete: the whole answer was read.
    """

    source: str
    target: str
    title: str
    looked_at: datetime
    result: str
    message: str = ""
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What is known at one instant about one profile on one host.

    Attributes:
        title: heading of the site.
        profile: what is combined and demonstrated.
        components: all components of the profile, by name.
        axes: the live values, newest first, in the profile's order of factors.
        host_key: the host facts between which nothing clears or proves, as ``fact=value`` pairs.
        host_title: the host in words.
        host_facts: further facts of the host that stay the same from pass to pass.
        releases: all known releases of the profile's components; of one component, newest first.
        changes: the ledger: news, newest first, then the history that first looks found, newest first.
        runs: whole, with steps, logs, environment and artifacts, newest first.
        verdicts: by combination and capability: all live combinations up to the caller's bound, and all that ran.
        newest_working: the newest combination that demonstrates a capability, by capability; left out where none does.
        looks: the last look at each target.
        plugin_pages: pages that plugins add.
        sightings: the last state of everything besides releases that was seen.
        declarations: what upstreams and others declare, strongest kind first.
        predictions: those of them that runs can bear out, in the same order.
        culprits: what is known not to fit, by capability and values.
        suspicions: failures whose cause is not separated.
        recipes: how to install a combination by hand, as Markdown, by combination.
        stories: what became of the pull requests that somebody waits for, in the order of the profile.
        matrix: the verdict document, published as ``matrix.json``.
        live_total: how many live combinations there are, also those beyond the bound.
        hosts: every host of which there is evidence, the snapshot's own first; empty where nothing can be run.
        cells: verdicts of combinations that have no page of their own, for the cells of pairs of factors.
        reproductions: the failure beside its passing twin, as Markdown, by the key of what does not fit.
        waivers: failures that persons accept now.
        retractions: runs that say nothing any more, by run.
        revoked: how often a pass took back what was published as not fitting, by its key.
        queue: jobs that wait, most urgent first.
        address: where the site is read, with a slash at the end; empty where nobody said.
        report: where a mistake is told: a web address or a mail address; empty where nobody said.
    """

    title: str
    profile: Profile
    components: Mapping[str, Component]
    axes: tuple[Axis, ...]
    host_key: str
    host_title: str
    host_facts: Mapping[str, str] = field(default_factory=dict)
    releases: tuple[SiteRelease, ...] = ()
    changes: tuple[Change, ...] = ()
    runs: tuple[Run, ...] = ()
    verdicts: Mapping[Combination, Mapping[str, Verdict]] = field(default_factory=dict)
    newest_working: Mapping[str, Combination] = field(default_factory=dict)
    looks: tuple[SiteLook, ...] = ()
    plugin_pages: tuple[SitePage, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    culprits: tuple[Culprit, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    recipes: Mapping[Combination, str] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    matrix: Mapping[str, object] = field(default_factory=dict)
    live_total: int = 0
    hosts: tuple[SiteHost, ...] = ()
    cells: Mapping[Combination, Mapping[str, Verdict]] = field(default_factory=dict)
    reproductions: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    revoked: Mapping[str, int] = field(default_factory=dict)
    queue: tuple[Job, ...] = ()
    address: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginView:
    """The part of a snapshot that the pages of plugins may read (``SiteView``)."""

    releases: tuple[Release, ...]
    changes: tuple[Change, ...]
    runs: tuple[Run, ...]
    verdicts: tuple[Verdict, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> PluginView:
        """Return the view; verdicts in order of combination, then of the chain of capabilities."""
        return cls(
            releases=tuple(known.release for known in snapshot.releases),
            changes=snapshot.changes,
            runs=snapshot.runs,
            verdicts=tuple(
                verdicts[capability]
                for _, verdicts in sorted(snapshot.verdicts.items(), key=lambda item: item[0])
                for capability in snapshot.profile.capabilities
                if capability in verdicts
            ),
        )
