"""What plugins and the launcher say of this host."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker.passes.finding import Finding
from tracker.protocols.facts import HostChecks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.passes.workplace import Workplace
    from tracker.protocols import HostFacts

_LOG = logging.getLogger(__name__)


def host_findings(place: Workplace, facts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what the launcher says of itself, and what those who gather the profile's facts examined.

    Args:
        place: settings, plugins and profile.
        facts: all facts of this host.
    """
    return (*_launcher(place), *_checks(place, facts))


def _launcher(place: Workplace) -> Iterator[Finding]:
    launcher = place.launcher
    if launcher is None:
        return
    state = launcher.state()
    told = state.facts.get("launcher", launcher.name)
    found = state.reason or f"{told} runs programs for {launcher.platform}"
    yield Finding(name=f"launcher {launcher.name}", is_good=not state.reason, found=found)


def _checks(place: Workplace, facts: Mapping[str, str]) -> Iterator[Finding]:
    for name, gatherer in place.registry.host_facts.items():
        if not isinstance(gatherer, HostChecks):
            continue
        try:
            if _is_asked_for(gatherer, place.profile.host_key):
                yield from [
                    Finding(name=one.name, is_good=one.is_good, found=one.found, remedy=one.remedy)
                    for one in gatherer.checks(facts, place.config.home)
                ]
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the other findings are still true
            _LOG.warning("host checks %s failed", name, exc_info=True)
            found = f"could not be examined: {type(error).__name__}: {error}"
            yield Finding(name=f"host ({name})", is_good=False, found=found)


def _is_asked_for(gatherer: HostFacts, host_key: Iterable[str]) -> bool:
    return not set(host_key).isdisjoint(gatherer.gather())
