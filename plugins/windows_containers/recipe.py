"""How a person installs a combination by hand on Windows: a PowerShell script, and the same in prose. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import recipe_capabilities as shown
from .names import CNI_SPEC, ISOLATION
from .network_config import GATEWAY
from .recipe_ingredients import ingredients, place_of, sha256_of
from .recipe_markdown import recipe_markdown
from .recipe_quoting import comment, file_name, literal, web_address
from .recipe_script import HYPERV_CHECK, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile

    from .recipe_ingredients import Ingredients

_PLACE = re.compile(r"@([A-Z_]+)@")


def write_recipe(combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script") -> str:
    """Return the recipe; see ``Scenario.recipe`` for the arguments.

    Raises:
        SmokeError: a file that it must fetch is not told, or has no SHA-256.
    """
    parts = ingredients(combination, assets)
    return recipe_markdown(parts) if form == "markdown" else _script(parts)


def _script(parts: Ingredients) -> str:
    combination = parts.combination
    writes_itself = "nerdctl-nat.conflist" if parts.has_nerdctl and parts.plugin and parts.written is None else ""
    values = {
        "COMBINATION": comment(combination.key),
        "KEY": literal(comment(combination.key)),
        "WRITTEN_BY_CLIENT": literal(writes_itself),
        "HYPERV_CHECK": HYPERV_CHECK if combination[ISOLATION].version == "hyperv" else "",
        "FETCHES": "\n".join(line for factor, found in parts.files.items() for line in _fetches(factor, found)),
        "NETWORK": _network(parts),
        "INSTALLS": "\n".join(_starts(parts)),
        "SHOWN": _shown(parts),
    }
    return _filled(SCRIPT, values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: values[match[1]], text)


def _fetches(factor: str, files: Sequence[RecipeFile]) -> Iterator[str]:
    for file in files:
        name = literal(file_name(file.name))
        yield f"$file = Get-VerifiedFile {literal(web_address(file.url))} `\n    {literal(sha256_of(file))} {name}"
        yield f"Expand-Release $file {literal(place_of(factor))}"


def _network(parts: Ingredients) -> str:
    if parts.written is None:
        return "# No network configuration is written: the client makes its own when it first needs one."
    name, text = parts.written
    lines = ",\n".join(f"    {literal(line)}" for line in text.splitlines())
    place = literal(f"cni\\conf\\{name}")
    return f'Set-StagedText {place} (@(\n{lines}\n) -join "`n")'


def _starts(parts: Ingredients) -> Iterator[str]:
    programs = ["$Containerd", "$Ctr", *(["(Join-Path $Bin 'nerdctl.exe')"] if parts.has_nerdctl else [])]
    return (f"    Invoke-Program {program} @('--version')" for program in programs)


def _shown(parts: Ingredients) -> str:
    """Return what is demonstrated with the installed programs; what fails last keeps nothing else from being told."""
    isolation = parts.combination[ISOLATION].version
    values = {
        "ISOLATION": literal(isolation),
        "IMAGES": "\n".join(f"    @{{ Build = {one.build}; Name = {literal(one.name)} }}" for one in parts.images),
        "CTR_ISOLATION": "'--isolated'" if isolation == "hyperv" else "",
        "RUN_BY_NERDCTL": shown.RUN_BY_NERDCTL if parts.has_nerdctl else "",
        "PLUGIN": literal(f"{parts.plugin}.exe"),
        "QUESTION": literal(parts.question),
        "SPEC": literal(parts.combination[CNI_SPEC].version),
        "GATEWAY": re.escape(GATEWAY),
        "BY_CLIENT": shown.BY_NERDCTL if parts.has_nerdctl else shown.BY_CTR,
    }
    values["NETWORKS"] = _filled(shown.NETWORKS, values)
    networks = shown.NETWORKS if parts.has_nerdctl else shown.NETWORKS_BY_CTR
    script = "".join(
        (
            shown.NERDCTL if parts.has_nerdctl else "",
            shown.IMAGE if parts.images else shown.NO_IMAGE,
            shown.SPEAKS if parts.plugin else "",
            networks if parts.plugin and parts.images else "",
        )
    )
    return _filled(script, values)
