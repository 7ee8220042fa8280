"""What `check` says of a release beside its verdict, and how texts are taught the names of components."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tracker.model import Asset, Change, ChangeKind, Release
from tracker.passes.remarks import Remarks
from tracker.passes.terms import read_terms
from tracker.pins import read_pins
from tracker.registry import build_registry
from tracker.snapshot.content import vocabulary_of
from tracker.store import Offer, StoredRelease

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFER = Offer(source="github", target="t", line="2.1", channel="releases", since=AT, until=None)
FILE = Asset(name="engine.tgz", url="https://example.org/engine.tgz", platform="windows/amd64")
OTHER = Asset(name="engine-linux.tgz", url="https://example.org/engine-linux.tgz", platform="linux/amd64")
STORED = StoredRelease(
    id=1,
    release=Release(
        component="engine", version="2.1.0", upstream_version="2.1.0", line="2.1", channel="", assets=(FILE, OTHER)
    ),
    first_seen_at=AT,
    offers=(OFFER,),
)


def change(kind: ChangeKind, subject: str = "", *, is_baseline: bool = False) -> Change:
    return Change(
        kind=kind,
        component="engine",
        version="2.1.0",
        channel="",
        subject=subject,
        observed_at=AT,
        is_baseline=is_baseline,
    )


def said(stored: StoredRelease, *changes: Change) -> str:
    remarks = Remarks(platform="windows/amd64", changes={("engine", "2.1.0"): changes})
    return " ".join(remarks.of(stored))


def test_of_a_release_that_is_offered_as_it_was_nothing_is_said() -> None:
    assert not said(STORED)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (ChangeKind.WITHDRAWN, "It was withdrawn by its upstream, as seen on 2026-11-20."),
        (ChangeKind.NO_LONGER_OFFERED, "No upstream offers it any more, as seen on 2026-11-20."),
        (None, "No upstream offers it any more: it was withdrawn, or newer ones took its place."),
    ],
)
def test_a_release_that_nobody_offers_is_said_to_be_gone(kind: ChangeKind | None, sentence: str) -> None:
    assert said(replace(STORED, offers=()), *([change(kind)] if kind else [])) == sentence


def test_a_release_that_came_back_is_not_said_to_be_gone() -> None:
    assert not said(STORED, change(ChangeKind.WITHDRAWN))


def test_only_a_replaced_file_that_is_installed_here_is_told() -> None:
    assert (
        said(STORED, change(ChangeKind.ASSET_REPLACED, "engine.tgz"))
        == "Its file engine.tgz was replaced by another, as seen on 2026-11-20."
    )
    assert not said(STORED, change(ChangeKind.ASSET_REPLACED, "engine-linux.tgz"))


def test_what_a_first_look_found_is_no_news() -> None:
    assert not said(STORED, change(ChangeKind.RETAGGED, is_baseline=True))
    assert said(STORED, change(ChangeKind.RETAGGED)).startswith("Its tag was moved")


def test_a_file_that_must_not_be_run_is_told_with_the_reason() -> None:
    release = replace(STORED.release, assets=(replace(FILE, distrust="its published digests disagree"),))

    assert said(replace(STORED, release=release)) == "engine.tgz: its published digests disagree"


def test_a_file_of_this_machine_has_no_upstream_to_speak_of() -> None:
    private = replace(STORED.release, version="file:ab12cd34ef56")

    assert not said(replace(STORED, release=private, offers=()))


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ({}, None),
        ({("engine", "2.1"): date(2026, 3, 1)}, date(2026, 3, 1)),
        ({("engine", "2.0"): date(2026, 3, 1)}, None),
        ({("driver", "2.1"): date(2026, 3, 1)}, None),
    ],
)
def test_the_end_of_support_is_that_of_its_line(ends: Mapping[tuple[str, str], date], expected: date | None) -> None:
    assert Remarks(ends=ends).supported_until(STORED) == expected


def test_texts_know_components_by_repository_image_package_and_file() -> None:
    registry = build_registry(frozenset())

    windows = {one["name"]: one for one in read_terms(registry.profiles["windows-containers"], registry, ())}
    debian = {one["name"]: one for one in read_terms(registry.profiles["linux-containers"], registry, [STORED])}

    assert windows["containerd-windows"]["repositories"] == ("containerd/containerd",)
    assert windows["containerd-windows"]["aliases"] == ("containerd",)
    assert windows["nanoserver"]["images"] == ("mcr.microsoft.com/windows/nanoserver",)
    assert "windows-container-networking-cni" in windows["windows-container-networking"]["aliases"]
    assert debian["cni-plugins"]["aliases"] == ("containernetworking-plugins",)
    assert debian["runc"]["repositories"] == ("opencontainers/runc",)


def test_a_fork_that_is_watched_for_a_branch_is_no_name_of_the_component() -> None:
    registry = build_registry(frozenset())
    terms = read_terms(registry.profiles["windows-containers"], registry, ())

    assert all(not place.startswith("TBBle/") for one in terms for place in one["repositories"])


def test_what_installers_call_the_parts_of_windows_containers_is_read() -> None:
    registry = build_registry(frozenset())
    terms = read_terms(registry.profiles["windows-containers"], registry, ())
    text = "$WinCNIVersion = '0.3.1'\n$CNI_PLUGINS_VERSION = '1.4.1'\n$nerdctl_full_version = '1.7.4'\n"

    found = read_pins(text, path="install.ps1", vocabulary=vocabulary_of(terms, ()))

    assert [(one.name, one.version) for one in found.pins] == [
        ("windows-container-networking", "0.3.1"),
        ("containernetworking-plugins", "1.4.1"),
        ("nerdctl", "1.7.4"),
    ]
