"""Asks one target, and lets no failure of a plugin past."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.protocols import NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tracker.protocols import HttpClient, Source, Target
    from tracker.registry import Registry
    from tracker.store import TargetState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One look that is to be made.

    Attributes:
        source: whom to ask.
        target: for what.
        state: what is remembered of the target.
        options: the source's options.
        cache_dir: the source's own directory.
    """

    source: Source
    target: Target
    state: TargetState
    options: Mapping[str, object]
    cache_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The target could not be looked at; ``message`` says why."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer of any kind, and when it was asked for: aware UTC."""

    answer: NoNews | Observed | Failed
    looked_at: datetime


def ask(asking: Asking, registry: Registry, http: HttpClient, now: datetime) -> Answered:
    """Make one look; blocks, and raises nothing for a fault of source or upstream."""
    request = PollRequest(
        target=asking.target,
        http=http,
        cursor=asking.state.cursor,
        options=asking.options,
        cache_dir=asking.cache_dir,
        now=now,
    )
    try:
        said = asking.source.poll(request)
        if not isinstance(said, NoNews):
            _check(said, asking, registry)
        answer: NoNews | Observed | Failed = said
    except TrackerError as error:
        answer = Failed(message=told(error))
    except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the others must go on
        _log.exception("source %s failed at %s", asking.source.name, asking.target.name)
        answer = Failed(message=plugin_failure(asking.source.name, error))
    return Answered(answer=answer, looked_at=now)


def told(error: TrackerError) -> str:
    """Return the error in one line."""
    whole = f"{error.message.rstrip('.')}. {error.hint}" if error.hint else error.message
    return " ".join(whole.split())


def plugin_failure(source: str, error: Exception) -> str:
    """Return what a person reads when a plugin fails in a way that it may not."""
    return f"the plugin of source '{source}' failed: {type(error).__name__}: {error}"


def _check(observed: Observed, asking: Asking, registry: Registry) -> None:
    """Return when the answer keeps to the contract, so that whatever is stored can be ordered.

    Raises:
        ValueError: it does not.
    """
    schemes = {one.name: registry.version_schemes[one.scheme] for one in asking.target.components}
    seen: set[tuple[str, str, str, str]] = set()
    for release in observed.releases:
        if release.component not in schemes:
            message = f"it tells of {release.component}, which it was not asked about"
            raise ValueError(message)
        schemes[release.component].key(release.version)
        place = (release.component, release.version, release.line, release.channel)
        if place in seen:
            message = f"it tells of {release.component} {release.version} twice"
            raise ValueError(message)
        seen.add(place)
