"""Asks cheaply, for many targets at once, whether anything changed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.protocols import BatchSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.protocols import PollRequest, Source

_log = logging.getLogger(__name__)


def survey(source: Source, requests: Sequence[PollRequest]) -> Mapping[str, str]:
    """Return what the source says of its targets by name; nothing when it cannot: then each one is asked by itself.

    The requests are of one credential. A survey that fails is no failed look: the looks themselves tell what is wrong.
    """
    if not requests or not isinstance(source, BatchSource):
        return {}
    try:
        return {str(name): str(hint) for name, hint in source.survey(requests).items()}
    except TrackerError as error:
        _log.info("the survey of source %s learned nothing: %s", source.name, error.message)
    except Exception:  # noqa: BLE001 - a plugin may fail in any way; the others must go on
        _log.exception("the survey of source %s failed", source.name)
    return {}
