"""Makes a home fit for a pass: a sound store, nothing left of killed processes, room on the disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from tracker.errors import LockedError, StoreDamagedError, StoreError
from tracker.passes.lock import Work, only_one
from tracker.passes.room import require_room
from tracker.smoke.leftovers import scratch_directory, tidy_home
from tracker.store import Backups, find_damage, restore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.passes.events import PassEvents
    from tracker.passes.workplace import Workplace

_T = TypeVar("_T")


def in_good_order(
    place: Workplace, events: PassEvents, works: Sequence[Work], work: Callable[[], _T]
) -> tuple[_T, tuple[str, ...]]:
    """Hold the home, mend it, do ``work`` in it, and return what came of it and what had to be mended.

    A store that turns out to be damaged amid the work is restored, and the work is done once more.

    Args:
        place: settings and profile.
        events: hears of what is mended.
        works: what the work does with the home; everything when it is empty.
        work: opens the store by itself.

    Raises:
        LockedError: another process holds the home.
        TrackerError: the home cannot be used, or what ``work`` raises.
    """
    home, told = place.config.home, list[str]()
    with only_one(home, *works):
        tidy_home(home)
        require_room(place.config)
        with scratch_directory(home):
            told += _mend(place, events, works, find_damage(place.config.store_path))
            _back_up(place, works, first_only=True)
            try:
                done = work()
                _back_up(place, works)
            except StoreDamagedError as error:
                told += _mend(place, events, works, error.message)
                done = work()
                _back_up(place, works)
    return done, tuple(told)


def _mend(place: Workplace, events: PassEvents, works: Sequence[Work], damage: str) -> list[str]:
    if not damage:
        return []
    path = place.config.store_path
    if not works:
        told = restore(path, damage, datetime.now(UTC))
        events.said(f"note  {told}")
        return [told]
    try:
        # Nobody else may write into the file while it is set aside.
        with only_one(place.config.home, *_others(works)):
            return _mend(place, events, (), damage)
    except LockedError as error:
        message = f"the store {path} is damaged ({damage}), and another tracker works with it"
        raise StoreError(message, hint="Stop the other one, then run `tracker up` once.") from error


def _others(works: Sequence[Work]) -> list[Work]:
    return [one for one in Work if one not in works]


def _back_up(place: Workplace, works: Sequence[Work], *, first_only: bool = False) -> None:
    """Copy the store where something changed since the last copy; at first only where there is no copy at all.

    Of two processes that share a home, who watches makes the copies, of what the other one stored too.
    """
    if works and Work.WATCH not in works:
        return
    backups = Backups(place.config.store_path)
    backups.tidy()
    if not (first_only and backups.newest_first()):
        backups.take(datetime.now(UTC))
