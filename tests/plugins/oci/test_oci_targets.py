"""Several components that want the same image."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.plugins.oci.source import Oci

from tests.plugins.oci.conftest import NOW
from tests.plugins.oci.images import image
from tracker.model import Component
from tracker.protocols import Observed, PollRequest

if TYPE_CHECKING:
    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.double import Double


def _component(name: str, **options: str) -> Component:
    return Component(name=name, title="", source="oci", scheme="", installer="", options=options)


def test_one_image_is_one_target_however_it_is_written() -> None:
    wanted = [
        _component("one", image="nginx", tags="a"),
        _component("two", image="docker.io/library/nginx", tags="b"),
        _component("three", image="localhost:5000/nginx", tags="a"),
    ]

    targets = Oci().targets(wanted, {})

    assert [(one.name, [each.name for each in one.components]) for one in targets] == [
        ("docker.io/library/nginx", ["one", "two"]),
        ("localhost:5000/nginx", ["three"]),
    ]


def test_a_tag_that_two_components_want_is_asked_for_once(eye: Eye, double: Double) -> None:
    double.put_image("x", image(os_version="10.0.20348.2849"))
    double.put_image("y", image("linux"))
    wanted = [
        _component("one", image=double.image, tags="x y", platform_os="windows"),
        _component("two", image=double.image, tags="x"),
    ]
    (target,) = Oci().targets(wanted, {})

    observed = Oci().poll(PollRequest(target=target, http=eye.http, cursor="", options={}, cache_dir=eye.home, now=NOW))

    assert isinstance(observed, Observed)
    assert [(one.component, one.version) for one in observed.releases] == [("one", "x"), ("two", "x")]
    assert observed.remarks == ("Tag y has no image for windows.",)
    assert [one for one in double.asked if "manifests" in one] == ["/manifests/x", "/manifests/y"]


def test_what_no_look_has_used_for_long_is_removed(eye: Eye, double: Double) -> None:
    double.put_image("x", image(os_version="10.0.20348.2849"))
    files = {}
    for days in (89, 91):
        files[days] = eye.home / "cache" / "blobs" / f"{days} days ago"
        files[days].parent.mkdir(parents=True, exist_ok=True)
        files[days].touch()
        os.utime(files[days], times=(0, (NOW - timedelta(days=days)).timestamp()))

    eye.look(double.image, "x")

    assert [days for days, path in files.items() if path.exists()] == [89]
