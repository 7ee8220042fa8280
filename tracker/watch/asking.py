"""Asks one target, and lets no failure of a plugin past."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import OfflineError, RateLimitedError, TrackerError
from tracker.protocols import NoNews, Observed, PollRequest
from tracker.watch.answers import check_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tracker.protocols import HttpClient, NetworkSettings, Source, Target
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
        network: how programs reach other machines.
        platforms: whose assets are wanted.
        hint: what the source's survey said of the target.
        commits: commits whose way into tags is wanted.
    """

    source: Source
    target: Target
    state: TargetState
    options: Mapping[str, object]
    cache_dir: Path
    network: NetworkSettings
    platforms: tuple[str, ...] = ()
    hint: str = ""
    commits: tuple[tuple[str, str], ...] = ()

    def request(self, http: HttpClient, now: datetime, *, is_authorized: bool) -> PollRequest:
        """Return what the source is handed."""
        return PollRequest(
            target=self.target,
            http=http,
            cursor=self.state.cursor,
            options=self.options,
            cache_dir=self.cache_dir,
            now=now,
            network=self.network,
            platforms=self.platforms,
            is_authorized=is_authorized,
            hint=self.hint,
            commits=self.commits,
        )

    def hinted(self, hint: str) -> Asking:
        """Return the same with what the survey said."""
        return replace(self, hint=hint)

    def following(self, commits: tuple[tuple[str, str], ...]) -> Asking:
        """Return the same with the commits to follow."""
        return replace(self, commits=commits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The target could not be looked at; ``message`` says why.

    Attributes:
        is_withheld: nobody was asked, since ``[network] offline`` is set: that is no failure, and no look either.
    """

    message: str
    is_withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer of any kind, and when it was asked for: aware UTC."""

    answer: NoNews | Observed | Failed
    looked_at: datetime


def ask(asking: Asking, request: PollRequest, registry: Registry) -> Answered:
    """Make one look; blocks, and raises nothing for a fault of source or upstream."""
    try:
        said = asking.source.poll(request)
        if not isinstance(said, NoNews):
            check_answer(said, asking.target, registry)
        answer: NoNews | Observed | Failed = said
    except TrackerError as error:
        answer = Failed(message=told(error), is_withheld=isinstance(error, OfflineError))
    except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the others must go on
        _log.exception("source %s failed at %s", asking.source.name, asking.target.name)
        answer = Failed(message=plugin_failure(asking.source.name, error))
    return Answered(answer=answer, looked_at=request.now)


def told(error: TrackerError) -> str:
    """Return the error in one line; one that asks to wait says until when."""
    message = error.message
    if isinstance(error, RateLimitedError):
        until = f"{error.retry_at:%Y-%m-%d %H:%M:%S} UTC"
        message += "" if until in message else f"; not to be asked before {until}"
    return " ".join((f"{message.rstrip('.')}. {error.hint}" if error.hint else message).split())


def plugin_failure(source: str, error: Exception) -> str:
    """Return what a person reads when a plugin fails in a way that it may not."""
    return f"the plugin of source '{source}' failed: {type(error).__name__}: {error}"
