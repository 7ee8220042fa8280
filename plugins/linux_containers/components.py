"""The parts that Linux containers are made of, as Debian packages them."""

from __future__ import annotations

from tracker.api import Component, hookimpl


def _component(name: str, title: str, homepage: str, package: str, binaries: dict[str, tuple[str, ...]]) -> Component:
    return Component(
        name=name,
        title=title,
        source="debian",
        scheme="debian",
        installer="deb",
        options={"package": package},
        homepage=homepage,
        binaries=binaries,
    )


COMPONENTS = (
    _component(
        "containerd",
        "container manager: images, containers and their life",
        "https://containerd.io/",
        "containerd",
        {
            "containerd": ("usr/bin/containerd",),
            "ctr": ("usr/bin/ctr",),
            "containerd-shim-runc-v2": ("usr/bin/containerd-shim-runc-v2",),
        },
    ),
    _component(
        "runc",
        "OCI runtime in Go, the reference",
        "https://github.com/opencontainers/runc",
        "runc",
        {"runtime": ("usr/sbin/runc", "usr/bin/runc")},
    ),
    _component(
        "crun",
        "OCI runtime in C",
        "https://github.com/containers/crun",
        "crun",
        {"runtime": ("usr/bin/crun", "usr/sbin/crun")},
    ),
    _component(
        "cni-plugins",
        "network plugins of the Container Network Interface",
        "https://www.cni.dev/plugins/current/",
        "containernetworking-plugins",
        {name: (f"usr/lib/cni/{name}",) for name in ("bridge", "host-local", "loopback")},
    ),
    _component(
        "busybox",
        "small programs in one file: the payload of the smoke image",
        "https://busybox.net/",
        "busybox-static",
        {"busybox": ("usr/bin/busybox", "bin/busybox")},
    ),
)


@hookimpl
def tracker_components() -> tuple[Component, ...]:
    """Return containerd, the two runtimes, the CNI plugins and the payload of the smoke image."""
    return COMPONENTS
