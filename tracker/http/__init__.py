"""The one client for all connections."""

from tracker.http.client import Client

__all__ = ["Client"]
