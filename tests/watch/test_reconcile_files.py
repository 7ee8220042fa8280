from __future__ import annotations

import pytest

from tests.watch.ledger import Watched, file, published, told
from tracker.model import Asset, AssetRole

WINDOWS = ("windows/amd64",)
CHECKSUM = file("wcn.zip.sha256", role=AssetRole.CHECKSUM, platform="")


def _two_looks(before: list[Asset], after: list[Asset]) -> Watched:
    upstream = Watched()
    upstream.look(0, published("1.0.0", *before))
    upstream.look(1, published("1.0.0", *after))
    return upstream


def _entries(upstream: Watched) -> list[tuple[str, str, str, str]]:
    return [(one.kind.value, one.subject, one.before, one.after) for one in upstream.ledger if not one.is_baseline]


@pytest.mark.parametrize(
    ("before", "after", "entry"),
    [
        pytest.param(
            file(digest="sha256:1"),
            file(digest="sha256:2"),
            ("asset replaced", "wcn.zip", "sha256:1", "sha256:2"),
            id="other digest",
        ),
        pytest.param(
            file(revision="7@monday"),
            file(revision="8@friday", size=9),
            ("asset replaced", "wcn.zip", "7 bytes", "9 bytes"),
            id="other upload of another size",
        ),
        pytest.param(
            file(revision="7@monday"),
            file(revision="8@friday"),
            ("asset replaced", "wcn.zip", "upload 7@monday", "upload 8@friday"),
            id="other upload of the same size",
        ),
        pytest.param(
            file(digest="sha256:1"),
            file("wcn-2.zip", digest="sha256:1"),
            ("asset renamed", "wcn-2.zip", "wcn.zip", "wcn-2.zip"),
            id="other name, same digest",
        ),
        pytest.param(
            file(revision="7@monday"),
            file("wcn-2.zip", revision="7@friday"),
            ("asset renamed", "wcn-2.zip", "wcn.zip", "wcn-2.zip"),
            id="other name, same upload",
        ),
        pytest.param(file(size=7), file(size=8), ("asset replaced", "wcn.zip", "7 bytes", "8 bytes"), id="other size"),
        pytest.param(
            file(),
            file(distrust="SHA256SUMS and the interface disagree."),
            ("checksum disagrees", "wcn.zip", "", "SHA256SUMS and the interface disagree."),
            id="digests disagree",
        ),
        pytest.param(
            file(distrust="They disagree."),
            file(),
            ("checksum agrees again", "wcn.zip", "They disagree.", ""),
            id="digests agree again",
        ),
    ],
)
def test_a_file_that_differs_is_told_once(before: Asset, after: Asset, entry: tuple[str, str, str, str]) -> None:
    assert _entries(_two_looks([before], [after])) == [entry]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(file(revision="7"), file(revision="7", digest="sha256:1"), id="digest learned"),
        pytest.param(
            file(revision="7", digest="sha256:1"), file(revision="8", digest="sha256:1"), id="same bytes again"
        ),
        pytest.param(file(), file(url="https://mirror.example/wcn.zip"), id="other mirror"),
        pytest.param(file(), file(os_version="10.0.20348"), id="more is known of it"),
    ],
)
def test_what_is_no_other_content_is_kept_and_not_told(before: Asset, after: Asset) -> None:
    upstream = _two_looks([before], [after])

    assert _entries(upstream) == []
    assert upstream.releases[0].assets == (after,)


def test_a_digest_that_is_told_no_more_of_the_same_upload_is_kept() -> None:
    known = file(revision="7", digest="sha256:1")

    upstream = _two_looks([known], [file(revision="7")])

    assert upstream.releases[0].assets == (known,)
    assert _two_looks([known], [file(revision="8")]).releases[0].assets == (file(revision="8"),)


def test_files_of_all_roles_but_libraries_come_and_go() -> None:
    library = file("libc.deb", role=AssetRole.LIBRARY)

    upstream = _two_looks([file(), CHECKSUM], [file(), library, file("notes.pdf", role=AssetRole.OTHER)])

    assert _entries(upstream) == [
        ("asset removed", "wcn.zip.sha256", "7 bytes", ""),
        ("asset added", "notes.pdf", "", "7 bytes"),
    ]


def test_a_release_that_comes_before_its_files_is_complete_once() -> None:
    upstream = Watched()
    upstream.look(0, published("1.0.0"))

    came = upstream.look(1, published("1.0.0"), published("1.1.0", assets=(), awaits=WINDOWS))
    meanwhile = upstream.look(2, published("1.0.0"), published("1.1.0", CHECKSUM, awaits=WINDOWS))
    complete = upstream.look(3, published("1.0.0"), published("1.1.0", file(), CHECKSUM))
    later = upstream.look(4, published("1.0.0"), published("1.1.0", file(), CHECKSUM, file("more.txt")))

    assert told(came) == ["released 1.1.0", "awaiting assets 1.1.0"]
    assert came.changes[1].after == "windows/amd64"
    assert told(meanwhile) == []
    assert told(complete) == ["assets complete 1.1.0"]
    assert (complete.changes[0].before, complete.changes[0].after) == ("windows/amd64", "wcn.zip")
    assert told(later) == ["asset added more.txt"]


def test_old_releases_that_never_had_a_file_for_the_platform_are_not_waited_for() -> None:
    upstream = Watched()

    assert told(upstream.look(0, published("0.1.0", assets=(), awaits=WINDOWS))) == ["(released 0.1.0)"]


def test_a_new_release_whose_digests_disagree_says_so_at_once() -> None:
    upstream = Watched()
    upstream.look(0, published("1.0.0"))

    found = upstream.look(1, published("1.0.0"), published("1.1.0", file(distrust="They disagree.")))

    assert told(found) == ["released 1.1.0", "checksum disagrees wcn.zip"]
