"""Combinations, files and a reader of PowerShell for the tests of recipes."""

from __future__ import annotations

import pytest

from tracker.model import ABSENT, Combination, Value
from tracker.protocols.scenario import RecipeFile

DIGEST = "sha256:" + "ab" * 32
URL = "https://example.com/download"
IMAGE = f"mcr.microsoft.com/windows/nanoserver@{DIGEST}"
FILES = {
    "containerd": (RecipeFile(name="containerd-2.1.4-windows-amd64.tar.gz", url=f"{URL}/c.tar.gz", digest=DIGEST),),
    "nerdctl": (RecipeFile(name="nerdctl-2.3.5-windows-amd64.tar.gz", url=f"{URL}/n.tar.gz", digest=DIGEST),),
    "cni": (RecipeFile(name="wcn.zip", url=f"{URL}/w.zip", digest=DIGEST),),
    "image": (
        RecipeFile(name="ltsc2022 windows/amd64 10.0.20348.2849", url=f"docker://{IMAGE}", digest=DIGEST),
        RecipeFile(name="ltsc2022 linux/amd64", url="docker://example.com/linux", digest=DIGEST),
    ),
}
CONFIGS = (("tracker", "1.0.0"), ("tracker", "0.2.0"), ("nerdctl", "1.0.0"), ("install-cni-windows", "0.2.0"))


def combination(  # noqa: PLR0913 - one for each factor
    *,
    nerdctl: str = "2.3.5",
    config: str = "tracker",
    spec: str = "1.0.0",
    isolation: str = "process",
    cni: str = "windows-container-networking@0.3.1",
    image: str = "nanoserver@ltsc2022",
    containerd: str = "2.1.4",
) -> Combination:
    """Return a combination; ``absent`` leaves a part out."""
    return Combination.of(
        [
            Value("containerd", containerd, "containerd-windows"),
            Value("nerdctl", nerdctl, "" if nerdctl == ABSENT else "nerdctl"),
            _alternative("cni", cni),
            Value("cni-spec", spec),
            Value("cni-config", config),
            _alternative("image", image),
            Value("isolation", isolation),
        ]
    )


def faults(script: str) -> list[str]:
    """Return what the grammar of PowerShell cannot read."""
    pack = pytest.importorskip("tree_sitter_language_pack", reason="not installed: tree-sitter-language-pack")
    pending, found = [pack.get_parser("powershell").parse(script.encode()).root_node], []
    while pending:
        node = pending.pop()
        if node.type == "ERROR" or node.is_missing:
            found.append(f"{node.start_point}: {node.text!r}")
        pending += node.children
    return found


def _alternative(factor: str, text: str) -> Value:
    component, _, version = text.rpartition("@")
    return Value(factor, version, component, is_alternative=bool(component))
