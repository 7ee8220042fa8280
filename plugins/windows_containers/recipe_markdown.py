"""The recipe as prose with commands, for the site and for upstream's issue trackers. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .names import ISOLATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile

_CELL = re.compile(r"[|\\`\r\n<>]")
_ROOT = r"C:\Program Files\containerd"
_PLACES = {"containerd": f"{_ROOT} (its programs lie in bin)", "nerdctl": rf"{_ROOT}\bin", "cni": rf"{_ROOT}\cni\bin"}


def recipe_markdown(
    combination: Combination,
    files: Mapping[str, Sequence[RecipeFile]],
    written: tuple[str, str] | None,
    *,
    images: Sequence[RecipeFile] = (),
) -> str:
    """Return the steps: downloads with digests, configuration, service, network, first container.

    Args:
        combination: what is installed.
        files: what is fetched, by factor.
        written: name and text of the network configuration; ``None`` where nerdctl writes its own.
        images: references of the image for each build of Windows.
    """
    return "\n".join(_lines(combination, files, written, images)) + "\n"


def _lines(
    combination: Combination,
    files: Mapping[str, Sequence[RecipeFile]],
    written: tuple[str, str] | None,
    images: Sequence[RecipeFile],
) -> Iterator[str]:
    yield from ("In an elevated PowerShell. Check each SHA-256 with `Get-FileHash` before anything is unpacked.", "")
    yield from ("| part | download | SHA-256 | unpack to |", "|---|---|---|---|")
    for factor, found in files.items():
        for file in found:
            digest = file.digest.removeprefix("sha256:")
            yield f"| {factor} | [{_cell(file.name)}](<{_address(file.url)}>) | `{digest}` | `{_PLACES[factor]}` |"
    yield from ("", "```powershell", rf"cd '{_ROOT}\bin'")
    yield r".\containerd.exe config default | Out-File ..\config.toml -Encoding ascii"
    yield r".\containerd.exe --register-service --config '..\config.toml'; Start-Service containerd; .\ctr.exe version"
    yield from ("```", "")
    if written is not None:
        name, text = written
        yield from (rf"Write this as `{_ROOT}\cni\conf\{name}`, without a byte order mark:", "", "```json")
        yield from (text.rstrip(), "```", "")
    elif not combination["nerdctl"].is_absent:
        yield from ("Write no network configuration: nerdctl makes its own.", "")
    if images:
        yield from ("```powershell", *_container(combination, images[-1].url.removeprefix("docker://")), "```")


def _container(combination: Combination, image: str) -> Iterator[str]:
    isolation = combination[ISOLATION].version
    isolated = " --isolated" if isolation == "hyperv" else ""
    yield f".\\ctr.exe images pull --platform windows/amd64 '{image}'"
    yield f".\\ctr.exe run --rm{isolated} '{image}' first cmd /c echo it runs"
    if not combination["nerdctl"].is_absent:
        yield f".\\nerdctl.exe run --rm --isolation {isolation} --network nat '{image}' ipconfig"


def _cell(text: str) -> str:
    return _CELL.sub("_", text)


def _address(url: str) -> str:
    return re.sub(r"[<>\s|]", "", url)
