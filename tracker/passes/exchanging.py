"""Evidence to a file for other hosts, and from theirs into the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.durable import write_whole
from tracker.errors import ConfigError, StoreError
from tracker.exchange.document import MOST_LINE_BYTES, SCHEMA, Header, foreign, from_lines, to_lines
from tracker.local_files import is_local
from tracker.model import ForeignRun, RunState
from tracker.signing import EVIDENCE, HOW_TO_TRUST, SUFFIX, sign, untrusted, verify

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from datetime import datetime
    from pathlib import Path

    from tracker.model import Run
    from tracker.passes.workplace import Workplace
    from tracker.store import Store
    from tracker.store.imported import Taken

MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export holds.

    Attributes:
        run_count: runs in it.
        private_count: runs that were left out since a file of this machine took part in them.
        key: public key that signed it; empty for none.
    """

    run_count: int
    private_count: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose a file of evidence is.

    Attributes:
        origin: what its host calls itself.
        key: public key that signed it; empty for none.
        holder: the name under which that key is trusted here; empty where it is not.
    """

    origin: str
    key: str
    holder: str


def export_evidence(
    place: Workplace, store: Store, path: Path, *, origin: str, with_imported: bool, now: datetime
) -> Written:
    """Write all finished runs of the profile to ``path``, and its signature beside it where this home has a key.

    Args:
        place: settings and profile.
        store: where the runs are.
        path: takes the place of what is there once it is whole.
        origin: what this host is called in it.
        with_imported: also runs that came in from others, under the names of their hosts.
        now: aware UTC.

    Raises:
        ConfigError: the key cannot be used.
        StoreError: the store cannot be read, or the file not be written.
    """
    data, run_count, private_count = evidence_of(place, store, origin=origin, with_imported=with_imported, now=now)
    key_path = place.config.signing_key_path
    signature = sign(data, EVIDENCE, key_path) if key_path.exists() else b""
    key = verify(data, EVIDENCE, signature, str(path)) if signature else ""
    beside = path.with_name(path.name + SUFFIX)
    # Between the two a reader finds the old signature with the new file, refuses it, and asks again.
    _put(path, data)
    if signature:
        _put(beside, signature)
    else:
        _remove(beside)
    return Written(run_count=run_count, private_count=private_count, key=key)


def evidence_of(
    place: Workplace,
    store: Store,
    *,
    origin: str,
    with_imported: bool,
    now: datetime,
    without: Container[int] = frozenset(),
) -> tuple[bytes, int, int]:
    """Return the file of evidence, how many runs it holds, and how many are private.

    Args:
        place: as for ``export_evidence``, like all that follow.
        store: where the runs are.
        origin: what this host is called.
        with_imported: also runs of others.
        now: aware UTC.
        without: ids of runs that stay here.
    """
    listed = [one for one in store.runs(profile=place.profile.name) if one.state is RunState.FINISHED]
    wanted = [one for one in reversed(listed) if (with_imported or not one.origin) and one.id not in without]
    shared = [one for one in wanted if not any(is_local(value.version) for value in one.combination)]
    header = Header(schema=SCHEMA, profile=place.profile.name, origin=origin, exported_at=now, run_count=len(shared))
    data = b"".join(to_lines(header, _told(place, store, shared, origin)))
    return data, len(shared), len(wanted) - len(shared)


def read_evidence(
    place: Workplace, path: Path, *, accept_unsigned: bool, now: datetime
) -> tuple[Source, tuple[ForeignRun, ...]]:
    """Return whose a file of evidence is, and its runs.

    Args:
        place: settings and profile.
        path: of the file; its signature lies beside it.
        accept_unsigned: read it although no key that is trusted signed it.
        now: aware UTC.

    Raises:
        ConfigError: it is of another profile.
        StoreError: it cannot be read, is damaged, was changed, or nobody that is trusted signed it.
    """
    data = _read(path)
    signature = _read(path.with_name(path.name + SUFFIX), may_miss=True)
    key = verify(data, EVIDENCE, signature, str(path)) if signature else ""
    holder = place.config.trust.holder(key)
    if not holder and not accept_unsigned:
        raise StoreError(
            untrusted(str(path), key),
            hint=f"{HOW_TO_TRUST}\nThen it is told, and decides nothing. For once: --unsigned",
        )
    header, found = checked_evidence(place, data, path, now=now)
    return Source(origin=header.origin, key=key, holder=holder), found


def checked_evidence(
    place: Workplace, data: bytes, path: Path, *, now: datetime
) -> tuple[Header, tuple[ForeignRun, ...]]:
    """Return what a file of evidence says, when it fits this profile; see ``read_evidence``."""
    header, found = from_lines(_lines(data, path), str(path), now=now)
    if header.profile != place.profile.name:
        message = f"{path}: holds evidence of the profile {header.profile}, not of {place.profile.name}"
        raise ConfigError(message, hint="Name that profile in tracker.toml, or a tracker.toml with --config.")
    factors = {factor.name for factor in place.profile.factors}
    for one in found:
        strange = sorted({value.factor for value in one.run.combination} ^ factors)
        if strange:
            message = f"{path}: run {one.run.id} does not fit the profile {header.profile}: {', '.join(strange)}"
            raise StoreError(message, hint="Nothing was taken over. Do both hosts use the same version of tracker?")
    return header, found


def import_evidence(
    place: Workplace, store: Store, source: Source, found: tuple[ForeignRun, ...], *, now: datetime
) -> Taken:
    """Take the runs over that are not known yet, all or none."""
    return store.imported.take(found, profile=place.profile.name, key=source.key, now=now)


def _told(place: Workplace, store: Store, runs: list[Run], origin: str) -> Iterator[ForeignRun]:
    retractions = {one.run_id: one for one in store.corrections.retractions()}
    for one in runs:
        whole = store.run(one.id)
        if whole is not None:
            yield foreign(whole, place.profile.scenario, one.origin or origin, retractions.get(one.id))


def _lines(data: bytes, path: Path) -> list[bytes]:
    lines = data.split(b"\n")
    if lines.pop():
        message = f"{path}: ends in the middle of a line: it was cut short"
        raise StoreError(message, hint="Fetch it again.")
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_LINE_BYTES:
            message = f"{path}:{number}: is longer than {MOST_LINE_BYTES} bytes"
            raise StoreError(message, hint="That is no run of tracker.")
    return lines


def _read(path: Path, *, may_miss: bool = False) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        if may_miss:
            return b""
        message = f"{path}: there is no such file"
        raise StoreError(message, hint="`tracker export FILE` writes one.") from error
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise StoreError(message, hint="Is it a file that you may read?") from error
    if len(data) > MOST_BYTES:
        message = f"{path}: is larger than {MOST_BYTES} bytes"
        raise StoreError(message, hint="That is no evidence of tracker.")
    return data


def _put(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or error}"
        raise StoreError(message, hint="Name a file in a directory that you can write.") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path}: cannot be removed: {error.strerror or error}"
        raise StoreError(message, hint="It belongs to what was exported before; remove it.") from error
