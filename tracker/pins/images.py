"""Pins in references to images: ``FROM``, ``image:``, ``docker pull``, and any other place with a known name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.pins.candidates import Candidate
from tracker.pins.reading import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.pins.expansion import Expanded
    from tracker.pins.names import Names, Subject

_TAIL = re.compile(
    r"""(?::(?P<at>[^\s"'`<>|()\[\]{}\\&?\#,;:@/]{1,200}))?(?P<digest>@[A-Za-z0-9+.]{1,20}:[0-9A-Fa-f]{6,128})?"""
)
_ASKED = re.compile(
    r"""^\s*FROM\s(?:--\S{1,100}\s)?\s{0,8}$|(?:^|[\s"'{,-])image["']?\s{0,4}[:=]\s{0,4}["']?$
    |\b(?:docker|nerdctl|ctr|podman|crictl|buildah|skopeo)\b[^;&|]{0,200}\b(?:pull|run|create)\b[^;&|]{0,200}\s["']?$""",
    re.IGNORECASE | re.VERBOSE,
)
_SEEN_BEFORE = 240


def read_images(expanded: Expanded, names: Names) -> Iterator[Candidate]:
    """Yield the pins that references to known images hold, from left to right."""
    if names.images is None:
        return
    text = expanded.text
    for match in names.images.finditer(text):
        tail = _TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        if tail and not expanded.is_one_variable(match.start(), end):
            yield from _read_tail(expanded, match.start(), tail, names.of_image(match[0]))


def _read_tail(expanded: Expanded, start: int, tail: re.Match[str], subject: Subject) -> Iterator[Candidate]:
    why = ""
    if tail["at"] is None:
        if tail["digest"]:
            why = "a digest alone names no version"
        elif _ASKED.search(expanded.text[max(0, start - _SEEN_BEFORE) : start]):
            why = "an image without a tag means another one from day to day"
        else:
            return
    yield Candidate(
        subject=subject,
        text=tail["at"] or "",
        place=start if tail["at"] is None else tail.start("at"),
        form=Form.IMAGE,
        within=expanded,
        takes_any=True,
        why=why,
    )
