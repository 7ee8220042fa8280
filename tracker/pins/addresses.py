"""Pins in addresses: files of a release, archives of a tag, files at a reference, ``owner/name@v1.2.3``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.pins.candidates import Candidate
from tracker.pins.expansion import unexpanded
from tracker.pins.lines import Kind
from tracker.pins.reading import Form
from tracker.pins.unknowns import MARKERS, has_unknown
from tracker.pins.versions import first_version, is_commit, why_branch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.pins.expansion import Expanded
    from tracker.pins.lines import Line
    from tracker.pins.names import Names, Subject

_REFERENCE = r"""(?P<at>[^\s/"'`<>|()\[\]{}\\&?#,;]{0,200})"""
_QUOTE = "[\"']?"
"""The shell joins what stands in quotes to what follows: ``"${REPO}"/releases/download/"${V}"/file``."""
_RELEASE = re.compile(
    rf"{_QUOTE}(?:\.git)?{_QUOTE}/releases/(?:(?P<file>download)|tags?)/{_QUOTE}{_REFERENCE}", re.IGNORECASE
)
_NEWEST = re.compile(r"(?:\.git)?/releases/(?P<at>latest)(?![\w-])", re.IGNORECASE)
_BRANCH = re.compile(rf"(?:/(?:archive|raw|tar\.gz|zip|tarball|zipball))?/refs/heads/{_REFERENCE}")
_ARCHIVE = re.compile(rf"/(?:archive|legacy\.tar\.gz|tar\.gz|zip|tarball|zipball|raw)/(?:refs/tags/)?{_REFERENCE}")
_RAW = re.compile(rf"/(?:refs/tags/)?{_REFERENCE}/")
_RAW_HOST = re.compile(r"raw\.githubusercontent\.com(?::443)?/$", re.IGNORECASE)
_ADDRESS_BEFORE = re.compile(r"https?://[^\s<>\"'`]{0,200}$", re.IGNORECASE)
_AT = re.compile(rf"(?:(?:\.git)?(?:/v\d{{1,3}})?(?:/cmd/[\w./-]{{1,100}})?(?:\?ref=|@)|\.git#){_REFERENCE}")
_CLONE = re.compile(r"\bgit\b[^;&|]{0,100}\sclone\s")
_CLONED_AT = re.compile(r"""\s(?:-b|--branch)(?:[ \t]{1,8}|=)["']?(?P<at>[^\s"']{1,200})""")
_FETCH = re.compile(r"\bgh\s{1,8}release\s{1,8}download\b")
_FETCHED_AT = re.compile(
    rf"""\s["']?(?P<at>v?\d{{1,9}}\.\d[\w.+-]{{0,60}}|v?[{MARKERS}][\w.+-]{{0,60}})(?=["']?(?:\s|$))"""
)
_WHY_NEWEST = "the newest release is another one from day to day"
_FILE_END = re.compile(r"\.(?:tar\.(?:gz|bz2|xz|zst)|tgz|zip)$", re.IGNORECASE)
_SEEN_BEFORE = 240
_BOUND_BEFORE = re.compile(
    r"(?:[<>]=|[\u2264\u2265]|\b(?:at least|newer than|older than|since|starting with|until|up to)\b)"
    r"[^\]()<>]{0,40}(?:\]\()?<?https?://[^\s<>()]{1,200}$",
    re.IGNORECASE,
)
_BOUND_IN_LINK = re.compile(
    r"\[[^\[\]]{0,80}(?:\+|\b(?:and|or) (?:above|higher|later|newer|older))\s{0,4}\]\(https?://[^\s()]{1,200}$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"[)>\s]{0,4}(?:\+|(?:and|or) (?:above|greater|higher|later|newer|older)\b)", re.IGNORECASE)


def read_addresses(line: Line, expanded: Expanded, names: Names) -> Iterator[Candidate]:
    """Yield the pins that addresses of known repositories hold.

    In prose only whole addresses count: a link to a release or to a file of one, which names a version.

    Args:
        line: the line.
        expanded: it, with its variables replaced.
        names: what is known.
    """
    if names.repositories is None or "/" not in expanded.text:
        return
    for match in names.repositories.finditer(expanded.text):
        subject = names.of_repository(match[0])
        before = expanded.text[max(0, match.start() - _SEEN_BEFORE) : match.start()]
        if line.kind is Kind.PROSE:
            found = _in_prose(expanded, match.end(), subject, before) if _ADDRESS_BEFORE.search(before) else None
        else:
            found = _in_code(expanded, match.end(), subject, before) or _cloned(expanded, match, subject)
            found = found or _fetched(expanded, match, subject)
        if found and not expanded.is_one_variable(match.start(), found.place + len(found.text)):
            yield _by_comment(found, line)


def _in_prose(expanded: Expanded, end: int, subject: Subject, before: str) -> Candidate | None:
    match = _RELEASE.match(expanded.text, end) or _ARCHIVE.match(expanded.text, end)
    if match is None:
        return None
    is_file = "file" in match.re.groupindex and match["file"] is not None
    if not is_file and _is_bound(before, expanded.text[match.end() :][:40]):
        return None
    return replace(_candidate(expanded, match, subject), is_sure=is_file)


def _is_bound(before: str, after: str) -> bool:
    """Whether a link to a release says from or up to which version something holds, and pins none."""
    bounds_before = _BOUND_BEFORE.search(before) or _BOUND_IN_LINK.search(before)
    return bounds_before is not None or _BOUND_AFTER.match(after) is not None


def _in_code(expanded: Expanded, end: int, subject: Subject, before: str) -> Candidate | None:
    """Return the pin in what follows a repository's name, if it holds one."""
    text = expanded.text
    if match := _RELEASE.match(text, end):
        return _candidate(expanded, match, subject)
    if match := _NEWEST.match(text, end):
        return replace(_candidate(expanded, match, subject), why=_WHY_NEWEST)
    if match := _BRANCH.match(text, end):
        found = _candidate(expanded, match, subject)
        return found if has_unknown(found.text) else replace(found, why=why_branch(found.text))
    match = _ARCHIVE.match(text, end) or (_RAW.match(text, end) if _RAW_HOST.search(before) else None)
    match = match or _AT.match(text, end)
    return _candidate(expanded, match, subject) if match else None


def _candidate(expanded: Expanded, match: re.Match[str], subject: Subject) -> Candidate:
    return Candidate(
        subject=subject,
        text=_FILE_END.sub("", match["at"]),
        place=match.start("at"),
        form=Form.DOWNLOAD_URL,
        within=expanded,
    )


def _cloned(expanded: Expanded, repository: re.Match[str], subject: Subject) -> Candidate | None:
    """Return the pin of ``git clone --branch v1.2.3 ADDRESS``, the branch before or after the address."""
    start = max(0, repository.start() - _SEEN_BEFORE)
    if not _CLONE.search(expanded.text, start, repository.start()):
        return None
    match = _CLONED_AT.search(expanded.text, start, repository.end() + _SEEN_BEFORE)
    return _candidate(expanded, match, subject) if match else None


def _fetched(expanded: Expanded, repository: re.Match[str], subject: Subject) -> Candidate | None:
    """Return the pin of ``gh release download v1.2.3 --repo owner/name``; without a tag it takes the newest."""
    start = max(0, repository.start() - _SEEN_BEFORE)
    command = _FETCH.search(expanded.text, start, repository.start())
    if command is None:
        return None
    match = _FETCHED_AT.search(expanded.text, command.end(), repository.end() + _SEEN_BEFORE)
    if match:
        return _candidate(expanded, match, subject)
    within, place = expanded, repository.start()
    return Candidate(subject=subject, text="", place=place, form=Form.DOWNLOAD_URL, within=within, why=_WHY_NEWEST)


def _by_comment(found: Candidate, line: Line) -> Candidate:
    """Return the version that a comment tells of a commit, as in ``uses: owner/name@0a1b2c3 # v1.2.3``."""
    if not is_commit(found.text):
        return found
    told = first_version(line.text[len(line.code) :], found.subject.versions)
    if told is None:
        return found
    place, version = told
    within = unexpanded(line.text, line.number)
    return replace(found, text=version, place=len(line.code) + place, form=Form.COMMENT, within=within)
