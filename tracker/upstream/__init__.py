"""How an upstream's tags, file names and checksum files are read: pure, and the same for every source."""

from tracker.upstream.assets import Marked, mark_assets
from tracker.upstream.checksums import checksum_files, checksum_text, read_checksums, settle
from tracker.upstream.links import next_page, origin_of
from tracker.upstream.tags import ReadTag, SetAside, Sorted, read_tag, read_tags

__all__ = [
    "Marked",
    "ReadTag",
    "SetAside",
    "Sorted",
    "checksum_files",
    "checksum_text",
    "mark_assets",
    "next_page",
    "origin_of",
    "read_checksums",
    "read_tag",
    "read_tags",
    "settle",
]
