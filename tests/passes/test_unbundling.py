"""A bundle that is not what it should be is refused before anything of it is taken over."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config import Config
from tracker.configured import TrustConfig
from tracker.errors import StoreError, TrackerError
from tracker.exchange.archive import END, Reader, header, padding
from tracker.exchange.bundle import EVIDENCE, KNOWLEDGE, MANIFEST, SCHEMA, SIGNATURE, Entry, Manifest, Seen, to_bytes
from tracker.exchange.bundle import to_lines as knowledge_lines
from tracker.exchange.document import Header, to_lines
from tracker.model import Asset, Change, ChangeKind, Release
from tracker.passes.unbundling import is_bundle, keep_files, unbundled
from tracker.passes.workplace import open_workplace
from tracker.signing import BUNDLE, new_key, sign
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.passes.workplace import Workplace

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FILE = b"a package"
DIGEST = hashlib.sha256(FILE).hexdigest()
PROFILE = "linux-containers"


def release(**told: object) -> Release:
    values: dict[str, object] = {
        "component": "runc",
        "version": "1.1.5+ds1-1",
        "upstream_version": "1.1.5",
        "line": "bookworm",
        "channel": "bookworm",
        "assets": (Asset(name="runc.deb", url="http://archive.invalid/runc.deb", digest=f"sha256:{DIGEST}"),),
    }
    return Release(**{**values, **told})  # type: ignore[arg-type]


@dataclass
class Parts:
    """What a bundle is made of; every part may be replaced before it is written."""

    key: Path
    offered: tuple[Release, ...] = field(default_factory=lambda: (release(),))
    looked_at: datetime = NOW
    changes: tuple[Change, ...] = ()
    content: bytes = FILE
    name: str = f"files/sha256/{DIGEST}"
    profile: str = PROFILE
    tail: bytes = END

    def manifest(self) -> tuple[bytes, list[tuple[str, bytes]]]:
        told = Header(schema="evidence/1", profile=self.profile, origin="box-a", exported_at=NOW, run_count=0)
        seen = Seen(
            source="debian",
            target="bookworm",
            title="bookworm",
            looked_at=self.looked_at,
            cursor="c",
            offered=self.offered,
            sightings=(),
            changes=self.changes,
        )
        texts = [(EVIDENCE, b"".join(to_lines(told, ()))), (KNOWLEDGE, knowledge_lines([seen]))]
        entries = [_entry(name, data) for name, data in texts]
        entries.append(Entry(name=f"files/sha256/{DIGEST}", size=len(FILE), digest=f"sha256:{DIGEST}"))
        manifest = Manifest(schema=SCHEMA, profile=self.profile, origin="box-a", bundled_at=NOW, entries=tuple(entries))
        return to_bytes(manifest), texts

    def write(self, path: Path) -> None:
        manifest, texts = self.manifest()
        members = [(MANIFEST, manifest), (SIGNATURE, sign(manifest, BUNDLE, self.key)), *texts]
        members.append((self.name, self.content))
        blocks = [header(name, len(data)) + data + padding(len(data)) for name, data in members]
        path.write_bytes(b"".join(blocks) + self.tail)


def _entry(name: str, data: bytes) -> Entry:
    return Entry(name=name, size=len(data), digest=f"sha256:{hashlib.sha256(data).hexdigest()}")


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    new_key(tmp_path / "key.pem")
    return Parts(key=tmp_path / "key.pem")


@pytest.fixture
def place(tmp_path: Path, parts: Parts) -> Workplace:
    from tracker.signing import public_key

    home = tmp_path / "home"
    trust = TrustConfig(keys={"box-a": public_key(parts.key)})
    return open_workplace(Config(profile=PROFILE, home=home, site_dir=home / "site", trust=trust))


def taken(place: Workplace, path: Path) -> int:
    with unbundled(place, path, accept_unsigned=False, now=NOW) as bundle, place.open_store(create=True) as store:
        count = keep_files(place, bundle)
        told = store.imported.take(bundle.runs, profile=PROFILE, key=bundle.source.key, now=NOW, told=bundle.told)
    return count + told.targets


def test_files_and_releases_are_taken_over_once(place: Workplace, parts: Parts, tmp_path: Path) -> None:
    parts.write(tmp_path / "a.tar")

    assert is_bundle(tmp_path / "a.tar")
    assert taken(place, tmp_path / "a.tar") == 2
    assert taken(place, tmp_path / "a.tar") == 0
    assert (place.config.home / "cache" / "sha256" / DIGEST[:2] / DIGEST).read_bytes() == FILE
    with Store.open(place.config.store_path) as store:
        assert [one.release for one in store.releases()] == [release()]


def test_what_is_older_than_what_was_seen_here_changes_nothing(place: Workplace, parts: Parts, tmp_path: Path) -> None:
    parts.write(tmp_path / "new.tar")
    parts.looked_at, parts.offered = NOW - timedelta(days=1), ()
    parts.write(tmp_path / "old.tar")

    taken(place, tmp_path / "new.tar")
    assert taken(place, tmp_path / "old.tar") == 0
    with Store.open(place.config.store_path) as store:
        assert store.releases(offered_only=True)


def test_a_newer_bundle_brings_what_changed_since(place: Workplace, parts: Parts, tmp_path: Path) -> None:
    def change(day: int) -> Change:
        at = NOW + timedelta(hours=day)
        return Change(kind=ChangeKind.OFFERED, component="runc", version=f"1.{day}", channel="b", observed_at=at)

    parts.changes = (change(0),)
    parts.write(tmp_path / "first.tar")
    parts.changes, parts.looked_at = (change(0), change(1)), NOW + timedelta(hours=1)
    parts.write(tmp_path / "second.tar")

    taken(place, tmp_path / "first.tar")
    taken(place, tmp_path / "second.tar")
    with Store.open(place.config.store_path) as store:
        assert [one.version for one in store.changes()] == ["1.1", "1.0"]


def _set(**values: object) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for name, value in values.items():
            setattr(parts, name, value)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(_set(name="../../../escaped"), "where its manifest names it", id="path"),
        pytest.param(_set(name="/escaped"), "where its manifest names it", id="absolute"),
        pytest.param(_set(content=b"A package"), "other bytes than its manifest names", id="bytes"),
        pytest.param(_set(content=FILE + b"!"), "where its manifest names it", id="size"),
        pytest.param(_set(tail=b""), "was cut short", id="end"),
        pytest.param(_set(tail=END + b"#!/bin/sh"), "behind its end", id="tail"),
        pytest.param(_set(tail=header("more", 0) + END), "which its manifest does not name", id="more"),
        pytest.param(_set(profile="windows-containers"), "is a bundle of the profile windows-containers", id="profile"),
        pytest.param(_set(offered=(release(component="sh"),)), "tells of sh", id="component"),
        pytest.param(_set(offered=(release(), release())), "twice", id="twice"),
        pytest.param(_set(looked_at=NOW + timedelta(days=3)), "in the future", id="future"),
        pytest.param(
            _set(offered=(release(published_at=NOW.replace(tzinfo=None)),)),
            "without a zone",
            id="zone",
        ),
    ],
)
def test_a_hostile_bundle_is_refused_and_nothing_of_it_is_left(
    place: Workplace, parts: Parts, tmp_path: Path, change: Callable[[Parts], None], told: str
) -> None:
    change(parts)
    parts.write(tmp_path / "a.tar")

    with pytest.raises(TrackerError, match=told):
        taken(place, tmp_path / "a.tar")

    assert list(place.config.home.iterdir()) == []
    assert not (tmp_path / "escaped").exists()


def test_a_manifest_that_was_changed_or_is_not_signed_is_refused(
    place: Workplace, parts: Parts, tmp_path: Path
) -> None:
    manifest, _ = parts.manifest()
    other = json.loads(manifest) | {"origin": "box-b"}
    signed = [(MANIFEST, json.dumps(other).encode()), (SIGNATURE, sign(manifest, BUNDLE, parts.key))]
    for members, told in ((signed, "the signature does not fit"), (signed[:1], "is not signed")):
        blocks = [header(name, len(data)) + data + padding(len(data)) for name, data in members]
        (tmp_path / "a.tar").write_bytes(b"".join(blocks) + END)

        with pytest.raises(StoreError, match=told):
            taken(place, tmp_path / "a.tar")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, b"L", b"x"])
def test_an_archive_with_anything_but_plain_files_is_refused(kind: bytes) -> None:
    member = tarfile.TarInfo("bundle.json")
    member.type, member.linkname = kind, "/etc/passwd" if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""

    with pytest.raises(StoreError, match="is no plain file"):
        Reader(io.BytesIO(member.tobuf(tarfile.USTAR_FORMAT) + END), "a.tar").next()


@given(st.binary(max_size=2000), st.integers(0, 1023), st.binary(min_size=1, max_size=3))
def test_whatever_is_read_is_a_member_or_an_error_that_names_the_archive(data: bytes, at: int, put: bytes) -> None:
    whole = header("evidence.jsonl", 5) + b"hello" + padding(5) + END
    for hostile in (data, whole[:at] + put + whole[at + len(put) :], whole[:at]):
        reader = Reader(io.BytesIO(hostile), "a.tar")
        with suppress(StoreError):
            while member := reader.next():
                assert sum(map(len, reader.content(member))) == member.size
