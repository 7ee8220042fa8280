"""What each run has for itself: containerd's client takes no flag for these directories, and runc uses /run."""

from __future__ import annotations

from tracker.api import IsolationNeeds

FRESH_DIRS = ("/run", "/etc/cni", "/opt/cni", "/var/lib/cni")
NEEDS = IsolationNeeds(fresh_dirs=FRESH_DIRS, network=True, cgroup=True)
