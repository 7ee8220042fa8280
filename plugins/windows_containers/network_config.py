"""The network configurations of the matrix: which file lies in the run's directory before anybody is asked. Pure.

Shapes: containerd's script install-cni-windows writes ``0-containerd-nat.conf`` with CNI 0.2.0; nerdctl writes
``nerdctl-nat.conflist`` with CNI 1.0.0 since 0.18.0, with this subnet (both read in their sources, 2026-08-22).
"""

from __future__ import annotations

import json

NETWORK = "nat"
SUBNET = "10.4.0.0/24"
GATEWAY = "10.4.0.1"
NERDCTL_WRITES = "1.0.0"
NERDCTL_WRITES_SINCE = "0.18.0"
_NAT = {
    "type": "nat",
    "master": "Ethernet",
    "ipam": {"subnet": SUBNET, "routes": [{"gateway": GATEWAY}]},
    "capabilities": {"portMappings": True, "dns": True},
}
_FIRST_LIST = (0, 3, 0)
"""Since CNI 0.3.0 a configuration may be a list of plugins."""


def network_file(config: str, spec: str) -> tuple[str, str] | None:
    """Return name and text of the file that is written for a run; ``None`` where the client writes its own.

    Args:
        config: ``"tracker"``, ``"nerdctl"`` or ``"install-cni-windows"``.
        spec: the CNI version to write; the script always writes 0.2.0.

    Raises:
        ValueError: another ``config``.
    """
    if config == "nerdctl":
        return None
    if config == "install-cni-windows":
        return "0-containerd-nat.conf", _text({"cniVersion": "0.2.0", "name": NETWORK, **_NAT})
    if config != "tracker":
        message = f"{config!r}: nobody is known who writes configurations under this name"
        raise ValueError(message)
    if tuple(int(part) for part in spec.split(".")) < _FIRST_LIST:
        return "tracker-nat.conf", _text({"cniVersion": spec, "name": NETWORK, **_NAT})
    return "tracker-nat.conflist", _text({"cniVersion": spec, "name": NETWORK, "plugins": [_NAT]})


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2) + "\n"
