"""The recipe says the same as the runner, with nothing of ours on the machine."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from tracker.errors import SmokeError
from tracker.model import Outcome, Profile
from tracker.protocols.scenario import RecipeFile
from tracker.registry import build_registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.linux_containers.conftest import Bed
    from tracker.model import Combination, Run
    from tracker.protocols import Scenario

_DIGEST = f"sha256:{'a' * 64}"
_HOSTILE = "x'; touch was-here; echo '$(reboot)`reboot`"


@pytest.fixture
def scenario() -> Scenario:
    return build_registry().scenarios["linux-containers"]


@pytest.fixture
def combination() -> Combination:
    profile: Profile = build_registry().profiles["linux-containers"]
    from tracker.model import Combination

    return Combination.of(
        [
            profile.factor("containerd").value("1.0\n rm -rf /"),
            profile.factor("runtime").value("2.0", "crun"),
            profile.factor("cni-plugins").value("3.0"),
            profile.factor("cni-spec").value("1.0.0"),
        ]
    )


def _files(file: RecipeFile) -> dict[str, list[RecipeFile]]:
    return {place: [file] for place in ("containerd", "runtime", "cni-plugins", "busybox")}


def test_foreign_words_stay_words(scenario: Scenario, combination: Combination, tmp_path: Path) -> None:
    hostile = RecipeFile(name=f"../{_HOSTILE}.deb", url=f"file:///{_HOSTILE}", digest=_DIGEST)
    script = tmp_path / "recipe.sh"
    script.write_text(scenario.recipe(combination, _files(hostile)), encoding="utf-8")

    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    done = subprocess.run(["sh", script, "dir"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "cannot be fetched" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["recipe.sh"]


def test_the_right_runtime_is_looked_for(scenario: Scenario, combination: Combination) -> None:
    file = RecipeFile(name="a.deb", url="https://example.org/a.deb", digest=_DIGEST)

    script = scenario.recipe(combination, _files(file))

    assert "usr/bin/crun" in script
    assert 'runc"' not in script
    assert '"cniVersion": "1.0.0"' in script
    assert "a" * 64 in script


def test_as_a_text_it_is_the_script_whatever_a_file_is_called(scenario: Scenario, combination: Combination) -> None:
    files = _files(RecipeFile(name="a.deb", url="https://example.org/```\n````\n# Heading", digest=_DIGEST))

    text = scenario.recipe(combination, files, form="markdown")

    (block,) = [one for one in MarkdownIt("commonmark").parse(text) if one.type == "fence"]
    assert block.content == scenario.recipe(combination, files).rstrip() + "\n"
    assert "heading_open" not in {one.type for one in MarkdownIt("commonmark").parse(text)}


@pytest.mark.parametrize("broken", ["no file", "no digest"])
def test_what_cannot_be_fetched_and_verified_is_in_no_recipe(
    broken: str, scenario: Scenario, combination: Combination
) -> None:
    files = _files(RecipeFile(name="a.deb", url="https://example.org/a.deb", digest=""))
    if broken == "no file":
        files["runtime"] = []

    with pytest.raises(SmokeError):
        scenario.recipe(combination, files)


def test_other_bytes_than_told_are_not_run(scenario: Scenario, combination: Combination, tmp_path: Path) -> None:
    package = tmp_path / "a.deb"
    package.write_bytes(b"other bytes")
    script = tmp_path / "recipe.sh"
    file = RecipeFile(name="a.deb", url=package.as_uri(), digest=_DIGEST)
    script.write_text(scenario.recipe(combination, _files(file)), encoding="utf-8")

    done = subprocess.run(["sh", script, tmp_path / "dir"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (3, "")
    assert "does not have the digest" in done.stderr


def _lines_of(run: Run) -> list[str]:
    told: dict[str, Outcome] = {}
    for step in run.steps:
        if told.get(step.capability, Outcome.PASS) is Outcome.PASS:
            told[step.capability] = step.outcome
    return [f"{name}: {outcome}" for name, outcome in told.items() if outcome is not Outcome.NOT_REACHED]


def test_a_directory_with_something_in_it_is_left_alone(
    scenario: Scenario, combination: Combination, tmp_path: Path
) -> None:
    script = tmp_path / "recipe.sh"
    file = RecipeFile(name="a.deb", url="https://example.org/a.deb", digest=_DIGEST)
    script.write_text(scenario.recipe(combination, _files(file)), encoding="utf-8")

    done = subprocess.run(["sh", script, tmp_path], capture_output=True, text=True, check=False)

    assert "is not an empty directory" in done.stderr
    assert script.exists()


@pytest.mark.machine
@pytest.mark.archive
@pytest.mark.parametrize("which", ["own", "newest network", "newest runtime", "other runtime"])
def test_by_hand_the_same_is_seen(which: str, bed: Bed, tmp_path: Path) -> None:
    newest = bed.profile.factor("cni-spec").variants[0]
    releases, spec = {
        "own": ((), "0.4.0"),
        "newest network": ((), newest),
        "newest runtime": ((bed.of("runc")[-1],), "1.0.0"),
        "other runtime": ((bed.own("crun"),), "1.0.0"),
    }[which]
    combination, values = bed.combine(*releases, spec=spec)
    script = tmp_path / "recipe.sh"
    script.write_text(bed.recipe(combination, values), encoding="utf-8")

    run = bed.run(*releases, spec=spec)
    by_hand = subprocess.run(
        ["sh", script], capture_output=True, text=True, check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    )

    assert [line for line in by_hand.stdout.splitlines() if not line.startswith(" ")] == _lines_of(run), by_hand
    assert by_hand.returncode == (0 if run.outcome is Outcome.PASS else 1)
