"""Versions that variables bring."""

from __future__ import annotations

import pytest

from tests.pins.vocabulary import pins, reading, unresolved

BASE = "https://github.com/containerd/containerd/releases/download"


@pytest.mark.parametrize(
    ("assignment", "reference", "path"),
    [
        pytest.param("V=1.7.14", "v$V", "a.sh", id="shell"),
        pytest.param("export V='1.7.14'", "v${V}", "a.sh", id="exported"),
        pytest.param("readonly V=v1.7.14", "${V}", "a.sh", id="readonly"),
        pytest.param("V=v1.7.14", "v${V#v}", "a.sh", id="front cut"),
        pytest.param("V=refs/tags/v1.7.14", "${V##*/}", "a.sh", id="all up to"),
        pytest.param("V=v1.7.14@0123abc", "${V%%@0123abc}", "a.sh", id="end cut"),
        pytest.param("V=1.7.14-x-x", "v${V%%-*}", "a.sh", id="all from"),
        pytest.param("V=v1.7.14", "v${V:1}", "a.sh", id="slice"),
        pytest.param("V=v1.7.14", "v${V/v/}", "a.sh", id="replaced"),
        pytest.param("V=v1.7.14", "v${V/#v/}", "a.sh", id="replaced in front"),
        pytest.param("V=1.7.14", "v${V:-1.6.0}", "a.sh", id="set, with a default"),
        pytest.param("true", "v${V:-1.7.14}", "a.sh", id="default"),
        pytest.param("true", "v${V-1.7.14}", "a.sh", id="default without a colon"),
        pytest.param("W=1.7.14", "v${V:-${W}}", "a.sh", id="variable as default"),
        pytest.param(': "${V:=1.7.14}"', "v${V}", "a.sh", id="set by default"),
        pytest.param("W=1.7.14; V=$W", "v$V", "a.sh", id="through another"),
        pytest.param("MINOR=1.7\nV=${MINOR}.14", "v$V", "a.sh", id="put together"),
        pytest.param("$v = '1.7.14'", "v$v", "a.ps1", id="PowerShell"),
        pytest.param("$Wanted = '1.7.14'", "v$wanted", "a.ps1", id="PowerShell in another case"),
        pytest.param('$env:V = "1.7.14"', "v$env:V", "a.ps1", id="PowerShell's environment"),
        pytest.param('$env:V = "1.7.14"', "v${env:V}", "a.ps1", id="PowerShell's environment in braces"),
        pytest.param("$script:v = '1.7.14'", "v$($script:v)", "a.ps1", id="PowerShell's expression"),
        pytest.param("$v = 'v1.7.14'", "v$($v.TrimStart('v'))", "a.ps1", id="PowerShell's method"),
        pytest.param("$v = 'v1.7.14'", "v$($v.Replace('v', ''))", "a.ps1", id="PowerShell's replacement"),
        pytest.param("[string] $v = '1.7.14',", "v${v}", "a.ps1", id="PowerShell's parameter"),
        pytest.param("$v = '1.7.14'\n$v = 'v' + $v", "$v", "a.ps1", id="PowerShell's sum"),
        pytest.param("set V=1.7.14", "v%V%", "a.cmd", id="batch"),
        pytest.param('set "V=1.7.14"', "v%v%", "a.bat", id="batch in quotes"),
        pytest.param("V ?= 1.7.14", "v$(V)", "Makefile", id="make"),
        pytest.param("V := v1.7.14", "v$(V:v%=%)", "Makefile", id="make without its front"),
        pytest.param("V = 1.7.14", "v$${V}", "Makefile", id="make's recipe"),
        pytest.param("ARG V=1.7.14", "v${V}", "Dockerfile", id="Dockerfile"),
        pytest.param("ENV V 1.7.14", "v$V", "Dockerfile", id="Dockerfile's environment"),
        pytest.param("env:\n  V: 1.7.14", "v${{ env.V }}", "ci.yml", id="workflow"),
        pytest.param("env:\n  V: 1.7.14", "v$V", "ci.yml", id="workflow's script"),
        pytest.param("on:\n  inputs:\n    v-x:\n      default: 1.7.14", "v${{ inputs.v-x }}", "ci.yml", id="input"),
        pytest.param("true", "v${{ inputs.v || '1.7.14' }}", "ci.yml", id="input with a default"),
        pytest.param("v: 1.7.14", "v{{ v }}", "a.yml", id="template"),
        pytest.param("x: 1", "v{{ v | default('1.7.14') }}", "a.yml", id="template with a default"),
        pytest.param("tools:\n  engine: 1.7.14", "v{{ tools.engine }}", "a.yml", id="template into a table"),
        pytest.param('variable "v" {\n  default = "1.7.14"\n}', "v${var.v}", "a.tf", id="HCL"),
        pytest.param('V = "1.7.14"', "v{V}", "a.py", id="Python"),
        pytest.param('"v": "1.7.14",', "v{{user `v`}}", "a.json", id="Packer"),
        pytest.param('"v": "1.7.14",', "v{{ user `v` }}", "a.pkr.json", id="Packer with spaces"),
        pytest.param('"v": "1.7.14",\n"e": {\n"v": "{{user `v`}}"\n},', "v{{user `v`}}", "a.json", id="handed through"),
        pytest.param('"e": {\n"v": "{{user `v`}}"\n},\n"v": "1.7.14",', "v{{user `v`}}", "a.json", id="set below"),
        pytest.param("vars:\n  V: 1.7.14", "v{{.V}}", "Taskfile.yml", id="Task"),
        pytest.param("env:\n  V: 1.7.14\njobs:\n  V: ${{ env.V }}", "v$V", "ci.yml", id="handed on by a job"),
    ],
)
def test_a_variable_is_resolved(assignment: str, reference: str, path: str) -> None:
    read = reading(f'{assignment}\nx "{BASE}/{reference}/x.zip"\n', path)

    assert [(pin.name, pin.version) for pin in read.pins] == [("containerd-windows", "1.7.14")]
    assert read.unresolved == ()
    assert read.pins[0].line == assignment.count("\n") + 2


@pytest.mark.parametrize(
    ("assignment", "reference", "why"),
    [
        ("true", "v$V", "$V, which this text does not set"),
        ("true", "v$1", "$1, which this text does not set"),
        ("true", "v%V%", None),
        ("true", "v${{ github.ref_name }}", "${{ github.ref_name }}, which this text does not set"),
        ("true", "v$(next-version)", "$(next-version), which a command sets"),
        ("V=$(next-version)", "v$V", "$(next-version), which a command sets"),
        ("V=`next-version`", "v$V", "$V, which a command sets"),
        ("$v = (Get-Newest).tag_name", "v$v", "$v, which a command sets"),
        ("$v = Get-Newest", "v$v", "$v, which is more than can be read here"),
        ("$v = '1.' + $minor", "v$v", "$minor, which this text does not set"),
        ("$v = '1.' + $minor + '.14'", "v$v", "$v, which is more than can be read here"),
        ("for V in 1.7.14 2.0.1; do", "v$V", "$V, which takes several values"),
        ("foreach ($v in $all) {", "v$v", "$v, which takes several values"),
        ("read -r V < file", "v$V", "$V, which a command sets"),
        ("V: [1.7.14, 2.0.1]", "v${{ matrix.V }}", "$V, which takes several values"),
        ("V=1.7.14", "v${V//[a-z]/}", "${V//[a-z]/}, which is more than can be read here"),
        ("V=1.7.14", "v${V^^}", "${V^^}, which is more than can be read here"),
        ("V=1.7.14", "${!V}", "${!V}, which is more than can be read here"),
        ("V=1.7.14; V=$(newer -v)", "v$V", "$(newer -v), which a command sets"),
    ],
)
def test_what_a_variable_holds_is_unknown_for_a_reason(assignment: str, reference: str, why: str | None) -> None:
    found = unresolved(f'{assignment}\nx "{BASE}/{reference}/x.zip"\n')

    assert found.line == 2
    assert found.why == (f"the version is {why}" if why else "'v%V%' is no version")


def test_a_later_assignment_wins_from_its_line_on() -> None:
    text = f"V=1.7.14\ncurl {BASE}/v$V/x\nV=2.0.1\ncurl {BASE}/v$V/x\n"

    assert pins(text) == ["2 containerd-windows 1.7.14", "4 containerd-windows 2.0.1"]


def test_a_variable_that_is_set_further_down_is_resolved_when_it_holds_one_thing_only() -> None:
    function = f"get() {{ curl {BASE}/v$V/x; }}\n"

    assert pins(f"{function}V=1.7.14\nget\n") == ["1 containerd-windows 1.7.14"]
    assert pins(f"{function}V=$W\nW=1.7.14\nget\n") == ["1 containerd-windows 1.7.14"]
    assert (
        unresolved(f"{function}V=1.7.14\nget\nV=2.0.1\nget\n").why == "the version is $V, which this text does not set"
    )


def test_a_default_does_not_replace_what_is_set() -> None:
    assert pins(f"V = 1.7.14\nV ?= 2.0.1\nx: ; curl {BASE}/v$(V)/x\n", "Makefile") == ["3 containerd-windows 1.7.14"]


def test_upper_and_lower_case_differ_in_the_shell() -> None:
    assert unresolved(f"v=1.7.14\ncurl {BASE}/v$V/x\n").line == 2


def test_a_pin_tells_where_its_version_is_written() -> None:
    (found,) = reading(f"true\nV=1.7.14\n  curl {BASE}/v${{V}}/x\n").pins

    assert (found.line, found.written_on) == (3, 2)
    assert f"  curl {BASE}/v${{V}}/x"[found.column - 1 :].startswith("${V}")


def test_a_part_s_own_variable_counts_once_as_long_as_it_is_only_handed_on() -> None:
    text = (
        "ARG CONTAINERD_VERSION=1.7.14\n"
        "RUN CONTAINERD_VERSION=${CONTAINERD_VERSION} make\n"
        "RUN ./install --containerd-version $CONTAINERD_VERSION\n"
        "ARG CONTAINERD_VERSION\n"
    )

    assert pins(text, "Dockerfile") == ["1 containerd-windows 1.7.14"]


def test_a_program_that_sets_a_part_s_variable_anew_pins_it_again() -> None:
    assert pins("CONTAINERD_VERSION=1.7.14\nCONTAINERD_VERSION=2.0.1\n") == [
        "1 containerd-windows 1.7.14",
        "2 containerd-windows 2.0.1",
    ]


def test_addresses_may_be_put_together_from_a_table_s_own_values() -> None:
    text = (
        "containerd_version: 1.7.14\n"
        "base_url: https://github.com/containerd/containerd/releases/download\n"
        'file: "containerd-{{ containerd_version }}-{{ arch }}.tar.gz"\n'
        'url: "{{ base_url }}/v{{ containerd_version }}/{{ file }}"\n'
    )

    assert pins(text, "vars.yml") == ["1 containerd-windows 1.7.14", "4 containerd-windows 1.7.14"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("${V:-`newest`}", "${V:-`newest`}, which a command sets"),
        ("${V:?unset}", "${V:?unset}, which this text does not set"),
        ("{{ a b }}", "{{ a b }}, which is more than can be read here"),
    ],
)
def test_what_only_a_program_can_tell_is_unknown(value: str, why: str) -> None:
    assert unresolved(f"containerd_version='{value}'").why == f"the version is {why}"


def test_more_variables_than_can_be_told_apart_are_still_no_version() -> None:
    text = "".join(f"v $x{number}\n" for number in range(65_600)) + "containerd_version=$last\n"

    assert unresolved(text).why == "the version is one of very many variables, which are too many to be read"


@pytest.mark.parametrize("nothing", ["null", "~", "None", "nil", "undefined"])
def test_a_key_without_a_value_pins_nothing_and_lets_the_value_be_set_elsewhere(nothing: str) -> None:
    assert reading(f"containerd_version: {nothing}\n", "a.yml") == reading("")
    text = f'"v": {nothing},\n"x": "{BASE}/v$v/x.zip"\n"v": "1.7.14"'
    assert pins(text, "a.json") == ["2 containerd-windows 1.7.14"]
