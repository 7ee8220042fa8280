"""The profile ``windows-containers``: what is combined, what is demonstrated, and what names the host."""

from __future__ import annotations

from tracker.api import ABSENT, Basis, Exclusion, Factor, Profile, StoryRequest, Succession, hookimpl

from .components import IMAGE_NAMES, INFORMATIVE_NAMES
from .names import CNI_CONFIG, CNI_PLUGINS, CNI_SPEC, CONTAINERD, ISOLATION, NERDCTL, WCN
from .scenario import NAME as SCENARIO

NAME = "windows-containers"
CAPABILITIES = ("installs", "speaks", "configures", "starts", "pulls", "runs", "networks", "internet")

_FACTORS = (
    Factor(name="containerd", title="containerd", components=(CONTAINERD,)),
    Factor(name="nerdctl", title="nerdctl", components=(NERDCTL,), may_be_absent=True),
    Factor(name="cni", title="network plugins", components=(WCN, CNI_PLUGINS), absent_while_unknown=True),
    Factor(
        name=CNI_SPEC,
        title="CNI version written in the network configuration",
        variants=("1.1.0", "1.0.0", "0.4.0", "0.3.1", "0.3.0", "0.2.0"),
    ),
    Factor(
        name=CNI_CONFIG,
        title="who wrote the network configuration",
        variants=("tracker", "nerdctl", "install-cni-windows"),
    ),
    Factor(name="image", title="image", components=IMAGE_NAMES, absent_while_unknown=True),
    Factor(name=ISOLATION, title="isolation", variants=("process", "hyperv")),
)

_EXCLUSIONS = (
    Exclusion(
        one=CNI_CONFIG,
        one_texts=frozenset({"nerdctl"}),
        other="nerdctl",
        other_texts=frozenset({ABSENT}),
        reason="Without nerdctl there is nobody to write its configuration.",
    ),
    Exclusion(
        one=CNI_CONFIG,
        one_texts=frozenset({"nerdctl"}),
        other=CNI_SPEC,
        except_other=frozenset({"1.0.0"}),
        reason="nerdctl writes CNI 1.0.0 since 0.18.0.",
    ),
    Exclusion(
        one=CNI_CONFIG,
        one_texts=frozenset({"install-cni-windows"}),
        other=CNI_SPEC,
        except_other=frozenset({"0.2.0"}),
        reason="containerd's script install-cni-windows writes CNI 0.2.0.",
    ),
)

_CNI_1 = StoryRequest(
    component=WCN,
    repository="microsoft/windows-container-networking",
    number=96,
    wanted="CNI 1.0.0 configurations",
    replaces="the self-built nat.exe from the branch cni_1.0.0-support of TBBle/windows-container-networking",
    succession=(
        Succession(
            number=101,
            basis=Basis.PERSON,
            reason=(
                "It makes the same change (CNI 0.4.0 and 1.0.0 are accepted as well, though not 0.3.1) and was merged "
                "on 2023-12-25; the comment with which #96 was closed was not seen, so that it was closed for #101 is "
                "a conclusion."
            ),
            url="https://github.com/microsoft/windows-container-networking/pull/101",
        ),
    ),
)


@hookimpl
def tracker_profiles() -> tuple[Profile, ...]:
    """Return the profile."""
    return (
        Profile(
            name=NAME,
            title="containerd, nerdctl and network plugins on Windows",
            factors=_FACTORS,
            scenario=SCENARIO,
            capabilities=CAPABILITIES,
            required=("installs", "starts", "runs", "networks"),
            host_key=("windows.build", "windows.edition", "windows.isolation", "arch"),
            platforms=("win32",),
            asset_platforms=("windows/amd64",),
            informs=INFORMATIVE_NAMES,
            advice=(
                "Without a token GitHub answers 60 requests an hour, which one first look uses up; with one 5,000.",
                "It is taken from GITHUB_TOKEN, GH_TOKEN or `gh auth token`, and needs no right at all.",
                "The API of a GitHub Enterprise Server: https://HOST/api/v3",
            ),
            stories=(_CNI_1,),
            exclusions=_EXCLUSIONS,
        ),
    )
