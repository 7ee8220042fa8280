"""Every hook of the tracker.

Hooks register named objects and do no work: no network, no files, no clock. The host calls each object later, in
a guard of its own, so that one broken plugin never stops another. All hooks are plain functions (no ``async``),
called once for each start, in no particular order; the host sorts what they return by name. A plugin that has
nothing to add leaves the hook out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Component, Profile
    from tracker.protocols import (
        DeclaredEvidence,
        EnvironmentBuilder,
        HostFacts,
        Installer,
        Launcher,
        Scenario,
        SitePage,
        Source,
        VersionScheme,
    )

PROJECT = "tracker"
"""Name of the pluggy project and of the entry-point group of third parties' plugins."""

API_VERSION: Final = (1, 0)
"""Of what plugins import and are handed. The first number grows when a plugin that worked would not any more, the
second when something is added."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def tracker_components() -> Iterable[Component]:  # type: ignore[empty-body]
    """Return the components that this plugin knows.

    A component's ``source``, ``scheme`` and ``installer`` may come from another plugin.
    """


@hookspec
def tracker_sources() -> Iterable[Source]:  # type: ignore[empty-body]
    """Return the kinds of upstream that this plugin can ask."""


@hookspec
def tracker_version_schemes() -> Iterable[VersionScheme]:  # type: ignore[empty-body]
    """Return the orders of versions that this plugin knows."""


@hookspec
def tracker_installers() -> Iterable[Installer]:  # type: ignore[empty-body]
    """Return the ways in which this plugin puts an asset into a prefix."""


@hookspec
def tracker_environment_builders() -> Iterable[EnvironmentBuilder]:  # type: ignore[empty-body]
    """Return the ways in which this plugin makes one environment of several parts of a combination."""


@hookspec
def tracker_scenarios() -> Iterable[Scenario]:  # type: ignore[empty-body]
    """Return the smoke recipes that this plugin brings."""


@hookspec
def tracker_profiles() -> Iterable[Profile]:  # type: ignore[empty-body]
    """Return the profiles that this plugin ships: what is combined, and what is demonstrated."""


@hookspec
def tracker_host_facts() -> Iterable[HostFacts]:  # type: ignore[empty-body]
    """Return the gatherers of host facts that this plugin brings; profiles name the facts of their host key."""


@hookspec
def tracker_launchers() -> Iterable[Launcher]:  # type: ignore[empty-body]
    """Return what runs the programs of another platform on this one."""


@hookspec
def tracker_site_pages() -> Iterable[SitePage]:  # type: ignore[empty-body]
    """Return the pages that this plugin adds to the site, each published as ``NAME.md`` and ``NAME.html``."""


@hookspec
def tracker_declared_evidence() -> Iterable[DeclaredEvidence]:  # type: ignore[empty-body]
    """Return the readers of what upstreams and others declare; it orders the queue and paints no cell."""
