"""Versions in tables and assignments."""

from __future__ import annotations

import pytest

from tests.pins.vocabulary import pin, pins, reading, unresolved
from tracker.pins.reading import Form, Reading


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('containerd = "1.7.14"', "versions.toml"),
        ("containerd=1.7.14", "pins.txt"),
        ("containerd = 1.7.14 ; the one with the fix", "setup.ini"),
        ("containerd: 1.7.14", "vars.yml"),
        ("- containerd: v1.7.14", "vars.yml"),
        ("containerd-windows: '1.7.14'", "vars.yml"),
        ("containerd_version: 1.7.14  # newest", "vars.yml"),
        ("containerd_release_version: 1.7.14", "vars.yml"),
        ("windows-containerd-version: v1.7.14", "ci.yml"),
        ("containerd.version=1.7.14", "build.properties"),
        ("tools.containerd = '1.7.14'", "a.toml"),
        ('"containerd": "1.7.14",', "a.json"),
        ('{"containerdVersion":"1.7.14"}', "a.json"),
        ('{"tools":{"containerd":{"version":"1.7.14"}}}', "a.json"),
        ('[{"name": "containerd", "version": "1.7.14"}]', "a.json"),
        ('[{"version": "1.7.14", "name": "containerd"}]', "a.json"),
        ('containerd = { version = "1.7.14", extra = true }', "a.toml"),
        ("CONTAINERD_VERSION=1.7.14", "install.sh"),
        ("export CONTAINERD_VERSION='v1.7.14'", "install.sh"),
        ("sudo CONTAINERD_VERSION=1.7.14 make install", "install.sh"),
        ("CONTAINERD_VERSION ?= 1.7.14", "Makefile"),
        ("CONTAINERD_VERSION := v1.7.14", "Makefile"),
        ("ARG CONTAINERD_VERSION=v1.7.14@0123456789abcdef0123456789abcdef01234567", "Dockerfile"),
        ("ENV CONTAINERD_VERSION 1.7.14", "Dockerfile"),
        ("ENV A=1 CONTAINERD_VERSION=1.7.14 B=2", "Dockerfile"),
        ("docker build --build-arg CONTAINERD_VERSION=1.7.14 .", "build.sh"),
        ("./install --containerd-version 1.7.14 --force", "build.sh"),
        ("./install --containerd-version=1.7.14", "build.sh"),
        (".\\Install.ps1 -ContainerDVersion 1.7.14", "build.ps1"),
        ("Install-Containerd -Version 1.7.14 -Force", "build.ps1"),
        ("x; choco install containerd -y --version=1.7.14", "build.ps1"),
        ("$ContainerDVersion = '1.7.14'", "build.ps1"),
        ('    [string] $ContainerDVersion = "1.7.14",', "build.ps1"),
        ('$env:CONTAINERD_VERSION="1.7.14"', "build.ps1"),
        ("$tools = @{ containerd = '1.7.14' }", "build.ps1"),
        ("set CONTAINERD_VERSION=1.7.14", "build.cmd"),
        ('set "CONTAINERD_VERSION=1.7.14"', "build.cmd"),
        ("setx CONTAINERD_VERSION 1.7.14", "build.cmd"),
        ('const containerdVersion = "1.7.14"', "main.go"),
        ('containerdVersion := "v1.7.14"', "main.go"),
        ('CONTAINERD_VERSION: str = "1.7.14"', "main.py"),
        ('#define CONTAINERD_VERSION "1.7.14"', "main.h"),
        ("  :containerd => '1.7.14',", "tools.rb"),
        ("apt-get install -y containerd=1.7.14", "build.sh"),
        ("{% set containerd_version = '1.7.14' %}", "a.j2"),
    ],
)
def test_a_key_with_a_version_is_a_pin(line: str, path: str) -> None:
    found = pin(line, path)

    assert (found.name, found.version, found.line) == ("containerd-windows", "1.7.14", 1)
    assert line[found.column - 1 :].lstrip("v").startswith("1.7.14")


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        pytest.param("tools:\n  containerd:\n    version: 1.7.14\n", "a.yml", 3, id="yaml"),
        pytest.param("containerd:\n  enabled: true\n\n  version: '1.7.14'\n", "a.yml", 4, id="yaml with a blank line"),
        pytest.param("inputs:\n  containerd-version:\n    default: 1.7.14\n", "a.yml", 3, id="input of a workflow"),
        pytest.param("- name: containerd\n  sha: x\n  version: v1.7.14\n", "a.yml", 3, id="entry of a list"),
        pytest.param("containerd:\n- version: 1.7.14\n  kind: lts\n", "a.yml", 2, id="list as far left as its key"),
        pytest.param("with:\n  repository: containerd/containerd\n  ref: v1.7.14\n", "a.yml", 3, id="checkout"),
        pytest.param("[containerd]\nversion = 1.7.14\n", "a.ini", 2, id="section"),
        pytest.param("[tool.containerd]\nx = 1\nversion = '1.7.14'\n", "a.toml", 3, id="dotted section"),
        pytest.param("[[tool]]\nname = 'containerd'\nversion = '1.7.14'\n", "a.toml", 3, id="array of tables"),
        pytest.param('{\n  "containerd": {\n    "version": "1.7.14"\n  }\n}\n', "a.json", 3, id="json"),
        pytest.param(
            '{\n "tools": [\n {\n "version": "1.7.14",\n "name": "containerd" } ]}', "a.json", 4, id="name last"
        ),
        pytest.param('variable "containerd_version" {\n  default = "1.7.14"\n}\n', "a.tf", 2, id="hcl"),
    ],
)
def test_a_version_is_of_what_it_stands_under(text: str, path: str, line: int) -> None:
    assert pins(text, path) == [f"{line} containerd-windows 1.7.14"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("containerd:\n  plugins:\n    version: 3.1.4\n", "a.yml", id="of a part of it"),
        pytest.param("containerd:\n  x: 1\nversion: 3.1.4\n", "a.yml", id="below it"),
        pytest.param("name: containerd\n---\nversion: 3.1.4\n", "a.yml", id="of the next document"),
        pytest.param("name=containerd\nversion=3.1.4\n", "a.sh", id="beside a script's variable"),
        pytest.param("- name: containerd\n- name: other\n  version: 3.1.4\n", "a.yml", id="of the next entry"),
        pytest.param("[containerd]\nx = 1\n[other]\nversion = '3.1.4'\n", "a.toml", id="of the next section"),
        pytest.param('{"containerd": {"x": 1}, "version": "3.1.4"}', "a.json", id="beside it"),
        pytest.param('[{"version": "3.1.4", "name": "other"}, {"name": "containerd"}]', "a.json", id="of another"),
        pytest.param("[containerd]\nversion = 2\n", "config.toml", id="number of a format"),
        pytest.param("containerd: true\ncontainerd_path: 1.7.14\n", "a.yml", id="no version"),
        pytest.param("containerd=/usr/bin/containerd", "a.sh", id="a path"),
        pytest.param("CONTAINERD_FUSE_OVERLAYFS_VERSION=2.1.7", "a.sh", id="a longer name"),
        pytest.param("MIN_CONTAINERD_VERSION=1.6.0", "a.sh", id="a bound"),
        pytest.param('"cniVersion": "0.3.0"', "a.conflist", id="the word before is another thing"),
        pytest.param("containerd_version=get_version()", "a.py", id="an expression"),
        pytest.param("foo(containerd_version=version)", "a.py", id="a name of the program"),
        pytest.param('if containerd_version == "1.6.0":', "a.py", id="a comparison"),
        pytest.param('if [ "$CONTAINERD_VERSION" = "1.6.0" ]; then', "a.sh", id="a comparison of the shell"),
        pytest.param("string containerd_version = 4;", "a.proto", id="a field's number"),
        pytest.param("containerd_version=", "a.sh", id="nothing"),
        pytest.param("install containerd; other --version 3.1.4", "a.sh", id="of another command"),
        pytest.param("containerd --version 3.1.4", "a.sh", id="no installation"),
        pytest.param("containerd 1.7.14 is old, containerd: 1.7.14 as well", "a.txt", id="prose"),
        pytest.param("isolation: default", "a.yml", id="no known variant"),
        pytest.param("image: 1.2.3", "a.yml", id="no known version of any image"),
    ],
)
def test_what_is_no_version_of_a_part_is_no_pin(text: str, path: str) -> None:
    assert reading(text, path) == Reading()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("containerd_version: latest", "'latest' means another version from day to day"),
        ("containerd: latest", "'latest' means another version from day to day"),
        ("containerd: '>=1.7.0'", "'>=1.7.0' is a range, which allows several versions"),
        ("containerd: ~1.7.2", "'~1.7.2' is a range, which allows several versions"),
        ("containerd_version: main", "'main' is a branch, which is no version"),
        ("containerd_version: 1.7.x", "'1.7.x' is a line of versions, not one of them"),
        ("containerd_version: '2'", "'2' is a line of versions, not one of them"),
        ("containerd_version: 0123abc", "'0123abc' is a commit, which is no version"),
        ("containerd_version: newer", "'newer' is no version"),
        (
            "CONTAINERD_VERSION=$(curl example.org/newest)",
            "the version is $(curl example.org/newest), which a command sets",
        ),
        ("CONTAINERD_VERSION=$OTHER", "the version is $OTHER, which this text does not set"),
        ("CONTAINERD_VERSION=${OTHER^^}", "the version is ${OTHER^^}, which this text does not set"),
        ("containerd_version: '{{ item.v }}'", "the version is {{ item.v }}, which this text does not set"),
        ("runtime=runc@latest", "'latest' means another version from day to day"),
    ],
)
def test_a_pin_that_the_text_does_not_resolve_is_listed_with_its_reason(line: str, why: str) -> None:
    assert unresolved(line).why == why


def test_two_versions_of_one_part_are_both_found() -> None:
    text = "containerd: 1.7.14\nother: 1\ncontainerd: 2.0.1\n"

    assert pins(text, "a.yml") == ["1 containerd-windows 1.7.14", "3 containerd-windows 2.0.1"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("containerd: [1.7.14, '2.0.1']", "a.yml"),
        ('{"containerd": ["1.7.14", "v2.0.1"]}', "a.json"),
        ("matrix:\n  containerd:\n    - 1.7.14\n    - '2.0.1'\n", "a.yml"),
        ("containerd:\n- v1.7.14\n- 2.0.1\n", "a.yml"),
    ],
)
def test_each_version_of_a_list_is_a_pin(text: str, path: str) -> None:
    assert [one.version for one in reading(text, path).pins] == ["1.7.14", "2.0.1"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("runtime=runc@1.1.5", "1 runc 1.1.5"),
        ("runtime: crun@9.9.9", "1 crun 9.9.9"),
        ("runtime = 1.8.1", "1 crun 1.8.1"),
        ("cni=0.3.0", "1 windows-container-networking 0.3.0"),
        ("CNI_PLUGINS_VERSION=v1.0.0", "1 containernetworking-plugins 1.0.0"),
        ("$WinCNIVersion = '0.3.0'", "1 windows-container-networking 0.3.0"),
        ("cni-spec=1.0.0", "1 cni-spec 1.0.0"),
        ("docker run --isolation=hyperv x", "1 isolation hyperv"),
        ("isolation: process", "1 isolation process"),
        ("image=ltsc2022", "1 nanoserver ltsc2022"),
        ("NERDCTL_FULL_VERSION=1.7.4", "1 nerdctl 1.7.4"),
    ],
)
def test_factors_variants_and_aliases_are_named_as_people_name_them(line: str, expected: str) -> None:
    assert pins(line) == [expected]


@pytest.mark.parametrize(
    ("line", "path", "form"),
    [
        ("containerd: 1.7.14", "notes", Form.TABLE),
        ("containerd = '1.7.14'", "a.toml", Form.TABLE),
        ("containerd=1.7.14", "notes", Form.ASSIGNMENT),
        ("--containerd 1.7.14", "notes", Form.ASSIGNMENT),
    ],
)
def test_a_table_is_told_from_an_assignment(line: str, path: str, form: Form) -> None:
    assert pin(line, path).form is form


def test_a_bracket_that_nothing_closes_does_not_swallow_what_comes_after() -> None:
    text = "run:\n    if x {\nlater:\n  containerd:\n    version: 1.7.14\n"

    assert pins(text, "a.yml") == ["5 containerd-windows 1.7.14"]


def test_a_kind_of_release_is_no_version() -> None:
    assert reading("with:\n  name: containerd\n  release: hotfix\n", "ci.yml") == reading("")
    assert pins("with:\n  name: containerd\n  release: 1.7.14\n", "ci.yml") == ["3 containerd-windows 1.7.14"]
