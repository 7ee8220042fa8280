"""Versions in references to images."""

from __future__ import annotations

import pytest

from tests.pins.vocabulary import pin, pins, reading, unresolved
from tracker.pins.reading import Form

NANOSERVER = "mcr.microsoft.com/windows/nanoserver"
DIGEST = f"sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    "line",
    [
        f"FROM {NANOSERVER}:ltsc2022",
        f"FROM --platform=windows/amd64 {NANOSERVER}:ltsc2022 AS base",
        f"FROM {NANOSERVER}:ltsc2022@{DIGEST}",
        f"    image: {NANOSERVER}:ltsc2022",
        f'    "image": "{NANOSERVER}:ltsc2022",',
        f"docker pull {NANOSERVER}:ltsc2022",
        f"nerdctl --namespace k8s.io pull {NANOSERVER}:ltsc2022",
        f"ctr images pull {NANOSERVER}:ltsc2022 # for the tests",
        f'images = ["{NANOSERVER}:ltsc2022"]',
        f"docker run --rm {NANOSERVER}:ltsc2022 cmd /c ver",
    ],
)
def test_a_tag_is_the_version_of_an_image(line: str) -> None:
    found = pin(line, "Dockerfile")

    assert (found.name, found.version, found.form) == ("nanoserver", "ltsc2022", Form.IMAGE)
    assert line[found.column - 1 :].startswith("ltsc2022")


def test_a_tag_that_nobody_knows_is_a_version_too() -> None:
    assert pins(f"FROM {NANOSERVER}:10.0.20348.2340\nFROM {NANOSERVER}:1809") == [
        "1 nanoserver 10.0.20348.2340",
        "2 nanoserver 1809",
    ]


@pytest.mark.parametrize("name", ["busybox", "library/busybox", "docker.io/library/busybox", "docker.io/busybox"])
def test_an_image_of_the_default_registry_has_short_names(name: str) -> None:
    assert pins(f"FROM {name}:1.36.1") == ["1 busybox 1.36.1"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"FROM {NANOSERVER}@{DIGEST}", "a digest alone names no version"),
        (f"FROM {NANOSERVER}", "an image without a tag means another one from day to day"),
        (f"image: {NANOSERVER}", "an image without a tag means another one from day to day"),
        (f"docker pull {NANOSERVER}", "an image without a tag means another one from day to day"),
        (f"FROM {NANOSERVER}:latest", "'latest' means another version from day to day"),
        (f"FROM {NANOSERVER}:${{BUILD}}", "the version is ${BUILD}, which this text does not set"),
    ],
)
def test_an_image_without_a_version_is_listed_with_its_reason(line: str, why: str) -> None:
    found = unresolved(line)

    assert (found.name, found.why, found.form) == ("nanoserver", why, Form.IMAGE)


@pytest.mark.parametrize(
    "line",
    [
        f"BASE={NANOSERVER}",
        f"FROM {NANOSERVER}-extra:ltsc2022",
        f"FROM registry.example/{NANOSERVER}x:ltsc2022",
        "FROM my-busybox:1.36.1",
        "FROM example.org/busybox:1.36.1",
        "copy C:/windows/nanoserver:x",
    ],
)
def test_another_image_is_no_pin(line: str) -> None:
    assert reading(line) == reading("")


def test_name_and_tag_may_come_from_variables() -> None:
    text = f"ARG BASE={NANOSERVER}\nARG TAG=ltsc2022\nFROM $BASE:${{TAG}}\n"

    (found,) = reading(text, "Dockerfile").pins

    assert (found.line, found.version, found.written_on) == (3, "ltsc2022", 2)


def test_a_whole_reference_in_a_variable_counts_where_it_is_written() -> None:
    assert pins(f"IMAGE={NANOSERVER}:ltsc2022\ndocker pull $IMAGE\n") == ["1 nanoserver ltsc2022"]


def test_name_and_tag_may_stand_in_one_entry_of_a_table() -> None:
    assert pins(f"image:\n  repository: {NANOSERVER}\n  tag: ltsc2022\n", "values.yaml") == ["3 nanoserver ltsc2022"]
