"""Looks at the upstreams, tells what changed, and which versions are live."""

from tracker.watch.live import live_axes
from tracker.watch.poll import poll_all
from tracker.watch.reconcile import Knowledge, Reconciled, reconcile

__all__ = ["Knowledge", "Reconciled", "live_axes", "poll_all", "reconcile"]
