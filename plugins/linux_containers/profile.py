"""The profile ``linux-containers``: what is combined, what is demonstrated, and what names the host."""

from __future__ import annotations

from tracker.api import Factor, Profile, hookimpl

from .scenario import CAPABILITIES, NAME


@hookimpl
def tracker_profiles() -> tuple[Profile, ...]:
    """Return the profile."""
    return (
        Profile(
            name=NAME,
            title="containerd, OCI runtime and CNI plugins on Linux",
            factors=(
                Factor(name="containerd", title="containerd", components=("containerd",)),
                Factor(name="runtime", title="OCI runtime", components=("runc", "crun")),
                Factor(name="cni-plugins", title="CNI plugins", components=("cni-plugins",)),
                Factor(
                    name="cni-spec",
                    title="CNI version written in the network configuration",
                    variants=("1.1.0", "1.0.0", "0.4.0"),
                ),
            ),
            scenario=NAME,
            capabilities=CAPABILITIES,
            required=CAPABILITIES,
            host_key=("libc", "cgroup", "kernel", "arch"),
            tools=("busybox",),
            source_options={"debian": {"suites": ["trixie", "forky", "sid", "experimental"]}},
            platforms=("linux",),
        ),
    )
