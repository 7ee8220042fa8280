"""A component's releases and breakages over time, drawn: a lane for each supported line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as xml

from tracker.render import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH, _LEFT, _RIGHT, _TOP, _LANE, _FOOT = 960, 150, 90, 14, 38, 26
_LABEL_GAP = 74
_MOST_TICKS = 8
_LONGEST = 18
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#57606a}.lane{stroke:#d9dee4}.name{font-weight:600;fill:#1b1f24}"
    ".works{fill:#0f6b3a}.broken{stroke:#a51d14;stroke-width:3;fill:none}.open{fill:#fff;stroke:#57606a;stroke-width:2}"
    ".misfit{fill:#a51d14}.end{stroke:#7a4b00;stroke-width:2;stroke-dasharray:3 3}.over{fill:#7a4b00}"
    "@media (prefers-color-scheme:dark){text{fill:#a0a9b4}.lane{stroke:#343b44}.name{fill:#e4e7eb}.works{fill:#74d69b}"
    ".broken{stroke:#ff9d94}.open{fill:#14171b;stroke:#a0a9b4}.misfit{fill:#ff9d94}.end{stroke:#f0c169}.over{fill:#f0c169}}"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in a lane: ``works``, ``broken`` or ``open`` for a release, ``misfit``, ``end``."""

    at: datetime
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A supported line with what happened in it."""

    name: str
    marks: Sequence[Mark] = field(default_factory=tuple)


def draw(title: str, lanes: Sequence[Lane]) -> bytes:
    """Return an SVG picture; the same lanes give the same bytes.

    Args:
        title: what the picture shows, in a sentence; read by those who cannot see it.
        lanes: at least one, each with at least one mark.
    """
    times = [mark.at for lane in lanes for mark in lane.marks]
    scale = _Scale(min(times), max(times))
    height = _TOP + _LANE * len(lanes) + _FOOT
    body = "\n".join(
        [
            *(line for number, lane in enumerate(lanes) for line in _lane(lane, _TOP + _LANE * number, scale)),
            *_ticks(scale, _TOP + _LANE * len(lanes)),
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' role="img"><title>{_text(title)}</title><style>{_STYLE}</style>\n{body}\n</svg>\n'
    ).encode()


class _Scale:
    """From times to places across; a span of less than a month is drawn as a month."""

    def __init__(self, first: datetime, last: datetime) -> None:
        short = max(timedelta(), timedelta(days=30) - (last - first))
        self.first, self.last = first - short / 2, last + short / 2

    def across(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _text(words: str) -> str:
    return xml(escape.one_line(words))


def _lane(lane: Lane, top: int, scale: _Scale) -> Iterator[str]:
    middle = top + 22
    yield f'<line class="lane" x1="{_LEFT}" x2="{_WIDTH - _RIGHT + 8}" y1="{middle}" y2="{middle}"/>'
    name = lane.name if len(lane.name) <= _LONGEST else f"{lane.name[: _LONGEST - 1]}…"
    yield f'<text class="name" x="0" y="{middle + 4}">{_text(name)}</text>'
    labelled = float(_WIDTH * 2)
    for mark in sorted(lane.marks, key=lambda one: (one.at, one.label), reverse=True):
        x = scale.across(mark.at)
        told = f"{mark.label}, {mark.at.astimezone(UTC):%Y-%m-%d}"
        yield f"<g><title>{_text(told)}</title>{_shape(mark, x, middle)}</g>"
        if mark.kind not in {"misfit", "end"} and labelled - x >= _LABEL_GAP:
            labelled = x
            yield f'<text x="{x}" y="{middle - 10}" text-anchor="middle">{_text(mark.label[:_LONGEST])}</text>'


def _shape(mark: Mark, x: float, y: int) -> str:
    if mark.kind == "works":
        return f'<circle class="works" cx="{x}" cy="{y}" r="6"/>'
    if mark.kind == "broken":
        return f'<path class="broken" d="M{x - 5} {y - 5}l10 10m0 -10l-10 10"/>'
    if mark.kind == "misfit":
        return f'<path class="misfit" d="M{x} {y + 7}l6 9h-12z"/>'
    if mark.kind == "end":
        words = f'<text class="over" x="{x + 5}" y="{y + 13}">end of life</text>'
        return f'<line class="end" x1="{x}" x2="{x}" y1="{y - 12}" y2="{y + 12}"/>{words}'
    return f'<circle class="open" cx="{x}" cy="{y}" r="5"/>'


def _ticks(scale: _Scale, top: int) -> Iterator[str]:
    """Yield the dates below: whole months or years, as many as can be read."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month + 1
    step = next(one for one in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / one <= _MOST_TICKS)
    first = scale.first.year * 12 + scale.first.month - 1
    shown = [number for number in range(first, first + months + 1) if number % step == 0]
    for number in shown:
        at = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if scale.first <= at <= scale.last:
            x = scale.across(at)
            yield f'<line class="lane" x1="{x}" x2="{x}" y1="{_TOP}" y2="{top}"/>'
            yield f'<text x="{x}" y="{top + 18}" text-anchor="middle">{at:%Y-%m}</text>'
