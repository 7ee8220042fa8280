"""The network configurations of the matrix are what their names promise."""

from __future__ import annotations

import ipaddress
import json

import pytest
from tracker.plugins.windows_containers.network_config import GATEWAY, SUBNET, network_file

from tracker.registry import build_registry

_SPECS = next(one.variants for one in build_registry().profiles["windows-containers"].factors if one.name == "cni-spec")


def test_the_gateway_is_an_address_of_the_subnet() -> None:
    assert ipaddress.ip_address(GATEWAY) in ipaddress.ip_network(SUBNET).hosts()


@pytest.mark.parametrize("spec", _SPECS)
def test_our_own_configuration_says_the_version_and_has_the_form_of_its_time(spec: str) -> None:
    written = network_file("tracker", spec)
    assert written is not None
    name, text = written
    document = json.loads(text)
    plugin = document["plugins"][0] if "plugins" in document else document

    assert document["cniVersion"] == spec
    assert document["name"] == "nat"
    assert (plugin["type"], plugin["master"]) == ("nat", "Ethernet")
    assert plugin["ipam"] == {"subnet": SUBNET, "routes": [{"gateway": GATEWAY}]}
    assert plugin["capabilities"] == {"portMappings": True, "dns": True}
    # A list of plugins is a thing of CNI 0.3.0 and later, and is told by the ending of its name.
    assert ("plugins" in document, name) == (
        (False, "tracker-nat.conf") if spec == "0.2.0" else (True, "tracker-nat.conflist")
    )


@pytest.mark.parametrize("spec", _SPECS)
def test_the_script_of_containerd_always_writes_0_2_0(spec: str) -> None:
    written = network_file("install-cni-windows", spec)
    assert written is not None

    assert written[0] == "0-containerd-nat.conf"
    assert json.loads(written[1])["cniVersion"] == "0.2.0"
    assert "plugins" not in json.loads(written[1])


def test_what_nerdctl_writes_is_not_written_for_it() -> None:
    assert network_file("nerdctl", "1.0.0") is None


def test_nobody_else_writes_configurations() -> None:
    with pytest.raises(ValueError, match="nobody is known"):
        network_file("docker", "1.0.0")
