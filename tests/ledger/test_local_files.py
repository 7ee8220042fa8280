"""A file of this machine as a version."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.local_files import WithLocalFiles, file_digest, is_local, local_version, named_by_digest, split_local
from tracker.registry import build_registry

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_named_by_its_bytes_and_another_build_is_another_version(tmp_path: Path) -> None:
    built = tmp_path / "nat.exe"
    built.write_bytes(b"first")
    first = named_by_digest({"cni": f"windows-container-networking@file:{built}", "nerdctl": "2.3.5"})
    built.write_bytes(b"second")
    second = named_by_digest({"cni": f"windows-container-networking@file:{built}"})

    assert first["nerdctl"] == "2.3.5"
    assert first["cni"] == f"windows-container-networking@file:{hashlib.sha256(b'first').hexdigest()[:12]}"
    assert second["cni"] != first["cni"]


def test_the_version_of_a_file_means_itself_and_no_path() -> None:
    version = local_version("sha256:" + "ab" * 32)

    assert is_local(version)
    assert split_local(version) is None
    assert named_by_digest({"runtime": f"runc@{version}"}) == {"runtime": f"runc@{version}"}


@pytest.mark.parametrize("missing", ["absent.exe", "."])
def test_what_is_no_file_is_refused_with_its_path(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match="file:"):
        file_digest(tmp_path / missing)


@given(st.text())
def test_no_ordinary_pin_is_taken_for_a_file(text: str) -> None:
    if "file:" not in text:
        assert split_local(text) is None


@pytest.mark.parametrize("name", sorted(build_registry().version_schemes))
def test_a_file_is_older_than_every_release_in_every_scheme(name: str) -> None:
    scheme = build_registry().version_schemes[name]

    assert isinstance(scheme, WithLocalFiles)
    assert scheme.key(local_version("sha256:" + "ff" * 32)) < scheme.key("0.0.1")
