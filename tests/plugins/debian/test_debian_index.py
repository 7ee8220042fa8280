from __future__ import annotations

import gzip
import hashlib
import lzma
from typing import TYPE_CHECKING

import pytest

from tests.plugins.debian.archive import PART
from tracker.store import LookResult

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.debian.archive import Archive
    from tests.plugins.debian.conftest import Watcher


def _republish(archive: Archive, files: dict[str, bytes], told: dict[str, bytes] | None = None) -> None:
    """Sign a head that lists ``told`` (by default what is there) while ``files`` are what is there."""
    for name, data in files.items():
        (archive.suite_dir("stable") / PART / name).write_bytes(data)
    rows = "".join(
        f" {hashlib.sha256(data).hexdigest()} {len(data)} {PART}/{name}\n" for name, data in (told or files).items()
    )
    archive.sign("stable", f"Suite: stable\nCodename: bookworm\nSHA256:\n{rows}", archive.signer)


def _packages(archive: Archive) -> bytes:
    return (archive.suite_dir("stable") / PART / "Packages").read_bytes()


@pytest.mark.parametrize("form", ["xz", "gz", "plain"])
def test_an_index_is_read_in_whatever_form_the_suite_has(form: str, archive: Archive, watcher: Watcher) -> None:
    text = _packages(archive)
    forms = {
        "xz": {"Packages.xz": lzma.compress(text)},
        "gz": {"Packages.gz": gzip.compress(text)},
        "plain": {"Packages": text},
    }
    _republish(archive, forms[form])

    assert watcher.look()["stable"].message == ""
    assert watcher.versions() == {"engine": ["1.0~ds1-1"], "runner": ["2.0-1"]}


@pytest.mark.parametrize("ending", [".xz", ".gz"])
def test_an_index_that_unpacks_beyond_what_is_told_is_refused(ending: str, archive: Archive, watcher: Watcher) -> None:
    text = _packages(archive)
    pack = lzma.compress if ending == ".xz" else gzip.compress
    packed = {f"Packages{ending}": pack(bytes(50 << 20))}
    _republish(archive, packed, {"Packages": text, **packed})

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"dists/stable/{PART}/Packages{ending}: unpacks to more than {len(text)} bytes" in look.message


@pytest.mark.parametrize(
    ("packed", "said"),
    [(lzma.compress(b"something else"), "unpacks to something else"), (b"no archive", "cannot be unpacked")],
)
def test_an_index_that_unpacks_to_something_else_is_refused(
    packed: bytes, said: str, archive: Archive, watcher: Watcher
) -> None:
    _republish(archive, {"Packages.xz": packed}, {"Packages": _packages(archive), "Packages.xz": packed})

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"dists/stable/{PART}/Packages.xz: {said}" in look.message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Filename: pool/", "Filename: ../pool/", "which is no place in an archive"),
        ("Filename: pool/", "Filename: /pool/", "which is no place in an archive"),
        ("SHA256: ", "MD5sum: ", "tells no size and SHA256"),
        ("Size: ", "Size: x", "tells no size and SHA256"),
    ],
)
def test_a_package_that_cannot_be_verified_or_placed_is_refused(
    old: str, new: str, said: str, archive: Archive, watcher: Watcher
) -> None:
    archive.stanzas["stable"] = [one.replace(old, new) for one in archive.stanzas["stable"]]
    archive.publish("stable", codename="bookworm")

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert "stable: package engine-bin 1.0~ds1-1" in look.message
    assert said in look.message


@pytest.mark.parametrize("text", ["Date: yesterday\n", "SHA256:\n abc\n", "SHA256:\n a b c\n"])
def test_a_signed_head_that_makes_no_sense_is_refused(text: str, archive: Archive, watcher: Watcher) -> None:
    archive.sign("stable", f"Suite: stable\n{text}", archive.signer)

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert "dists/stable/InRelease: is malformed" in look.message


def test_a_machine_without_gpgv_believes_nothing(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert "cannot be verified: the program gpgv is missing. Install the package gpgv." in look.message
