"""The one client for all connections."""

from tracker.http.client import Client
from tracker.http.credentials import find_token

__all__ = ["Client", "find_token"]
