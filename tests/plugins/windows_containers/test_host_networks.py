"""Host networks are read as PowerShell lists them, and a network that was there before is never removed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.windows_containers.host_networks import HostNetworks, read_networks

from tracker.protocols import Completed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OLD = {"ID": "1111", "Name": "Default Switch", "Type": "ICS"}
NAT = {"ID": "2222", "Name": "nat", "Type": "nat"}


def test_one_network_and_several_and_none_are_read() -> None:
    assert read_networks("") == ()
    assert [one.name for one in read_networks(json.dumps(NAT))] == ["nat"]
    assert [one.kind for one in read_networks(json.dumps([OLD, NAT]))] == ["ics", "nat"]


@pytest.mark.parametrize("text", ['{"Name": "nat"}', '["nat"]', "no json"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_networks(text)


@dataclass
class Machine:
    """A bench whose PowerShell knows these networks; it stands for Windows, which is not here."""

    workspace: Path
    networks: list[dict[str, str]] = field(default_factory=list)

    def run(self, argv: Sequence[str]) -> Completed:
        script = argv[-1]
        if "Remove-HnsNetwork" in script:
            self.networks = [one for one in self.networks if f"'{one['ID']}'" not in script]
        listing = json.dumps(self.networks) if "ConvertTo-Json" in script else ""
        return Completed(exit_code=0, stdout=listing, stderr="")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    workspace = tmp_path / "runs" / "1" / "work"
    workspace.mkdir(parents=True)
    return Machine(workspace, [OLD])


def test_what_a_run_made_is_removed_and_what_was_there_stays(machine: Machine) -> None:
    networks = HostNetworks(machine)
    networks.begin()
    machine.networks.append(NAT)

    networks.remove_made()

    assert machine.networks == [OLD]


def test_what_a_killed_run_made_is_removed_by_the_next_one(machine: Machine, tmp_path: Path) -> None:
    HostNetworks(machine).begin()
    machine.networks.append(NAT)
    machine.workspace = tmp_path / "runs" / "2" / "work"

    networks = HostNetworks(machine)
    networks.remove_leftovers()

    assert networks.existing_nat() is None
    assert machine.networks == [OLD]


def test_a_nat_network_that_was_there_before_is_found_and_never_removed(machine: Machine) -> None:
    machine.networks.append(NAT)
    networks = HostNetworks(machine)
    networks.remove_leftovers()
    networks.begin()

    found = networks.existing_nat()
    networks.remove_made()

    assert found is not None
    assert found.id == "2222"
    assert machine.networks == [OLD, NAT]
