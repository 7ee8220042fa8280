"""Known reasons for failing on Windows: what upstreams' issues quote, and what the scenario itself finds out.

Sources: containerd#13254 (JSON document), containerd#8348 (platform), containernetworking/cni ("incompatible CNI
versions"), hcsshim's error texts. None but the scenario's own was seen on Windows here.
"""

from __future__ import annotations

from tracker.api import Cause

CAUSES = (
    Cause(
        name="cni-version-not-spoken",
        pattern=r"^CNI (?P<spec>\S+) is written; (?P<plugin>.+) speaks (?P<spoken>[\d., ]+)$",
        sentence="The network configuration says CNI {spec}; {plugin} speaks {spoken}.",
        is_deterministic=True,
    ),
    Cause(
        name="client-lacks-plugin",
        pattern=r"^nerdctl needs the plugin (?P<needed>\w+); (?P<owner>.+) has (?P<plugins>.*)$",
        sentence="nerdctl needs the network plugin {needed}; {owner} has {plugins}.",
        is_deterministic=True,
    ),
    Cause(
        name="cni-version-refused",
        pattern=r'incompatible CNI versions; config is "(?P<spec>[^"]+)", plugin supports \[(?P<known>[^\]]*)\]',
        sentence="The network configuration says CNI {spec}; the plugin speaks {known}.",
        is_deterministic=True,
    ),
    Cause(
        name="hyperv-document-refused",
        pattern=r"The virtual machine or container JSON document is invalid",
        sentence="Windows' guest service refuses the document that this containerd's shim sends for Hyper-V isolation.",
        is_deterministic=True,
    ),
    Cause(
        name="no-image-for-build",
        pattern=r"no match for platform in manifest",
        sentence="containerd finds no image in the index for this build of Windows.",
        is_deterministic=True,
    ),
    Cause(
        name="image-newer-than-host",
        pattern=r"The container operating system does not match the host operating system",
        sentence="The image was made for another build of Windows than the host's.",
        is_deterministic=True,
    ),
    Cause(
        name="plugin-not-found",
        pattern=r'needs CNI plugin "?(?P<plugin>[\w-]+)"? to be installed',
        sentence="The network plugin {plugin} is not there.",
        is_deterministic=True,
    ),
)
