"""The verdict snapshot: what judging leaves behind, readable with the standard library alone."""

from tracker.snapshot.content import SnapshotRow, VerdictSnapshot
from tracker.snapshot.document import to_document
from tracker.snapshot.file import read_snapshot, write_snapshot

__all__ = ["SnapshotRow", "VerdictSnapshot", "read_snapshot", "to_document", "write_snapshot"]
