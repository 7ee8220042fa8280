"""The verdict snapshot: what judging leaves behind, readable with the standard library alone."""

from typing import TYPE_CHECKING

from tracker.lazily import loader

if TYPE_CHECKING:
    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.document import to_document
    from tracker.snapshot.file import read_snapshot, write_snapshot
    from tracker.snapshot.parts import SnapshotRow

__all__ = ["SnapshotRow", "VerdictSnapshot", "read_snapshot", "to_document", "write_snapshot"]

__getattr__ = loader(
    __name__,
    {
        "content": "VerdictSnapshot",
        "document": "to_document",
        "file": "read_snapshot write_snapshot",
        "parts": "SnapshotRow",
    },
)
