"""What is told of this host, and of others by what their kernel would say."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.linux_containers.facts import LinuxFacts, cgroup_layout

if TYPE_CHECKING:
    from pathlib import Path

_V1 = "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0"
_V2 = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0"
_NAMED_V2 = "none /sys/fs/cgroup/unified cgroup2 rw 0 0"
_OTHER = "tmpfs /sys/fs/cgroup tmpfs rw 0 0"


@pytest.mark.parametrize(
    ("mounts", "layout"),
    [
        pytest.param([_OTHER, _V1], "v1", id="v1"),
        pytest.param([_OTHER, _V1, _NAMED_V2], "hybrid", id="hybrid"),
        pytest.param([_V2], "v2", id="v2"),
        pytest.param([_OTHER], "", id="none"),
        pytest.param(["", "broken"], "", id="noise"),
    ],
)
def test_the_control_group_layout_is_told_by_the_mounts(mounts: list[str], layout: str) -> None:
    assert cgroup_layout(mounts) == layout


@pytest.mark.skipif(sys.platform != "linux", reason="facts of a Linux host")
def test_the_facts_are_those_that_the_machines_own_programs_tell() -> None:
    facts = LinuxFacts().gather()

    assert facts["kernel.release"] == platform.release()
    assert facts["arch"] == subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    assert re.fullmatch(r"\d+\.\d+", facts["kernel"])
    told = subprocess.run(["getconf", "GNU_LIBC_VERSION"], capture_output=True, text=True, check=False).stdout
    assert facts.get("libc", "") == ".".join(told.split()[-1].split(".")[:2]) if told else "libc" not in facts


def test_a_fact_that_cannot_be_told_is_left_out(tmp_path: Path) -> None:
    facts = LinuxFacts(mounts=tmp_path / "none", os_release=tmp_path / "none").gather()

    assert "cgroup" not in facts
    assert "os" not in facts


def test_the_distribution_is_told_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "os").write_text('NAME="X"\nPRETTY_NAME="X 1 (one)"\n', encoding="utf-8")

    assert LinuxFacts(os_release=tmp_path / "os").gather()["os"] == "X 1 (one)"
