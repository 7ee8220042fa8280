from __future__ import annotations

import pytest
from tracker.plugins.oci.options import insecure_hosts, read_wanted
from tracker.plugins.oci.reference import read_image_name

from tracker.errors import ConfigError
from tracker.model import Component, TagRule


@pytest.mark.parametrize(
    ("text", "image", "address"),
    [
        ("nginx", "docker.io/library/nginx", "https://registry-1.docker.io/v2/library/nginx"),
        ("docker.io/nginx", "docker.io/library/nginx", "https://registry-1.docker.io/v2/library/nginx"),
        ("index.docker.io/a/b", "docker.io/a/b", "https://registry-1.docker.io/v2/a/b"),
        ("rancher/pause", "docker.io/rancher/pause", "https://registry-1.docker.io/v2/rancher/pause"),
        (
            "mcr.microsoft.com/windows/nanoserver",
            "mcr.microsoft.com/windows/nanoserver",
            "https://mcr.microsoft.com/v2/windows/nanoserver",
        ),
        ("R.example:5000/a__b/c-d.e", "r.example:5000/a__b/c-d.e", "https://r.example:5000/v2/a__b/c-d.e"),
        ("localhost/a", "localhost/a", "http://localhost/v2/a"),
        ("localhost:5000/a", "localhost:5000/a", "http://localhost:5000/v2/a"),
        ("127.0.0.1:5000/a", "127.0.0.1:5000/a", "http://127.0.0.1:5000/v2/a"),
        ("[::1]:5000/a", "[::1]:5000/a", "http://[::1]:5000/v2/a"),
        ("plain.example:80/a", "plain.example:80/a", "http://plain.example:80/v2/a"),
    ],
)
def test_images_are_named_as_people_name_them(text: str, image: str, address: str) -> None:
    found = read_image_name(text)

    assert str(found) == image
    assert found.api_url({"plain.example"}) == address


@pytest.mark.parametrize(
    "text", ["a:latest", "a@sha256:00", "r.example/a:1", "UPPER", "a//b", "-a", "r.example/", "r_x.example/a", "a b"]
)
def test_what_is_no_image_without_a_tag_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_image_name(text)


def _component(rule: TagRule | None, **options: str) -> Component:
    return Component(name="img", title="", source="oci", scheme="", installer="", options=options, tags=rule)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "component img: the option image is not set"),
        ({"image": "a:1", "tags": "x"}, "component img: image = 'a:1': holds a tag or a digest"),
        ({"image": "a", "tags": "x y/z"}, "component img: tags = 'y/z': is no tag"),
        ({"image": "a"}, "neither the option tags nor a rule"),
        ({"image": "a", "tag": "x"}, "tag = 'x': is no option of the source oci (known: image, platform_os, tags)"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(options: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_wanted(_component(None, **options))

    assert expected in caught.value.message


def test_tags_are_names_or_come_from_the_rule() -> None:
    rule = TagRule(version=r"(?P<version>\d+)", line=r"\d+")

    assert read_wanted(_component(None, image="a", tags="b a  b")).tags == ("b", "a")
    assert read_wanted(_component(rule, image="a")).tags == ()


def test_hosts_without_tls_are_a_list() -> None:
    assert insecure_hosts({"insecure_hosts": ["R.lan:5000"]}) == {"r.lan:5000"}
    with pytest.raises(ConfigError, match=r"sources.oci.insecure_hosts = 'r.lan': must be a list"):
        insecure_hosts({"insecure_hosts": "r.lan"})
