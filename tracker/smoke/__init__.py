"""Installs combinations beside each other, runs scenarios on them in isolation, and tells what was seen."""

from tracker.smoke.lanes import Order, Started, lane_count, run_many
from tracker.smoke.runner import Runner

__all__ = ["Order", "Runner", "Started", "lane_count", "run_many"]
