"""The recipe as prose with commands, for the site and for people who trust no script. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import CNI_SPEC, ISOLATION
from .network_config import GATEWAY
from .recipe_commands import ROOT, commands
from .recipe_ingredients import place_of, sha256_of
from .recipe_quoting import cell, code_cell, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recipe_ingredients import Ingredients

_TITLES = {
    "installs": "Fetch, check and unpack",
    "speaks": "Ask the network plugin for its versions",
    "configures": "Write the configuration",
    "starts": "Register and start the service",
    "pulls": "Pull the image",
    "runs": "Run a container without a network",
    "networks": "Run one with a network",
}
_UNKNOWN_BUILD = -1


def recipe_markdown(parts: Ingredients) -> str:
    """Return the steps: downloads with digests, the commands of each step, and what tells that it passed."""
    return "\n".join(_lines(parts)).rstrip("\n") + "\n"


def _lines(parts: Ingredients) -> Iterator[str]:
    yield from (f"In an elevated PowerShell on {_windows(parts)}. Everything comes into `{ROOT}`.", "")
    yield from ("| part | download | SHA-256 | unpack to |", "|---|---|---|---|")
    for factor, files in parts.files.items():
        place = rf"{ROOT}\{place_of(factor)}".rstrip("\\")
        for file in files:
            yield f"| {cell(factor)} | {_link(file.name, file.url)} | `{sha256_of(file)}` | {code_cell(place)} |"
    yield ""
    if len(parts.images) > 1:
        yield from ("| image for build | reference |", "|---|---|")
        yield from (f"| {one.build if one.build >= 0 else 'any'} | {code_cell(one.name)} |" for one in parts.images)
        yield ""
    passed = _passed(parts)
    told = {capability: lines for capability, lines in commands(parts).items() if lines}
    for number, (capability, lines) in enumerate(told.items(), start=1):
        yield from (f"**{number}. {_TITLES[capability]}** (`{capability}`)", "")
        if capability == "networks":
            yield from _network(parts)
        yield from _fence("powershell", lines)
        yield from (f"It passes when {passed[capability]}.", "")


def _windows(parts: Ingredients) -> str:
    feature = " and Hyper-V" if parts.combination[ISOLATION].version == "hyperv" else ""
    word = "features" if feature else "feature"
    return f"Windows Server 2019 or newer with the {word} Containers{feature}"


def _passed(parts: Ingredients) -> dict[str, str]:
    spec = code_cell(parts.combination[CNI_SPEC].version)
    return {
        "installs": "no digest differs and every program tells its version",
        "speaks": f"its answer lists {spec} among `supportedVersions`",
        "configures": "the file is ASCII (`>` of PowerShell 5 would write UTF-16, which containerd refuses)",
        "starts": "`ctr version` names client and server",
        "pulls": "the exit code (`$LASTEXITCODE`) is 0",
        "runs": "each container says `it-runs`",
        "networks": f"`ipconfig` names the gateway `{GATEWAY}`",
    }


def _network(parts: Ingredients) -> Iterator[str]:
    if parts.written is None:
        yield from ("No network configuration is written: nerdctl makes its own.", "")
        return
    name, text = parts.written
    yield from (f"The configuration is {code_cell(name)}, without a byte order mark:", "")
    yield from _fence("json", text.splitlines())


def _link(name: str, url: str) -> str:
    address = web_address(url)
    if address.startswith(("https://", "http://")):
        return f"[{cell(name)}](<{address}>)"
    return f"{cell(name)} ({code_cell(address)})"


def _fence(language: str, lines: tuple[str, ...] | list[str]) -> Iterator[str]:
    yield from (f"```{language}", *lines, "```", "")
