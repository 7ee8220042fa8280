"""The network configuration of the smoke: a bridge with host-local addresses.

Format: https://www.cni.dev/docs/spec/ (read 2026-11-23). Without masquerading it needs neither nft nor iptables.
"""

from __future__ import annotations

import json

CONFIGURATION_DIR = "/etc/cni/net.d"
PLUGIN_DIR = "/opt/cni/bin"
FILE_NAME = "10-smoke.conflist"
GATEWAY = "10.99.0.1"
_SUBNET = "10.99.0.0/24"


def conflist(spec: str) -> str:
    """Return the configuration with ``cniVersion`` set to ``spec``, as JSON."""
    ipam = {"type": "host-local", "ranges": [[{"subnet": _SUBNET, "gateway": GATEWAY}]]}
    bridge = {"type": "bridge", "bridge": "smoke0", "isGateway": True, "ipam": ipam}
    return json.dumps({"cniVersion": spec, "name": "smoke", "plugins": [bridge]})
