"""The recipe for Windows: a script that PowerShell can read, which uses nothing that it has not verified."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.windows_containers.recipe import write_recipe

from tests.plugins.windows_containers.recipes import CONFIGS, DIGEST, FILES, IMAGE, URL, combination, faults
from tracker.errors import SmokeError
from tracker.model import ABSENT
from tracker.protocols.scenario import RecipeFile

_MOVE = (
    r"$default = $default.Replace($shipped, $wanted)"
    r".Replace($shipped.Replace('\', '\\'), $wanted.Replace('\', '\\'))"
)
_SHIPPED = {
    "1.7.14": 'bin_dir = "C:\\\\Program Files\\\\containerd\\\\cni\\\\bin"\n'
    'conf_dir = "C:\\\\Program Files\\\\containerd\\\\cni\\\\conf"',
    "2.0.0": "bin_dir = 'C:\\Program Files\\containerd\\cni\\bin'\n"
    "conf_dir = 'C:\\Program Files\\containerd\\cni\\conf'",
    "2.1.4": "bin_dir = ''\nbin_dirs = ['C:\\Program Files\\containerd\\cni\\bin']\n"
    "conf_dir = 'C:\\Program Files\\containerd\\cni\\conf'",
}
"""What the programs themselves wrote under Wine, as TOML of each of their times."""


@pytest.mark.parametrize("nerdctl", [ABSENT, "2.3.5"])
@pytest.mark.parametrize(("config", "spec"), CONFIGS)
@pytest.mark.parametrize("isolation", ["process", "hyperv"])
@pytest.mark.parametrize("cni", [ABSENT, "windows-container-networking@0.3.1", "containernetworking-plugins@1.9.1"])
def test_powershell_can_read_the_script_of_every_kind_of_combination(
    nerdctl: str, config: str, spec: str, isolation: str, cni: str
) -> None:
    made = combination(nerdctl=nerdctl, config=config, spec=spec, isolation=isolation, cni=cni)
    for files in (FILES, {**FILES, "image": ()}):
        script = write_recipe(made, files)

        assert faults(script) == []
        assert script.isascii(), "PowerShell 5 reads a script without a mark in the code page of the machine"
        assert re.findall(r"@[A-Z_]+@", script) == []


@given(name=st.text(max_size=30), address=st.text(max_size=30), version=st.text(max_size=30))
def test_powershell_can_read_the_script_of_whatever_an_upstream_calls_its_files(
    name: str, address: str, version: str
) -> None:
    hostile = RecipeFile(name=name, url=address, digest=DIGEST)
    files = {**dict.fromkeys(FILES, (hostile,)), "image": (hostile,)}

    script = write_recipe(combination(containerd=version), files)

    assert script.isascii()
    assert faults(script) == []


@pytest.mark.parametrize("broken", ["if ($a { Write-Host 'x' }", "Write-Host 'x", "function f {", "$a = @{ b = 1"])
def test_the_grammar_refuses_what_is_no_powershell(broken: str) -> None:
    assert faults(broken) != []


def test_a_hostile_name_neither_runs_nor_leaves_the_directory() -> None:
    evil = RecipeFile(name="..\\'; Remove-Item C:\\ #.zip", url="https://e/'; iex (1)", digest=DIGEST)

    script = write_recipe(combination(containerd="1 #> Remove-Item C:\\"), {**FILES, "cni": (evil,)})

    assert faults(script) == []
    assert re.search(r"'\.\._[\w-]*\.zip'", script)
    assert "'https://e/'';%20iex%20%281%29'" in script
    assert script.count("#>") == 1


def test_every_file_is_verified_before_it_is_unpacked() -> None:
    lines = write_recipe(combination(), FILES).splitlines()
    unpacked = [place for place, line in enumerate(lines) if line.startswith("Expand-Release $file")]

    assert len(unpacked) == 3
    for place in unpacked:
        assert lines[place - 2].startswith(f"$file = Get-VerifiedFile '{URL}/")
        assert lines[place - 1].split()[0] == f"'{'ab' * 32}'"


def test_what_lies_flat_in_its_archive_is_unpacked_where_it_belongs() -> None:
    script = write_recipe(combination(), FILES)

    assert re.findall(r"^Expand-Release \$file '(.*)'$", script, flags=re.MULTILINE) == ["", "bin", "cni\\bin"]


@pytest.mark.parametrize("version", _SHIPPED)
def test_the_directory_of_plugins_moves_under_the_key_that_the_release_itself_uses(version: str) -> None:
    script = write_recipe(combination(containerd=version), FILES)
    assert _MOVE in script
    assert "bin_dir =" not in script
    assert "bin_dirs =" not in script

    shipped, wanted = "C:\\Program Files\\containerd\\cni", "D:\\box 1\\cni"
    moved = _SHIPPED[version].replace(shipped, wanted)
    moved = moved.replace(shipped.replace("\\", "\\\\"), wanted.replace("\\", "\\\\"))
    table = tomllib.loads(moved)

    assert table["conf_dir"] == "D:\\box 1\\cni\\conf"
    assert [table["bin_dir"], *table.get("bin_dirs", [])] == (
        ["", "D:\\box 1\\cni\\bin"] if version == "2.1.4" else ["D:\\box 1\\cni\\bin"]
    )


def test_no_text_is_written_with_a_mark_or_in_the_encoding_of_powershell_itself() -> None:
    script = write_recipe(combination(), FILES)

    assert "(New-Object Text.UTF8Encoding $false)" in script
    assert "Set-StagedText 'config.toml'" in script
    assert "Set-StagedText 'cni\\conf\\tracker-nat.conflist'" in script
    assert '"cniVersion": "1.0.0"' in script
    assert not re.search(r"Out-File|Set-Content|Add-Content|[^*-]> (?!\$null)", script.partition("param(")[2])


def test_nerdctl_writes_its_own_network_where_the_combination_says_so() -> None:
    script = write_recipe(combination(config="nerdctl"), FILES)

    assert "Set-StagedText 'cni" not in script
    assert "$WrittenByClient = 'nerdctl-nat.conflist'" in script
    assert "$WrittenByClient = ''" in write_recipe(combination(), FILES)


def test_hyperv_is_looked_for_and_used_only_where_it_is_wanted() -> None:
    with_it = write_recipe(combination(isolation="hyperv"), FILES)
    without = write_recipe(combination(), FILES)

    assert "HypervisorPresent" in with_it
    assert "$isolated = @('--isolated')" in with_it
    assert "'--isolation', 'hyperv'" in with_it
    assert "HypervisorPresent" not in without
    assert "$isolated = @()" in without
    assert "'--isolation', 'process'" in without


def test_without_nerdctl_nothing_of_it_is_fetched_and_ctr_makes_the_network() -> None:
    script = write_recipe(combination(nerdctl=ABSENT), {**FILES, "nerdctl": ()})

    assert "nerdctl.exe" not in script
    assert "Invoke-Program $Ctr ($plain + @('--cni'" in script
    assert "'--cni'" not in write_recipe(combination(), FILES)


def test_without_network_plugins_no_network_is_tried() -> None:
    script = write_recipe(combination(cni=ABSENT), {**FILES, "cni": ()})

    assert "Test-Capability 'runs'" in script
    assert "Test-Capability 'speaks'" not in script
    assert "Test-Capability 'networks'" not in script


def test_the_plugin_that_the_client_needs_is_asked_for_the_version_that_is_written() -> None:
    own = write_recipe(combination(nerdctl=ABSENT, cni="containernetworking-plugins@1.9.1", spec="0.4.0"), FILES)
    client = write_recipe(combination(cni="containernetworking-plugins@1.9.1"), FILES)

    assert "Join-Path $CniBin 'win-bridge.exe'" in own
    assert "-notcontains '0.4.0'" in own
    assert "Join-Path $CniBin 'nat.exe'" in client


def test_the_image_is_chosen_by_the_build_of_the_machine_that_runs_the_script() -> None:
    script = write_recipe(combination(), FILES)

    assert f"@{{ Build = 20348; Name = '{IMAGE}' }}" in script
    assert "linux" not in script.lower()


def test_everything_that_is_undone_was_made_by_the_script() -> None:
    script = write_recipe(combination(), FILES)
    undo = script.partition("function Uninstall-Combination")[2].partition("\n}\n")[0]

    assert "@(Get-Made)" in undo
    assert "if (Test-Own (Get-ServiceCommand)) { Remove-ContainerdService }" in undo
    assert [line.strip() for line in undo.splitlines() if "-Recurse -Force" in line] == [
        "Remove-Item -LiteralPath $Work -Recurse -Force"
    ]


def test_another_service_and_foreign_files_stop_the_script_before_it_changes_anything() -> None:
    script = write_recipe(combination(), FILES)
    course = script.partition("\n# 1. ")[2]
    checks = [
        course.index("-not (Test-Own $existing) -and -not $Force"),
        course.index("Assert-Untouched $staged $made"),
    ]

    assert max(checks) < course.index("Remove-ContainerdService")
    assert max(checks) < course.index("Install-Staged")


@pytest.mark.parametrize("broken", ["no file", "no digest", "another digest"])
def test_what_cannot_be_fetched_and_verified_is_in_no_recipe(broken: str) -> None:
    digest = {"no digest": "", "another digest": "sha512:" + "ab" * 64}.get(broken, "")
    cni = () if broken == "no file" else (RecipeFile(name="wcn.zip", url=URL, digest=digest),)

    with pytest.raises(SmokeError, match="no file is known" if broken == "no file" else "has no sha256 digest"):
        write_recipe(combination(), {**FILES, "cni": cni})
