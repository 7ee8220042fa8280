"""Everything that a machine without network needs, into one file: what was seen, what was run, and the files to run."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from tracker.errors import StoreError, TrackerError
from tracker.exchange.archive import END, header, padding
from tracker.exchange.bundle import (
    EVIDENCE,
    KNOWLEDGE,
    MANIFEST,
    SCHEMA,
    SIGNATURE,
    Entry,
    Manifest,
    Seen,
    to_bytes,
    to_lines,
    told_sightings,
)
from tracker.model import Combination
from tracker.passes.exchanging import evidence_of
from tracker.passes.judging import judge_store
from tracker.passes.verdicts import pinned_values
from tracker.registry import find
from tracker.signing import BUNDLE, sign, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tracker.model import Release
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.smoke.runner import Runner
    from tracker.store import Store

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """What a bundle holds.

    Attributes:
        target_count: upstreams of which it tells what they showed.
        run_count: runs in it.
        file_count: files of releases in it.
        size: of it, in bytes.
        missing: files that are not in it, each with the reason.
        private_count: runs that were left out since a file of this machine took part in them.
        key: public key that signed it; empty for none.
    """

    target_count: int
    run_count: int
    file_count: int
    size: int
    missing: tuple[str, ...]
    private_count: int
    key: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file on its way into the bundle."""

    entry: Entry
    path: Path | None
    data: bytes = b""

    def chunks(self) -> Iterator[bytes]:
        if self.path is None:
            yield self.data
            return
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def write_bundle(place: Workplace, store: Store, runner: Runner, path: Path, *, origin: str, now: datetime) -> Bundled:
    """Write the bundle of this home to ``path``, signed where this home has a key; blocks while files are fetched.

    It holds what the sources saw at their last look, all finished runs, and the verified files of all live values,
    of what [pins] names, and of the tools.

    Args:
        place: settings and profile.
        store: what is known.
        runner: says which files this kind of host takes, and fetches those that are not in the cache.
        path: takes the place of what is there once it is whole.
        origin: what this host is called in it.
        now: aware UTC.

    Raises:
        ConfigError: the key cannot be used.
        StoreError: the store cannot be read, or the file not be written.
    """
    evidence, run_count, private_count = evidence_of(
        place, store, origin=origin, with_imported=True, now=now, without=_unvouched(place, store)
    )
    seen = _seen(place, store)
    found, missing = _release_files(place, store, runner, now=now)
    files = (_of_bytes(EVIDENCE, evidence), _of_bytes(KNOWLEDGE, to_lines(seen)), *found)
    entries = tuple(one.entry for one in files)
    manifest = to_bytes(
        Manifest(schema=SCHEMA, profile=place.profile.name, origin=origin, bundled_at=now, entries=entries)
    )
    key_path = place.config.signing_key_path
    signature = sign(manifest, BUNDLE, key_path) if key_path.exists() else b""
    first = [_of_bytes(MANIFEST, manifest), *([_of_bytes(SIGNATURE, signature)] if signature else [])]
    return Bundled(
        target_count=len(seen),
        run_count=run_count,
        file_count=len(found),
        size=_put(path, [*first, *files]),
        missing=tuple(missing),
        private_count=private_count,
        key=verify(manifest, BUNDLE, signature, str(path)) if signature else "",
    )


def _unvouched(place: Workplace, store: Store) -> frozenset[int]:
    """Return the runs of others for which no trusted key stands: signed by this home they would count elsewhere."""
    trust = place.config.trust
    found = store.imported.provenance(profile=place.profile.name)
    return frozenset(run_id for run_id, one in found.items() if not any(trust.holder(key) for key in one.keys))


def _seen(place: Workplace, store: Store) -> list[Seen]:
    """Return what each target of this profile showed; what is a file of this machine alone stays here."""
    names = set(place.profile.component_names)
    return [
        Seen(
            source=one.look.source,
            target=one.look.target,
            title=one.look.title,
            looked_at=one.look.looked_at,
            cursor=one.state.cursor,
            offered=tuple(each for each in one.offered if each.component in names),
            sightings=told_sightings([each for each in one.sightings if each.component in names]),
            changes=tuple(each for each in one.changes if each.component in names),
        )
        for one in store.imported.told()
    ]


def _release_files(place: Workplace, store: Store, runner: Runner, *, now: datetime) -> tuple[list[_File], list[str]]:
    files: dict[Path, _File] = {}
    missing: list[str] = []
    for release in _needed(place, runner, judge_store(place, store, runner, now=now)):
        component = place.registry.components[release.component]
        if component.installer in place.registry.environment_builders:
            missing.append(f"{release.component} {release.version}: environments are made from a package index alone")
            continue
        installer = find("installer", place.registry.installers, component.installer, place.registry.problems)
        for asset in release.assets:
            where = f"{release.component} {release.version}: {asset.name}"
            if installer.fetches:
                missing.append(f"{where}: its installer fetches it by itself, from its registry or a mirror of that")
                continue
            try:
                path = runner.artifacts.fetch(asset)
                files.setdefault(path, _of_cache(path))
            except TrackerError as error:
                missing.append(f"{where}: {error.message}")
    return sorted(files.values(), key=lambda one: one.entry.name), missing


def _needed(place: Workplace, runner: Runner, judged: Judged) -> Iterator[Release]:
    """Yield the releases that runs of live and pinned values take, each once."""
    values = {value for axis in judged.axes for value in axis.values} | set(pinned_values(place, judged))
    ordered = sorted((value for value in values if value in judged.installable), key=str)
    yield from (runner.taken(judged.installable[value], Combination.of([value])) for value in ordered)
    yield from judged.tools.values()


def _of_bytes(name: str, data: bytes) -> _File:
    entry = Entry(name=name, size=len(data), digest=f"sha256:{hashlib.sha256(data).hexdigest()}")
    return _File(entry, None, data)


def _of_cache(path: Path) -> _File:
    """Return a file of the cache, which has just been verified; it is named by the digest that was published."""
    algorithm = path.parent.parent.name
    digest = f"{algorithm}:{path.name}"
    return _File(Entry(name=f"files/{algorithm}/{path.name}", size=path.stat().st_size, digest=digest), path)


def _put(path: Path, files: list[_File]) -> int:
    """Write the archive and return its size; it appears under its name only when it is whole."""
    staging = path.with_name(f".{path.name}.new")
    try:
        with staging.open("wb") as out:
            for one in files:
                _write(out, one)
            out.write(END)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        staging.replace(path)
    except OSError as error:
        staging.unlink(missing_ok=True)
        message = f"{path}: cannot be written: {error.strerror or error}"
        raise StoreError(message, hint="Name a file in a directory that you can write, with space enough.") from error
    return size


def _write(out: IO[bytes], one: _File) -> None:
    out.write(header(one.entry.name, one.entry.size))
    algorithm, _, wanted = one.entry.digest.partition(":")
    digest, size = hashlib.new(algorithm), 0
    for chunk in one.chunks():
        digest.update(chunk)
        size += len(chunk)
        out.write(chunk)
    if (digest.hexdigest(), size) != (wanted, one.entry.size):
        message = f"{one.path}: changed while it was read"
        raise StoreError(message, hint="Run `tracker bundle` again.")
    out.write(padding(size))
