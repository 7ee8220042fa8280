"""Turns an immutable snapshot of what is known into Markdown and HTML pages, and publishes them atomically."""

from tracker.render.hosts import Pick, SiteHost
from tracker.render.publish import HEALTH_INTERVAL, Published, publish
from tracker.render.snapshot import SiteLook, SiteOffer, SiteRelease, Snapshot

__all__ = [
    "HEALTH_INTERVAL",
    "Pick",
    "Published",
    "SiteHost",
    "SiteLook",
    "SiteOffer",
    "SiteRelease",
    "Snapshot",
    "publish",
]
