"""What the parts are called here: as components, and as factors of the profile."""

from __future__ import annotations

CONTAINERD = "containerd-windows"
NERDCTL = "nerdctl"
WCN = "windows-container-networking"
CNI_PLUGINS = "containernetworking-plugins"
CNI_SPEC = "cni-spec"
CNI_CONFIG = "cni-config"
ISOLATION = "isolation"

SUPPORT_FILE = "containerd RELEASES.md"
"""Name under which containerd's own table of supported releases is watched."""
