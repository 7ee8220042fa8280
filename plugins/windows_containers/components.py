"""The parts of Windows containers without Docker: where they are watched, and what their files are called.

File names and tags follow the upstreams' release workflows and Makefiles (read 2026-08-22); those of containerd before
1.4 and of the CNI plugins before 0.8 are from memory and were not verified.
"""

from __future__ import annotations

from tracker.api import AssetRule, Component, TagRule, Watch, hookimpl

from .names import CNI_PLUGINS, CONTAINERD, NERDCTL, SUPPORT_FILE, WCN

_WINDOWS = "windows/amd64"
_LINUX = "linux/amd64"
_TAGS = TagRule(version=r"v(?P<version>\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)", line=r"\d+\.\d+")
"""``v2.3.4`` and ``v2.4.0-beta.0``; not ``api/v1.11.0``, ``0.0.5`` or ``CNI_V1Schema``."""
_EACH_TAG = TagRule(version=_TAGS.version, line=r"\d+\.\d+\.\d+")
"""Six releases in seven years, made from two branches at once: each is a line of its own, so that all are tried."""
_IMAGE_TAGS = TagRule(version=r"(?P<version>ltsc\d{4}(?:-amd64)?)", line=r"ltsc\d{4}(?:-amd64)?", prerelease="")
"""Each long-term channel is a line of its own. Its ``-amd64`` tag is another way to the image: a plain manifest, which
containerd does not match against the host's build."""
_BUSYBOX_TAGS = TagRule(version=r"(?P<version>\d+\.\d+(?:\.\d+)?-\d+)", line=r"\d+\.\d+", prerelease="")

_CONTAINERD = Component(
    name=CONTAINERD,
    title="container manager: images, containers and their life",
    source="github",
    scheme="semver",
    installer="archive",
    options={"repository": "containerd/containerd"},
    homepage="https://containerd.io/",
    binaries={
        "containerd": ("bin/containerd.exe",),
        "ctr": ("bin/ctr.exe",),
        "containerd-shim-runhcs-v1": ("bin/containerd-shim-runhcs-v1.exe",),
    },
    tags=_TAGS,
    assets=(
        AssetRule(platform=_WINDOWS, pattern="containerd-{version}-windows-amd64.tar.gz"),
        AssetRule(platform=_WINDOWS, pattern="containerd-{version}.windows-amd64.tar.gz"),
        AssetRule(platform=_LINUX, pattern="containerd-{version}-linux-amd64.tar.gz"),
        AssetRule(platform=_LINUX, pattern="containerd-{version}.linux-amd64.tar.gz"),
    ),
    checksums=("{name}.sha256sum",),
    live_lines=4,
    watches=(
        Watch(
            source="url",
            options={
                "kind": "file",
                "name": SUPPORT_FILE,
                "url": "https://raw.githubusercontent.com/containerd/containerd/main/RELEASES.md",
                "keep_text": "yes",
            },
        ),
    ),
)

_NERDCTL = Component(
    name=NERDCTL,
    title="command line for containerd",
    source="github",
    scheme="semver",
    installer="archive",
    options={"repository": "containerd/nerdctl"},
    aliases=("nerdctl-full",),
    homepage="https://github.com/containerd/nerdctl",
    binaries={"nerdctl": ("nerdctl.exe",)},
    tags=_TAGS,
    assets=(
        AssetRule(platform=_WINDOWS, pattern="nerdctl-{version}-windows-amd64.tar.gz"),
        AssetRule(platform=_LINUX, pattern="nerdctl-{version}-linux-amd64.tar.gz"),
    ),
    checksums=("SHA256SUMS",),
    live_lines=3,
)

_WCN = Component(
    name=WCN,
    title="network plugins for Windows: nat, sdnbridge, sdnoverlay",
    source="github",
    scheme="semver",
    installer="archive",
    options={"repository": "microsoft/windows-container-networking", "pull_requests": "90 96 101 107"},
    aliases=("wincni", "win-cni", "windows-cni"),
    homepage="https://github.com/microsoft/windows-container-networking",
    binaries={name: (f"{name}.exe",) for name in ("nat", "sdnbridge", "sdnoverlay")},
    tags=_EACH_TAG,
    assets=(
        AssetRule(platform=_WINDOWS, pattern="windows-container-networking-cni-amd64-{tag}.zip"),
        AssetRule(platform=_WINDOWS, pattern="windows-container-networking-cni-amd64-{version}.zip"),
    ),
    checksums=("{name}.sha256", "{name}.sha512"),
    live_lines=6,
    watches=(
        Watch(
            source="git",
            options={"repository": "microsoft/windows-container-networking", "pull_requests": "96 101 107"},
        ),
        Watch(
            source="github",
            options={
                "repository": "TBBle/windows-container-networking",
                "tells": "branches",
                "branches": "cni_1.0.0-support",
            },
        ),
    ),
)

_CNI_PLUGINS = Component(
    name=CNI_PLUGINS,
    title="reference network plugins; on Windows win-bridge, win-overlay and host-local",
    source="github",
    scheme="semver",
    installer="archive",
    options={"repository": "containernetworking/plugins"},
    aliases=("cni-plugins",),
    homepage="https://www.cni.dev/plugins/current/",
    binaries={name: (f"{name}.exe",) for name in ("win-bridge", "win-overlay", "host-local")},
    tags=_TAGS,
    assets=(
        AssetRule(platform=_WINDOWS, pattern="cni-plugins-windows-amd64-{tag}.tgz"),
        AssetRule(platform=_LINUX, pattern="cni-plugins-linux-amd64-{tag}.tgz"),
        AssetRule(platform=_LINUX, pattern="cni-plugins-amd64-{tag}.tgz"),
    ),
    checksums=("{name}.sha256", "{name}.sha512", "{name}.sha1"),
    live_lines=2,
)


def _base_image(name: str, title: str) -> Component:
    channels = ("ltsc2025", "ltsc2022", "ltsc2019")
    return Component(
        name=name,
        title=title,
        source="oci",
        scheme="natural",
        installer="oci-layout",
        options={
            "image": f"mcr.microsoft.com/windows/{name}",
            "tags": " ".join(tag for channel in channels for tag in (channel, f"{channel}-amd64")),
            "platform_os": "windows",
        },
        homepage="https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-base-images",
        tags=_IMAGE_TAGS,
    )


_IMAGES = (
    _base_image("nanoserver", "the smallest base image of Windows"),
    _base_image("servercore", "base image of Windows with more of its interfaces"),
    Component(
        name="windows-busybox",
        title="a busybox that runs on Windows, as the tests of containerd and nerdctl use it",
        source="oci",
        scheme="natural",
        installer="oci-layout",
        options={"image": "registry.k8s.io/e2e-test-images/busybox", "platform_os": "windows"},
        tags=_BUSYBOX_TAGS,
        live_lines=1,
    ),
)


def _informative(name: str, title: str, repository: str, assets: tuple[AssetRule, ...] = ()) -> Component:
    return Component(
        name=name,
        title=title,
        source="github",
        scheme="semver",
        installer="",
        options={"repository": repository},
        homepage=f"https://github.com/{repository}",
        tags=_TAGS,
        assets=assets,
        live_lines=2,
    )


_INFORMATIVE = (
    _informative("hcsshim", "the shim through which containerd runs Windows containers", "microsoft/hcsshim"),
    _informative(
        "runc-upstream",
        "OCI runtime for Linux; told beside the others, and not used on Windows",
        "opencontainers/runc",
        (AssetRule(platform=_LINUX, pattern="runc.amd64"),),
    ),
    Component(
        name="windows-install-script",
        title="Microsoft's script that installs containerd, nerdctl and network plugins; downloads without checksums",
        source="url",
        scheme="semver",
        installer="",
        options={
            "kind": "file",
            "name": "install-containerd-runtime.ps1",
            "url": (
                "https://raw.githubusercontent.com/microsoft/Windows-Containers/Main/"
                "helpful_tools/Install-ContainerdRuntime/install-containerd-runtime.ps1"
            ),
            "named.containerd": r"(?i)\$ContainerDVersion\s*=\s*[\"'](?P<version>[0-9][^\"']*)[\"']",
            "named.nerdctl": r"(?i)\$NerdCTLVersion\s*=\s*[\"'](?P<version>[0-9][^\"']*)[\"']",
            "named.windows-container-networking": r"(?i)\$WinCNIVersion\s*=\s*[\"'](?P<version>[0-9][^\"']*)[\"']",
        },
        homepage="https://github.com/microsoft/Windows-Containers/tree/Main/helpful_tools/Install-ContainerdRuntime",
    ),
)

INFORMATIVE_NAMES = tuple(component.name for component in _INFORMATIVE)
IMAGE_NAMES = tuple(component.name for component in _IMAGES)


@hookimpl
def tracker_components() -> tuple[Component, ...]:
    """Return the parts that are combined, the images that are run, and what is watched for information."""
    return (_CONTAINERD, _NERDCTL, _WCN, _CNI_PLUGINS, *_IMAGES, *_INFORMATIVE)
