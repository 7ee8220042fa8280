"""The recipe as a text, and a failure beside what passes: what is told is what the combination is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.windows_containers.recipe import write_recipe
from tracker.plugins.windows_containers.recipe_reproduction import reproduction

from tests.plugins.windows_containers.recipes import CONFIGS, DIGEST, FILES, IMAGE, URL, combination, faults
from tracker.model import ABSENT
from tracker.protocols.scenario import RecipeFile

if TYPE_CHECKING:
    from tracker.model import Combination, Value

_OLD = RecipeFile(name="wcn-0.3.0.zip", url=f"{URL}/old.zip", digest="sha256:" + "cd" * 32)


def _blocks(text: str) -> list[str]:
    return re.findall(r"^```powershell\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def _files(*combinations: Combination) -> dict[Value, tuple[RecipeFile, ...]]:
    found = {value: FILES[value.factor] for one in combinations for value in one if value.factor in FILES}
    return {value: (_OLD,) if value.version == "0.3.0" else files for value, files in found.items()}


@pytest.mark.parametrize("nerdctl", [ABSENT, "2.3.5"])
@pytest.mark.parametrize(("config", "spec"), CONFIGS)
@pytest.mark.parametrize("isolation", ["process", "hyperv"])
def test_powershell_can_read_every_command_that_the_text_shows(
    nerdctl: str, config: str, spec: str, isolation: str
) -> None:
    made = combination(nerdctl=nerdctl, config=config, spec=spec, isolation=isolation)

    blocks = _blocks(write_recipe(made, FILES, form="markdown"))

    assert len(blocks) >= 5
    assert [fault for block in blocks for fault in faults(block)] == []


def test_the_text_tells_downloads_digests_configuration_and_first_containers() -> None:
    text = write_recipe(combination(isolation="hyperv"), FILES, form="markdown")

    assert f"| cni | [wcn.zip](<{URL}/w.zip>) | `{'ab' * 32}` | `C:\\Program Files\\containerd\\cni\\bin` |" in text
    assert 'config default | Out-File "$Root\\config.toml" -Encoding ascii' in text
    assert '"cniVersion": "1.0.0"' in text
    assert 'ctr.exe" run --rm --runtime io.containerd.runhcs.v1 --isolated $image' in text
    assert "nerdctl.exe\" run --rm --isolation 'hyperv' --network nat $image" in text
    assert "features Containers and Hyper-V" in text
    assert f"$image = '{IMAGE}'" in text
    assert text.count("It passes when") == len(_blocks(text))


def test_what_is_not_in_the_combination_is_not_in_the_text() -> None:
    text = write_recipe(combination(nerdctl=ABSENT, cni=ABSENT), FILES, form="markdown")

    assert "nerdctl" not in text
    assert "CNI_COMMAND" not in text
    assert "ipconfig" not in text
    assert "Hyper-V" not in text


def test_every_image_is_told_with_the_build_that_it_is_made_for() -> None:
    newer = RecipeFile(name="ltsc2025 windows/amd64 10.0.26100.1", url="docker://example.com/new", digest=DIGEST)

    text = write_recipe(combination(), {**FILES, "image": (newer, *FILES["image"])}, form="markdown")

    assert f"| 20348 | `{IMAGE}` |\n| 26100 | `example.com/new` |" in text
    assert "$image = 'example.com/new'" in text


@given(st.text(min_size=1, max_size=40))
def test_hostile_names_and_addresses_stay_in_their_row(name: str) -> None:
    files = {**FILES, "cni": (RecipeFile(name=name, url=f"{URL}/{name}", digest=DIGEST),)}

    text = write_recipe(combination(), files, form="markdown")

    (row,) = [line for line in text.splitlines() if line.startswith("| cni |")]
    assert row.count("|") == 5
    assert text.count("```") == 2 * (len(_blocks(text)) + 1)


def test_an_address_of_another_kind_is_no_link() -> None:
    odd = RecipeFile(name="w.zip", url="javascript:alert(1)", digest=DIGEST)

    text = write_recipe(combination(), {**FILES, "cni": (odd,)}, form="markdown")

    assert "](<javascript" not in text


def test_a_failure_and_its_twin_differ_in_the_lines_that_are_marked() -> None:
    failing = combination(cni="windows-container-networking@0.3.0")
    twin = combination()

    text = reproduction(failing, "speaks", twin, _files(failing, twin))
    bad, good = _blocks(text)

    assert "| cni | windows-container-networking@0.3.0 | windows-container-networking@0.3.1 |" in text
    assert "wcn-0.3.0.zip" in bad
    assert "wcn.zip" in good
    for block in (bad, good):
        assert faults(block) == []
        assert block.splitlines()[-1] == "Remove-Item Env:CNI_COMMAND"
        assert "Start-Service" not in block
    unmarked = [[line for line in block.splitlines() if "# <- differs" not in line] for block in (bad, good)]
    assert unmarked[0] == unmarked[1]
    assert bad.count("# <- differs") == good.count("# <- differs") == 3


def test_only_the_written_version_differs_where_that_is_all() -> None:
    failing, twin = combination(spec="1.1.0"), combination(spec="0.4.0")

    text = reproduction(failing, "networks", twin, _files(failing, twin))

    marked = [line for line in _blocks(text)[0].splitlines() if "# <- differs" in line]
    assert len(marked) == 2
    assert all("1.1.0" in line for line in marked)


def test_a_failure_that_nothing_passes_stands_alone() -> None:
    failing = combination()

    text = reproduction(failing, "starts", None, _files(failing))

    (block,) = _blocks(text)
    assert block.splitlines()[-1] == '& "$Root\\bin\\ctr.exe" version'
    assert "differs" not in block
    assert "nothing is known to pass it" in text
