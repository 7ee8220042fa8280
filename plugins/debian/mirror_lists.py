"""Which addresses of apt's entries can be asked; ``mirror+file:`` names a list of mirrors (apt-transport-mirror(1))."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_ASKED = ("http://", "https://", "file:")


def usable_uri(uri: str) -> str:
    """Return the address to ask for ``uri``, or an empty text for a transport that is not spoken here (a CD, say).

    Of a list of mirrors it is the first one that can be asked.
    """
    if uri.startswith("copy:"):
        return f"file:{uri.removeprefix('copy:')}"
    if uri.startswith(_ASKED):
        return uri
    if not uri.startswith("mirror+file:"):
        return ""
    path = Path(url2pathname(urlsplit(uri.removeprefix("mirror+")).path))
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        # apt cannot use this entry either; it says so when it is run.
        return ""
    words = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    return next((word.rstrip("/") for word in words if word.startswith(_ASKED)), "")
