"""All that was observed and run, on SQLAlchemy; SQLite by default."""

from tracker.store.backups import Backups
from tracker.store.blamed import Blamed
from tracker.store.mending import find_damage, restore
from tracker.store.records import Look, LookResult, Offer, StoredRelease, TargetState
from tracker.store.store import Store

__all__ = [
    "Backups",
    "Blamed",
    "Look",
    "LookResult",
    "Offer",
    "Store",
    "StoredRelease",
    "TargetState",
    "find_damage",
    "restore",
]
