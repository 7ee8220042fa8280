"""Files of releases: redirected to another origin, in parts, replaced, and spoilt on purpose."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import httpx
import pytest
from githubdouble import World, build_zip, digest_of

if TYPE_CHECKING:
    from githubdouble import GitHubDouble

    from tests.github_double.conftest import Ask

BYTES = bytes(range(200))
OCTETS = {"accept": "application/octet-stream"}


def _place(github: GitHubDouble, ask: Ask) -> str:
    """Publish a file and return the signed address of its bytes."""
    release = github.world["o/r"].publish("v1", files={"a.zip": BYTES})
    return ask(github, f"/repos/o/r/releases/assets/{release.assets[0].id}", OCTETS).headers["location"]


def test_a_file_is_redirected_to_the_storage_which_wants_no_credential(github: GitHubDouble, ask: Ask) -> None:
    place = _place(github, ask)

    assert place.startswith(github.storage_url)
    assert ask(github, place, token=None).content == BYTES
    refused = ask(github, place)
    assert refused.status_code == 400
    assert "Multiple auth mechanisms" in refused.text


def test_the_storage_gives_nothing_for_an_address_that_is_not_signed(github: GitHubDouble, ask: Ask) -> None:
    place = _place(github, ask).partition("?")[0]

    assert ask(github, place, token=None).status_code == 403


def test_a_file_is_downloaded_by_name_too(github: GitHubDouble) -> None:
    github.world["o/r"].publish("v1", files={"a.zip": BYTES})

    answer = httpx.get(f"{github.web_url}/o/r/releases/download/v1/a.zip", follow_redirects=True, trust_env=False)

    assert answer.content == BYTES
    assert [seen.origin for seen in github.requests] == ["web", "storage"]


def test_a_part_is_given_as_long_as_the_bytes_are_the_same(github: GitHubDouble, ask: Ask) -> None:
    place = _place(github, ask)
    whole = ask(github, place, token=None)

    part = ask(github, place, {"range": "bytes=150-", "if-range": whole.headers["etag"]}, token=None)
    stale = ask(github, place, {"range": "bytes=150-", "if-range": '"other"'}, token=None)
    beyond = ask(github, place, {"range": "bytes=200-"}, token=None)

    assert (part.status_code, part.content) == (206, BYTES[150:])
    assert part.headers["content-range"] == "bytes 150-199/200"
    assert (stale.status_code, stale.content) == (200, BYTES)
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */200")


def test_other_bytes_under_the_same_name_are_another_file(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    release = repository.publish("v1", files={"a.zip": b"old"})
    before = ask(github, f"/repos/o/r/releases/{release.id}").json()["assets"][0]

    repository.replace_asset("v1", "a.zip", b"new")

    after = ask(github, f"/repos/o/r/releases/{release.id}").json()["assets"][0]
    assert (before["name"], after["name"]) == ("a.zip", "a.zip")
    assert before["id"] < after["id"]
    assert (before["digest"], after["digest"]) == (digest_of(b"old"), digest_of(b"new"))
    assert ask(github, f"/repos/o/r/releases/assets/{before['id']}").status_code == 404


def test_the_files_of_an_immutable_release_are_locked(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    repository.immutable_releases = True
    repository.draft("v1", files={"a.zip": b"x"})
    release = repository.publish("v1")

    with pytest.raises(ValueError, match="locked"):
        repository.replace_asset("v1", "a.zip", b"other")
    assert ask(github, f"/repos/o/r/releases/{release.id}").json()["immutable"]
    assert ask(github, "/repos/o/r/immutable-releases").json()["enabled"]


def test_a_renamed_file_keeps_its_number_and_digest(github: GitHubDouble, ask: Ask) -> None:
    release = github.world["o/r"].publish("v1", files={"a.zip": b"x"})
    number = release.assets[0].id

    github.world["o/r"].rename_asset("v1", "a.zip", "b.zip")

    found = ask(github, f"/repos/o/r/releases/assets/{number}").json()
    assert (found["name"], found["digest"]) == ("b.zip", digest_of(b"x"))


def test_a_file_that_is_still_uploaded_has_no_digest_and_no_bytes(github: GitHubDouble, ask: Ask) -> None:
    repository = github.world["o/r"]
    release = repository.publish("v1")
    asset = repository.add_asset(release, "a.zip", b"x", state="open")
    place = f"/repos/o/r/releases/assets/{asset.id}"

    assert (ask(github, place).json()["state"], ask(github, place).json()["digest"]) == ("open", None)
    assert ask(github, place, OCTETS).status_code == 404
    repository.finish_upload(release, "a.zip")
    assert ask(github, place).json()["digest"] == digest_of(b"x")


@pytest.mark.parametrize("kind", ["corrupted", "truncated"])
def test_bytes_are_spoilt_once_and_true_again(kind: str, github: GitHubDouble, ask: Ask) -> None:
    place = _place(github, ask)
    github.faults.add("/github-production-release-asset/", kind)

    assert ask(github, place, token=None).content != BYTES
    assert ask(github, place, token=None).content == BYTES


def test_a_download_that_is_cut_ends_before_its_length(github: GitHubDouble, ask: Ask) -> None:
    place = _place(github, ask)
    github.faults.add("/github-production-release-asset/", "cut")

    with pytest.raises(httpx.RemoteProtocolError, match="received 100 bytes, expected 200"):
        ask(github, place, token=None)


def test_archives_are_real_and_the_same_at_every_build() -> None:
    members = {"nat.exe": b"program", "sdnbridge.exe": b"other"}

    with zipfile.ZipFile(io.BytesIO(build_zip(members))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == members
    assert build_zip(members) == build_zip(members)


def test_the_seeds_checksum_files_tell_what_its_files_are() -> None:
    """Every file of the seed that has bytes has those of the digest that the file beside it tells."""
    checked = 0
    for release in World.from_seed()["containerd/nerdctl"].releases:
        told = {}
        for asset in release.assets:
            if asset.name == "SHA256SUMS" and asset.content is not None:
                told = {name: digest for digest, name in map(str.split, asset.content.decode().splitlines())}
        for asset in release.assets:
            if asset.name in told and asset.content is not None:
                checked += 1
                assert hashlib.sha256(asset.content).hexdigest() == told[asset.name]
            elif asset.name in told:
                assert asset.digest == f"sha256:{told[asset.name]}"
    assert checked > 100
