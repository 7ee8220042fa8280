"""All that was observed and run, on SQLAlchemy; SQLite by default."""

from tracker.store.blamed import Blamed
from tracker.store.records import Look, LookResult, Offer, StoredRelease, TargetState
from tracker.store.store import Store

__all__ = ["Blamed", "Look", "LookResult", "Offer", "Store", "StoredRelease", "TargetState"]
