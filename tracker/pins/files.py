"""Pins in the names of files that an address ends with, wherever it leads: mirrors keep the names of releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.pins.candidates import Candidate
from tracker.pins.reading import Form
from tracker.pins.unknowns import MARKERS, says_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.pins.expansion import Expanded
    from tracker.pins.names import Names
    from tracker.pins.unknowns import Unknowns

_TAIL = re.compile(
    rf"""(?:[-_](?:amd64|arm64|cni|darwin|full|linux|static|win(?:dows)?|x64|x86_64)){{0,4}}
    [-_](?P<version>v?(?:\d{{1,9}}(?:\.\d{{1,9}}){{1,3}}(?:-(?:alpha|beta|rc)[.\d]{{0,9}}(?<!\.))?|[{MARKERS}]))
    (?:[-_.][\w.-]{{0,80}})?\.(?:7z|deb|exe|gz|msi|tgz|xz|zip|zst)(?![\w.-])""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_ADDRESS_BEFORE = re.compile(r"(?:https?|ftp|file)://[^\s<>\"'`]{1,300}/$", re.IGNORECASE)
_SEEN_BEFORE = 320


def read_files(expanded: Expanded, names: Names, unknowns: Unknowns) -> Iterator[Candidate]:
    """Yield the pins that the names of downloaded files hold, from left to right."""
    text = expanded.text
    if names.files is None or "://" not in text:
        return
    for match in names.files.finditer(text):
        tail = _TAIL.match(text, match.end())
        if tail is None or not _ADDRESS_BEFORE.search(text[max(0, match.start() - _SEEN_BEFORE) : match.start()]):
            continue
        if expanded.is_one_variable(match.start(), tail.end()):
            continue
        subject = names.of_name(match[0])
        if subject:
            version = tail["version"]
            is_sure = says_version(unknowns.first_in(version))
            place = tail.start("version")
            yield Candidate(
                subject=subject, text=version, place=place, form=Form.DOWNLOAD_URL, within=expanded, is_sure=is_sure
            )
