"""Puts the site where the settings say, when it is another than the last one that arrived there."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.outlets.branch import Branch
from tracker.outlets.program import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tracker.configured import OutletConfig
    from tracker.protocols import NetworkSettings

_MEMORY = "site-published.json"


def put_out(site: Path, outlet: OutletConfig, network: NetworkSettings, *, home: Path) -> tuple[str, ...]:
    """Put the site where ``outlet`` says; return a sentence for each place that it did not reach.

    A place that has this very site already, as far as is remembered in ``home``, is left alone, and so is every place
    while the settings say that no network is to be asked.
    """
    problems = []
    remembered = _remembered(home)
    state = _state(site)
    for name, put in _places(site, outlet, network):
        if remembered.get(name) == state:
            continue
        try:
            put()
        except TrackerError as error:
            problems.append(f"the site was not published by {name.partition(' ')[0]}: {error.message}")
        else:
            remembered = {**remembered, name: state}
    _remember(home, remembered)
    return tuple(problems)


def _places(site: Path, outlet: OutletConfig, network: NetworkSettings) -> Iterator[tuple[str, Callable[[], object]]]:
    seconds = outlet.minutes * 60
    if network.offline:
        return
    if outlet.git:
        branch = Branch(remote=outlet.git, name=outlet.branch, seconds=seconds, network=network)
        yield _name("git", outlet.git, outlet.branch), lambda: branch.push(site)
    if outlet.command:
        env = {"TRACKER_SITE": str(site)}
        yield (
            _name("command", *outlet.command),
            lambda: run(outlet.command, directory=site, seconds=seconds, env=env),
        )


def _name(kind: str, *what: str) -> str:
    """Return what a place is remembered by: a digest, since an argument of a command may be a secret."""
    return f"{kind} {hashlib.sha256(repr(what).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _state(site: Path) -> str:
    """Return a digest of names, sizes and times of the site's files; hidden ones are nobody's business."""
    digest = hashlib.sha256()
    for directory, folders, names in os.walk(site):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            stat = os.stat(os.path.join(directory, name))  # noqa: PTH116, PTH118 - ten thousand files at each pass
            digest.update(
                f"{directory}\0{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
            )
    return digest.hexdigest()


def _remembered(home: Path) -> Mapping[str, str]:
    try:
        read = json.loads((home / _MEMORY).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(state) for name, state in read.items()} if isinstance(read, dict) else {}


def _remember(home: Path, states: Mapping[str, str]) -> None:
    """A memory that cannot be kept costs a push that finds nothing to do."""
    if states != _remembered(home):
        with suppress(OSError):
            (home / _MEMORY).write_text(json.dumps(dict(sorted(states.items())), indent=1) + "\n", encoding="utf-8")
