"""`tracker check` on files that need several alternatives of a factor: a build on one image, the rest on another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Box
from tests.evidence.world import axis
from tests.snapshot.small_world import world_snapshot
from tracker.snapshot import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

NETS = ("nat@2.0", "nat@1.0", "bridge@2.0", "bridge@1.0")
AXES = (axis("engine", "2.0", "1.0"), axis("net", *NETS, components=("nat", "bridge")))


@pytest.fixture
def box(tmp_path: Path) -> Box:
    (engine, _), nets = AXES[0].values, {one.text: one for one in AXES[1].values}
    misfit = frozenset({engine, nets["bridge@1.0"]})
    remarks = {"2.0": "It was withdrawn."}
    snapshot = world_snapshot(AXES, misfit, makers="makers", now=datetime.now(UTC), remarks=remarks)
    write_snapshot(tmp_path / "tracker-data" / "verdicts.sqlite", snapshot)
    return Box(tmp_path)


def _files(box: Box, **texts: str) -> None:
    for name, text in texts.items():
        (box.directory / f"{name}.env").write_text(text)


def test_each_alternative_that_files_name_has_to_work_with_all_the_rest(box: Box) -> None:
    _files(box, a="engine=2.0\nNAT_VERSION=2.0\n", b="BRIDGE_VERSION=1.0\n", c="BRIDGE_VERSION=2.0\n")

    broken = box.tracker("check", "a.env", "b.env", "engine=2.0", "--json")
    assert broken.exit_code == 1, broken.stderr
    assert broken.json["pins"] == {"engine": "2.0", "net": "bridge@1.0"}
    assert [(one["verdict"], one["pins"]["net"]) for one in broken.json["also"]] == [("works", "nat@2.0")]
    told = box.tracker("check", "a.env", "b.env", "engine=2.0")
    assert told.stdout.startswith("BROKEN: engine=2.0 net=bridge@1.0\n")
    assert "Also asked, and no worse: WORKS: engine=2.0 net=nat@2.0\n" in told.stdout

    works = box.tracker("check", "a.env", "c.env", "engine=2.0", "--json")
    assert (works.exit_code, len(works.json["also"])) == (0, 1)


def test_two_versions_of_one_alternative_are_still_an_error(box: Box) -> None:
    _files(box, a="NAT_VERSION=2.0\nBRIDGE_VERSION=1.0\n", b="NAT_VERSION=1.0\n")

    answered = box.tracker("check", "a.env", "b.env")

    assert answered.exit_code == 2
    assert "two values for net: nat@2.0 and nat@1.0" in answered.stderr
    assert "a.env:1 says net=nat@2.0, b.env:1 says net=nat@1.0" in answered.stderr


def test_a_person_who_names_one_alternative_beside_a_file_with_another_is_asked_which(box: Box) -> None:
    _files(box, a="NAT_VERSION=2.0\n")

    answered = box.tracker("check", "a.env", "net=bridge@2.0")

    assert answered.exit_code == 2
    assert "two values for net" in answered.stderr


def test_an_upgrade_takes_the_place_of_all_alternatives(box: Box) -> None:
    _files(box, a="NAT_VERSION=2.0\nBRIDGE_VERSION=1.0\n")

    answered = box.tracker("check", "a.env", "engine=2.0", "--upgrade", "net=bridge@2.0")

    assert answered.exit_code == 0, answered.stderr
    assert answered.stdout.startswith("Before: BROKEN: engine=2.0 net=bridge@1.0\nWORKS: engine=2.0 net=bridge@2.0\n")


def test_what_should_be_known_of_a_version_is_said_once_however_often_it_is_named(box: Box) -> None:
    _files(box, a="NAT_VERSION=2.0\n" * 5)

    answered = box.tracker("check", "a.env", "--format", "github")

    assert answered.stdout.count("It was withdrawn.") == 1
    assert "::warning file=a.env,line=1,title=net=nat@2.0::It was withdrawn." in answered.stdout
