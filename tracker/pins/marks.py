"""Pins that a comment points at: ``# tracker: containerd`` beside a line, or on the line before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.pins.candidates import Candidate
from tracker.pins.names import Subject
from tracker.pins.reading import Form
from tracker.pins.versions import first_version

if TYPE_CHECKING:
    from tracker.pins.expansion import Expanded
    from tracker.pins.lines import Mark
    from tracker.pins.names import Names
    from tracker.pins.unknowns import Unknowns


def read_mark(mark: Mark, expanded: Expanded, names: Names, unknowns: Unknowns) -> Candidate | None:
    """Return the pin that a marked line holds: the first version in it, of what the mark names.

    What another tool's mark names and nobody here knows is ``None``: it was not meant for this one.
    """
    subject = names.of_name(mark.name)
    if subject is None:
        why = f"nothing that is watched is called '{mark.name}'"
        return _told(Subject(name=mark.name), expanded, why=why) if mark.is_ours else None
    found = first_version(expanded.text, subject.versions)
    if found:
        return _told(subject, expanded, found[1], found[0])
    if unknown := unknowns.first_in(expanded.text):
        return _told(subject, expanded, why=unknown.sentence)
    return _told(subject, expanded, why="the line holds nothing that looks like a version")


def _told(subject: Subject, within: Expanded, text: str = "", place: int = 0, *, why: str = "") -> Candidate:
    return Candidate(subject=subject, text=text, place=place, form=Form.COMMENT, within=within, why=why)
