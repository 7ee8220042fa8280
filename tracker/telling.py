"""Says an entry of the ledger in words. Pure; the same words on a terminal and on the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.model import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Change

_HEX = re.compile(r"\b(sha\d+:)?([0-9a-f]{12})[0-9a-f]{8,}\b")


def tell(change: Change) -> str:
    """Return what happened in one phrase, without the component and the time; hostile text in it is not escaped."""
    return _SENTENCES.get(change.kind, _plain)(change)


def shortened(text: str) -> str:
    """Return ``text`` with its long digests and commit ids cut to twelve digits, for people."""
    return _HEX.sub(lambda found: f"{found[1] or ''}{found[2]}", text)


def _of(change: Change) -> str:
    return f"{change.version}: " if change.version else ""


def _moved(change: Change) -> str:
    before, after = shortened(change.before), shortened(change.after)
    return f": {before} is now {after}" if before and after else f": {after or before}" if after or before else ""


def _plain(change: Change) -> str:
    subject = f" {change.subject}" if change.subject else ""
    return f"{_of(change)}{change.kind}{subject}{_moved(change)}"


def _released(change: Change) -> str:
    before = f", after {change.before}" if change.before and change.before != change.version else ""
    return f"{change.version} released{before}"


def _offered(change: Change) -> str:
    return f"{change.version} offered in {change.channel}"


def _gone(change: Change) -> str:
    after = f"; the newest is now {change.after}" if change.after else ""
    return f"{change.version} {change.kind}{after}"


def _asset(change: Change) -> str:
    return f"{_of(change)}{change.kind}: {change.subject or 'a file'}{_bytes(change)}"


def _bytes(change: Change) -> str:
    before, after = shortened(change.before), shortened(change.after)
    return f" ({before} before, {after} now)" if before and after else ""


def _pull(change: Change) -> str:
    after = f": {shortened(change.after)}" if change.after else ""
    return f"{change.kind.replace('pull request', f'pull request {change.subject}')}{after}"


def _contained(change: Change) -> str:
    return f"{change.subject} is contained in {change.after}"


_SENTENCES: dict[ChangeKind, Callable[[Change], str]] = {
    ChangeKind.RELEASED: _released,
    ChangeKind.OFFERED: _offered,
    ChangeKind.NO_LONGER_OFFERED: _gone,
    ChangeKind.WITHDRAWN: _gone,
    ChangeKind.ASSET_ADDED: _asset,
    ChangeKind.ASSET_REMOVED: _asset,
    ChangeKind.ASSET_REPLACED: _asset,
    ChangeKind.CONTAINED: _contained,
    **{kind: _pull for kind in ChangeKind if kind.startswith("pull request")},
}
