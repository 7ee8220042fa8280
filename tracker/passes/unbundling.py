"""A bundle of another host into this home: verified as a whole before anything of it is taken over."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from tracker.errors import ConfigError, StoreError, TrackerError
from tracker.exchange.archive import BLOCK, Reader, is_archive
from tracker.exchange.bundle import (
    EVIDENCE,
    KNOWLEDGE,
    MANIFEST,
    MOST_KNOWLEDGE_BYTES,
    MOST_MANIFEST_BYTES,
    SIGNATURE,
    Entry,
    Manifest,
    Seen,
    from_lines,
    read_manifest,
)
from tracker.passes.exchanging import MOST_BYTES, Source, checked_evidence
from tracker.protocols import Observed, Target
from tracker.signing import BUNDLE, untrusted, verify
from tracker.store import Look, LookResult, TargetState
from tracker.store.bundled import Told
from tracker.watch.answers import check_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tracker.model import ForeignRun
    from tracker.passes.workplace import Workplace

_MOST_SIGNATURE_BYTES = 4096
_SPARE_BYTES = 64 << 20
_STAGING = "incoming-"
_HOW_TO_TRUST = (
    "Ask its owner for the key that `tracker key` prints there and write it into [trust.keys] of tracker.toml."
)
_AGAIN = "Nothing was taken over. Fetch it again; do not use it as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbundled:
    """A bundle that holds what it should.

    Attributes:
        source: whose it is.
        runs: in their order.
        told: what the sources of its host saw.
        staging: directory with the verified files, by their place below the cache.
    """

    source: Source
    runs: tuple[ForeignRun, ...]
    told: tuple[Told, ...]
    staging: Path


def is_bundle(path: Path) -> bool:
    """Return whether ``path`` looks like a bundle; false for what cannot be read."""
    try:
        with path.open("rb") as file:
            return is_archive(file.read(BLOCK))
    except OSError:
        return False


@contextmanager
def unbundled(place: Workplace, path: Path, *, accept_unsigned: bool, now: datetime) -> Iterator[Unbundled]:
    """Read and verify all of a bundle, and hold its files in a directory of their own for the time of the block.

    Hold the home's lock: what an import that was killed left behind is removed first.

    Args:
        place: settings and profile.
        path: of the bundle.
        accept_unsigned: take it although no key that is trusted signed it.
        now: aware UTC.

    Raises:
        ConfigError: it is of another profile.
        StoreError: it cannot be read or kept, is damaged or hostile, or nobody that is trusted signed it.
    """
    home = place.config.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        for left in home.glob(f"{_STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=home))
    except OSError as error:
        message = f"{home}: cannot be written: {error.strerror or error}"
        raise StoreError(message, hint="Set paths.home in tracker.toml to a directory that you can write.") from error
    try:
        with path.open("rb") as stream:
            yield _Reading(place, path, Reader(stream, str(path)), staging).read(accept_unsigned, now)
    except OSError as error:
        message = f"{path}: cannot be taken over: {error.strerror or error}"
        raise StoreError(message, hint="Nothing was taken over. Is there space enough?") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def keep_files(place: Workplace, bundle: Unbundled) -> int:
    """Move the verified files into the cache and return how many were not there; one that is there stays."""
    count = 0
    for path in sorted(bundle.staging.glob("*/*/*")):
        kept = place.config.home / "cache" / path.relative_to(bundle.staging)
        if not kept.is_file() or kept.stat().st_size != path.stat().st_size:
            kept.parent.mkdir(parents=True, exist_ok=True)
            path.replace(kept)
            count += 1
    return count


class _Reading:
    def __init__(self, place: Workplace, path: Path, reader: Reader, staging: Path) -> None:
        self._place = place
        self._path = path
        self._reader = reader
        self._staging = staging

    def read(self, accept_unsigned: bool, now: datetime) -> Unbundled:  # noqa: FBT001 - handed on
        data = self._small(MANIFEST, MOST_MANIFEST_BYTES)
        manifest = read_manifest(data, str(self._path))
        member = self._reader.next()
        signature = b""
        if member is not None and member.name == SIGNATURE:
            if member.size > _MOST_SIGNATURE_BYTES:
                self._refuse("holds no signature")
            signature = b"".join(self._reader.content(member))
            member = self._reader.next()
        source = self._source(manifest, data, signature, accept_unsigned=accept_unsigned)
        self._check_space(manifest)
        texts: dict[str, bytes] = {}
        for entry in manifest.entries:
            if member is None or (member.name, member.size) != (entry.name, entry.size):
                self._refuse(f"does not hold {entry.name} where its manifest names it")
            texts |= self._taken(entry, self._reader.content(member))
            member = self._reader.next()
        if member is not None:
            self._refuse(f"holds {member.name!r}, which its manifest does not name")
        _, runs = checked_evidence(self._place, texts[EVIDENCE], self._path, now=now)
        told = tuple(map(self._checked, from_lines(texts[KNOWLEDGE], f"{self._path}:{KNOWLEDGE}", now=now)))
        return Unbundled(source=source, runs=runs, told=told, staging=self._staging)

    def _small(self, name: str, most_bytes: int) -> bytes:
        member = self._reader.next()
        if member is None or member.name != name or member.size > most_bytes:
            self._refuse(f"does not begin with {name}")
        return b"".join(self._reader.content(member))

    def _source(self, manifest: Manifest, data: bytes, signature: bytes, *, accept_unsigned: bool) -> Source:
        key = verify(data, BUNDLE, signature, str(self._path)) if signature else ""
        holder = self._place.config.trust.holder(key)
        if not holder and not accept_unsigned:
            hint = f"{_HOW_TO_TRUST}\nWhat it holds is executed here. To take it all the same: --unsigned"
            raise StoreError(untrusted(str(self._path), key), hint=hint)
        if manifest.profile != self._place.profile.name:
            message = f"{self._path}: is a bundle of the profile {manifest.profile}, not of {self._place.profile.name}"
            raise ConfigError(message, hint="Name that profile in tracker.toml, or a tracker.toml with --config.")
        return Source(origin=manifest.origin, key=key, holder=holder)

    def _check_space(self, manifest: Manifest) -> None:
        bounds = {EVIDENCE: MOST_BYTES, KNOWLEDGE: MOST_KNOWLEDGE_BYTES}
        for entry in manifest.entries[:2]:
            if entry.size > bounds[entry.name]:
                self._refuse(f"holds {entry.size} bytes of {entry.name}, which is too much")
        need = sum(entry.size for entry in manifest.entries[2:]) + _SPARE_BYTES
        free = shutil.disk_usage(self._staging).free
        if need > free:
            message = f"{self._path}: needs {need >> 20} MiB, and {free >> 20} MiB are free at {self._staging.parent}"
            raise StoreError(message, hint="Nothing was taken over. Free some space, or set paths.home.")

    def _taken(self, entry: Entry, chunks: Iterator[bytes]) -> dict[str, bytes]:
        """Verify one file; what is text is returned by its name, all else lies in the staging directory afterwards."""
        algorithm, _, wanted = entry.digest.partition(":")
        digest = hashlib.new(algorithm)
        if entry.name in {EVIDENCE, KNOWLEDGE}:
            data = b"".join(chunks)
            digest.update(data)
        else:
            data = b""
            # The name in the archive is never used as a path: the place comes from the digest, which is verified.
            target = self._staging / algorithm / wanted[:2] / wanted
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                _copy(chunks, file, digest.update)
        if digest.hexdigest() != wanted:
            self._refuse(f"holds other bytes than its manifest names for {entry.name}")
        return {entry.name: data} if entry.name in {EVIDENCE, KNOWLEDGE} else {}

    def _checked(self, seen: Seen) -> Told:
        """Return what a target showed, held to the same contract as the answer of a source."""
        shown = seen.shown()
        told = {one.component for one in (*seen.offered, *shown, *seen.changes)}
        if strange := sorted(told - set(self._place.profile.component_names)):
            self._refuse(f"tells of {', '.join(strange)}, which the profile does not know")
        components = tuple(self._place.registry.components[name] for name in sorted(told))
        target = Target(name=seen.target, title=seen.title, components=components)
        try:
            check_answer(
                Observed(releases=seen.offered, cursor=seen.cursor, sightings=shown), target, self._place.registry
            )
        except (TrackerError, AttributeError, ValueError) as error:
            self._refuse(f"tells of {seen.target} what no source may: {error}")
        look = Look(
            source=seen.source,
            target=seen.target,
            title=seen.title,
            looked_at=seen.looked_at,
            result=LookResult.NO_NEWS,
        )
        state = TargetState(cursor=seen.cursor, has_baseline=True)
        return Told(look=look, state=state, offered=seen.offered, sightings=shown, changes=seen.changes)

    def _refuse(self, fault: str) -> NoReturn:
        message = f"{self._path}: {fault}"
        raise StoreError(message, hint=_AGAIN)


def _copy(chunks: Iterator[bytes], file: IO[bytes], update: Callable[[bytes], object]) -> None:
    for chunk in chunks:
        update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
