"""The host's own bounded reader of archives; Python's ``extract`` and ``extractall`` are never called.

Debian's Python 3.11.2 has no extraction filter at all, and the filter of later ones had known holes.
"""

from tracker.smoke.unpack.bounds import Bounds
from tracker.smoke.unpack.unpacker import PrefixUnpacker

__all__ = ["Bounds", "PrefixUnpacker"]
