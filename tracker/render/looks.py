"""The times of the last looks, and when they are worth a rewrite.

Everything else on the site changes only when something new is known. The times of the looks change with every poll,
so they live in ``health.json``, ``health.md`` and ``health.html`` alone, and these are rewritten only when a target
is looked at with another result than before (it could not be looked at, or can be again), when the set of targets
changes, or when the published times are older than the newest look by the health interval. So a second pass right
after the first rewrites no file, and a reader can still see within that interval whether the watcher is alive.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.render.snapshot import SiteLook

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = 1
LOOKED = "looked"
_ANSWERED = ("news", "no news")


def state(look: SiteLook) -> str:
    """Return ``"looked"`` whether or not there was news, else the look's own result."""
    return LOOKED if look.result in _ANSWERED else look.result


def to_publish(current: Sequence[SiteLook], published: bytes | None, *, interval: timedelta) -> tuple[SiteLook, ...]:
    """Return the looks to publish: the ``published`` ones while they are still good enough, else the current ones.

    Args:
        current: the last look at each target.
        published: the ``health.json`` of the site as it is; ``None`` when there is none.
        interval: how old the published times may get.
    """
    ordered = tuple(sorted((_settled(look) for look in current), key=lambda look: (look.source, look.target)))
    before = _read(published)
    if before is None or [_lasting(look) for look in before] != [_lasting(look) for look in ordered]:
        return ordered
    newest, shown = _newest(ordered), _newest(before)
    # Published times later than any look were told by a clock that was set back since.
    return ordered if newest and shown and not timedelta() <= newest - shown < interval else before


def encode(looks: Sequence[SiteLook]) -> bytes:
    """Return the bytes of ``health.json``."""
    document = {"schema": SCHEMA, "looks": [_to_json(look) for look in looks]}
    return (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def _settled(look: SiteLook) -> SiteLook:
    """Whether a look brought news is told by the ledger; its words would change the page with every poll."""
    shown = look.message if state(look) != LOOKED or not look.is_complete else ""
    return SiteLook(
        source=look.source,
        target=look.target,
        title=look.title,
        looked_at=look.looked_at.astimezone(UTC),
        result=state(look),
        message=shown,
        is_complete=look.is_complete,
    )


def _lasting(look: SiteLook) -> tuple[object, ...]:
    return (look.source, look.target, look.title, look.result, look.message, look.is_complete)


def _newest(looks: Sequence[SiteLook]) -> datetime | None:
    return max((look.looked_at for look in looks), default=None)


def _to_json(look: SiteLook) -> dict[str, object]:
    return {
        "source": look.source,
        "target": look.target,
        "title": look.title,
        "looked_at": look.looked_at.isoformat(),
        "result": look.result,
        "message": look.message,
        "is_complete": look.is_complete,
    }


def _read(published: bytes | None) -> tuple[SiteLook, ...] | None:
    """A file that was cut off or edited counts as none: it is written anew."""
    try:
        document = json.loads(published or b"")
        return tuple(
            SiteLook(**{**entry, "looked_at": datetime.fromisoformat(entry["looked_at"]).astimezone(UTC)})
            for entry in document["looks"]
        )
    except (ValueError, TypeError, KeyError):
        return None
