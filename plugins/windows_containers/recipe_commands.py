"""The shortest commands that demonstrate each capability by hand, in PowerShell. Pure.

Unlike the script they check nothing but the digests and undo nothing: they are for reading, and for showing to others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .names import ISOLATION
from .recipe_ingredients import place_of, sha256_of
from .recipe_quoting import file_name, literal, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .recipe_ingredients import Ingredients

ROOT = "C:\\Program Files\\containerd"
_CONTAINERD = '& "$Root\\bin\\containerd.exe"'
_CTR = '& "$Root\\bin\\ctr.exe"'
_NERDCTL = '& "$Root\\bin\\nerdctl.exe"'


def commands(parts: Ingredients) -> Mapping[str, tuple[str, ...]]:
    """Return the commands of each capability, in the order in which they are to be run."""
    told = {
        "installs": _installs(parts),
        "speaks": _speaks(parts),
        "configures": [f'{_CONTAINERD} config default | Out-File "$Root\\config.toml" -Encoding ascii'],
        "starts": [
            f'{_CONTAINERD} --register-service --config "$Root\\config.toml" --log-file "$Root\\containerd.log"',
            "Start-Service containerd",
            f"{_CTR} version",
        ],
        "pulls": _pulls(parts),
        "runs": _runs(parts),
        "networks": _networks(parts),
    }
    return {capability: tuple(lines) for capability, lines in told.items()}


def _installs(parts: Ingredients) -> Iterator[str]:
    yield "$Root = Join-Path $env:ProgramFiles 'containerd'"
    yield 'New-Item -ItemType Directory -Force "$Root\\bin", "$Root\\cni\\bin", "$Root\\cni\\conf" | Out-Null'
    for factor, files in parts.files.items():
        target = f'"$Root\\{place_of(factor)}"' if place_of(factor) else "$Root"
        for file in files:
            name = literal(file_name(file.name))
            yield f"Invoke-WebRequest -UseBasicParsing -OutFile {name} {literal(web_address(file.url))}"
            yield f"if ((Get-FileHash {name}).Hash -ne {literal(sha256_of(file))}) {{ throw 'these are other bytes' }}"
            if file.name.lower().endswith(".zip"):
                yield f"Expand-Archive -Force {name} {target}"
            elif file.name.lower().endswith(".exe"):
                yield f"Copy-Item {name} {target}"
            else:
                yield f"tar.exe -xf {name} -C {target}"
    yield f"{_CONTAINERD} --version"
    if parts.has_nerdctl:
        yield f"{_NERDCTL} --version"


def _speaks(parts: Ingredients) -> Iterator[str]:
    if parts.plugin:
        yield "$env:CNI_COMMAND = 'VERSION'"
        yield f'{literal(parts.question)} | & "$Root\\cni\\bin\\{parts.plugin}.exe"'
        yield "Remove-Item Env:CNI_COMMAND"


def _pulls(parts: Ingredients) -> Iterator[str]:
    if parts.images:
        # The newest: on an older host another one of the list is to be taken.
        yield f"$image = {literal(parts.images[-1].name)}"
        yield f"{_CTR} images pull --platform windows/amd64 $image"


def _runs(parts: Ingredients) -> Iterator[str]:
    if parts.images:
        yield f"{_ctr_run(parts)} $image first cmd /c echo it-runs"
        if parts.has_nerdctl:
            yield f"{_nerdctl_run(parts)} --network none $image cmd /c echo it-runs"


def _networks(parts: Ingredients) -> Iterator[str]:
    if parts.written is not None:
        name, text = parts.written
        path = literal(f"\\cni\\conf\\{name}")
        yield f"[IO.File]::WriteAllText($Root + {path}, {literal(json.dumps(json.loads(text)))})"
    if parts.images and parts.plugin:
        run = f"{_nerdctl_run(parts)} --network nat" if parts.has_nerdctl else f"{_ctr_run(parts)} --cni"
        yield f"{run} $image ipconfig" if parts.has_nerdctl else f"{run} $image second ipconfig"


def _ctr_run(parts: Ingredients) -> str:
    isolated = " --isolated" if parts.combination[ISOLATION].version == "hyperv" else ""
    return f"{_CTR} run --rm --runtime io.containerd.runhcs.v1{isolated}"


def _nerdctl_run(parts: Ingredients) -> str:
    return f"{_NERDCTL} run --rm --isolation {literal(parts.combination[ISOLATION].version)}"
