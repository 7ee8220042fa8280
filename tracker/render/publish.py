"""Puts the site where readers find it, so that nobody ever meets half of it.

How: everything is made in memory first, so that a page that fails leaves the published site untouched. What differs
is written to a staging directory inside the site and flushed to disk. Then each file is moved over its published
twin, which is one step for the file system, in this order: files that are new (no published page links to them yet,
and all that they link to is there or comes with them), then the changed ones, the front page last; only then are
vanished pages removed, to which no page links any more. So at every instant each file is whole and each link that a
reader follows leads somewhere. Killed in between, the next publication compares again and does the rest: the manifest
names all files of both states before the first one is moved.

Why no exchange of whole directories: a web server or a mount that holds the directory open would go on serving the
old one, Windows cannot replace a directory that somebody reads, and files whose content stays would not keep their
time. One publisher at a time; the caller holds the lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import jinja2

from tracker.bundle import site_dir as templates_dir
from tracker.durable import make_directory, sync_directories, sync_directory, sync_file
from tracker.errors import RenderError
from tracker.render import build, looks, notes, places
from tracker.render.assets import Assets
from tracker.render.document import Draft
from tracker.render.html import TEMPLATE, PageRenderer
from tracker.render.knowledge import Knowledge
from tracker.render.machine import feeds
from tracker.render.machine.badges import badges as badges_of
from tracker.render.machine.files import files
from tracker.render.manifest import NAME as MANIFEST
from tracker.render.manifest import Entry, Manifest
from tracker.render.pages.search import SCRIPT
from tracker.render.search import index
from tracker.render.search.records import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tracker.render.document import Page
    from tracker.render.search.records import Record
    from tracker.render.snapshot import Snapshot

HEALTH_INTERVAL = timedelta(hours=1)
HEALTH_JSON = "health.json"
_STAGING = ".tracker-staging"
_MANY = 50
_LAST = (f"{places.FRONT}.md", f"{places.FRONT}.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did, in files.

    Attributes:
        written: new or with other content than before.
        unchanged: as they were; their bytes and times were not touched.
        removed: no longer part of the site.
    """

    written: int
    unchanged: int
    removed: int


def publish(
    snapshot: Snapshot,
    site_dir: Path,
    *,
    health_interval: timedelta = HEALTH_INTERVAL,
    sign: Callable[[bytes], bytes] | None = None,
    templates: Path | None = None,
    can_search: bool = False,
) -> Published:
    """Make ``site_dir`` show ``snapshot``; files in it that are none of the site's stay.

    Args:
        snapshot: what is known.
        site_dir: made when it is missing.
        health_interval: how old the published times of looks may get while nothing else changes.
        sign: returns the signature of ``matrix.json``, which is published beside it; the same for the same content.
        templates: files that take the place of shipped ones; ``None`` for none.
        can_search: make an index and a page that searches it; ``search.index.can_index`` says whether that is possible.

    Raises:
        RenderError: a page could not be made, and what was published before stays; or a file could not be written,
            and the next publication completes what this one began.
    """
    try:
        chosen = looks.to_publish(snapshot.looks, _read(site_dir / HEALTH_JSON), interval=health_interval)
        shown = replace(snapshot, looks=chosen)
        return _Publication(shown, site_dir, Assets.of(templates), sign, can_search=can_search).publish()
    except jinja2.TemplateError as error:
        where = getattr(error, "filename", None) or (templates or templates_dir()) / TEMPLATE
        message = f"{where}: {error}"
        raise RenderError(message, hint="[site] templates names the directory of your own ones.") from error
    except OSError as error:
        message = f"{error.filename or site_dir}: the site cannot be written: {error.strerror or error}"
        raise RenderError(message, hint="Every published page is still whole; publish again to complete it.") from error


class _Publication:
    def __init__(
        self,
        snapshot: Snapshot,
        site: Path,
        assets: Assets,
        sign: Callable[[bytes], bytes] | None,
        *,
        can_search: bool,
    ) -> None:
        self._snapshot = snapshot
        self._site = site
        self._assets = assets
        self._sign = sign
        self._can_search = can_search
        self._staging = site / _STAGING
        self._gone: Mapping[str, str] = {}
        self._before = Manifest.decode(_read(site / MANIFEST))
        self._kept: dict[str, Entry] = {}
        self._changed: dict[str, tuple[str, bytes]] = {}

    def publish(self) -> Published:
        shutil.rmtree(self._staging, ignore_errors=True)
        self._compare()
        removed = sorted(set(self._before.files) - set(self._kept) - set(self._changed))
        if self._changed or removed:
            self._replace(removed)
        elif (self._before.files, self._before.gone) != (self._kept, self._gone):
            self._write_manifest(self._kept)
        shutil.rmtree(self._staging, ignore_errors=True)
        return Published(written=len(self._changed), unchanged=len(self._kept), removed=len(removed))

    def _compare(self) -> None:
        known = Knowledge(self._snapshot)
        badges = badges_of(known)
        made = build.drafts(self._snapshot, known=known, badges=badges, can_search=self._can_search)
        pages = {page.path: page for page in made}
        today = known.known_at
        self._gone = notes.gone(
            self._before.files, self._before.gone, pages, today=today.astimezone(UTC).date() if today else None
        )
        self._pages((*made, *notes.notes(self._gone, pages)), feeds.named(known))
        for name, content in (*files(known, badges), *build.drawings(known).items()):
            self._file(name, content)
        if self._can_search:
            self._search(records(known, pages))
        matrix = build.matrix_json(self._snapshot)
        self._file("matrix.json", matrix)
        if self._sign is not None:
            self._file("matrix.json.sig", self._sign(matrix))
        self._file(HEALTH_JSON, looks.encode(self._snapshot.looks))
        for name, content in self._assets.files().items():
            if name != SCRIPT or self._can_search:
                self._file(name, content)

    def _pages(self, pages: Iterable[Page | Draft], titles: Mapping[str, str]) -> None:
        navigation = build.navigation(self._snapshot, can_search=self._can_search)
        renderer = PageRenderer(self._assets, site_title=self._snapshot.title, navigation=navigation, feeds=titles)
        beside = self._published_beside()
        for page in pages:
            key, own = renderer.key(page), (f"{page.path}.html", f"{page.path}.md")
            if all(self._is_kept(name, key) for name in (*own, *beside.get(page.path, ()))):
                continue
            made = page.make() if isinstance(page, Draft) else page
            html, markdown = own
            self._file(markdown, build.with_neighbours(made).encode(), key)
            for name, content in made.files.items():
                self._file(name, content.encode(), key)
            if html not in self._kept:
                self._file(html, renderer.html(made).encode(), key)

    def _published_beside(self) -> Mapping[str, list[str]]:
        """Return the published logs of each run by the path of its page."""
        beside: dict[str, list[str]] = {}
        for name in self._before.files:
            if name.endswith(".txt"):
                beside.setdefault(name.rpartition("/")[0], []).append(name)
        return beside

    def _search(self, found: Sequence[Record]) -> None:
        """Make the index anew only when something else is found by it, or somebody touched it."""
        key = index.key(found)
        published = [name for name in self._before.files if name.startswith(f"{index.FOLDER}/")]
        kept = [self._is_kept(name, key) for name in published]
        if kept and all(kept):
            return
        for name in published:
            self._kept.pop(name, None)
        for name, content in index.make(found).items():
            self._file(name, content, key)

    def _is_kept(self, name: str, key: str) -> bool:
        """Whether the published file was made from the same and nobody has touched it since."""
        entry = self._before.files.get(name)
        stat = _stat(self._site / name)
        if entry is None or stat is None or Entry.of(key, stat) != entry:
            return False
        self._kept[name] = entry
        return True

    def _file(self, name: str, content: bytes, key: str = "") -> None:
        path = self._site / name
        key = key or hashlib.sha256(content).hexdigest()
        if self._is_kept(name, key):
            return
        stat = _stat(path)
        if stat is not None and stat.st_size == len(content) and _read(path) == content:
            self._kept[name] = Entry.of(key, stat)
        else:
            self._changed[name] = (key, content)

    def _replace(self, removed: list[str]) -> None:
        entries = dict(self._kept)
        for name, (key, content) in self._changed.items():
            entries[name] = Entry.of(key, _write(self._staging / name, content))
        _flush([self._staging / name for name in self._changed])
        self._write_manifest({**self._before.files, **entries})
        # The names of one wave are on the disk before the next one leads to them, or takes away what led there.
        for wave in self._waves():
            for name in wave:
                target = self._site / name
                make_directory(target.parent)
                (self._staging / name).replace(target)
            sync_directories((self._site / name).parent for name in wave)
        for name in removed:
            self._remove(name)
        self._write_manifest(entries)

    def _waves(self) -> tuple[list[str], list[str], list[str]]:
        """Return what is new, what changed, and the front page, each sorted."""
        names = sorted(self._changed)
        last = [name for name in names if name in _LAST and (self._site / name).exists()]
        new = [name for name in names if not (self._site / name).exists()]
        return new, [name for name in names if name not in {*new, *last}], last

    def _remove(self, name: str) -> None:
        path = self._site / name
        path.unlink(missing_ok=True)
        folder = path.parent
        while folder != self._site and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _write_manifest(self, files: Mapping[str, Entry]) -> None:
        _write(self._staging / MANIFEST, Manifest(files, self._gone).encode())
        sync_file(self._staging / MANIFEST)
        (self._staging / MANIFEST).replace(self._site / MANIFEST)
        sync_directory(self._site)


def _write(path: Path, content: bytes) -> os.stat_result:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path.stat()


def _flush(paths: Sequence[Path]) -> None:
    """Have the contents on disk before any name leads to them, so that a power cut leaves no empty page."""
    if len(paths) > _MANY and hasattr(os, "sync"):
        os.sync()  # ten times faster for a whole site than one file after the other
        return
    for path in paths:
        sync_file(path)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
