"""How a person installs a combination by hand on Windows: a PowerShell script, and the same in prose. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.api import SmokeError

from .names import CNI_CONFIG, CNI_SPEC, ISOLATION
from .network_config import network_file
from .recipe_markdown import recipe_markdown
from .recipe_script import HYPERV_CHECK, IMAGE, NERDCTL, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_UNSAFE = re.compile(r"[^A-Za-z0-9.+_-]")
_UNSAFE_IN_COMMENT = re.compile(r"[^\x20-\x7e]|#>")
_QUOTES = re.compile("['\u2018-\u201b]")
_PLACE = re.compile(r"@([A-Z_]+)@")
_BUILD = re.compile(r"(?<![\d.])10\.\d+\.\d+(?:\.\d+)?$")
_DESTINATIONS = {"containerd": "$Root", "nerdctl": "$Bin", "cni": "$CniBin"}
"""containerd's archive has its programs in ``bin``; those of the others lie flat."""


def write_recipe(combination: Combination, assets: Mapping[str, Sequence[RecipeFile]], *, form: str = "script") -> str:
    """Return the recipe; see ``Scenario.recipe`` for the arguments.

    Raises:
        SmokeError: a file that it must fetch is not told, or has no SHA-256.
    """
    files = {factor: _checked(factor, assets.get(factor, ())) for factor in _fetched(combination)}
    written = _written(combination)
    if form == "markdown":
        return recipe_markdown(combination, files, written, images=assets.get("image", ()))
    values = {
        "COMBINATION": _UNSAFE_IN_COMMENT.sub(" ", combination.key),
        "KEY": literal(_UNSAFE_IN_COMMENT.sub(" ", combination.key)),
        "HYPERV_CHECK": HYPERV_CHECK if combination[ISOLATION].version == "hyperv" else "",
        "FETCHES": "\n".join(line for factor, found in files.items() for line in _fetches(factor, found)),
        "NETWORK": _network(written),
        "IMAGE": _first_container(combination, assets.get("image", ())),
    }
    return _PLACE.sub(lambda match: values[match[1]], SCRIPT)


def literal(text: str) -> str:
    """Return ``text`` as PowerShell takes it literally, whatever is in it."""
    # Typographic quotes end a literal as well (about_Quoting_Rules).
    return "'" + _QUOTES.sub(lambda found: found[0] * 2, text) + "'"


def _fetched(combination: Combination) -> list[str]:
    return [factor for factor in _DESTINATIONS if not combination[factor].is_absent]


def _checked(factor: str, files: Sequence[RecipeFile]) -> Sequence[RecipeFile]:
    if not files:
        message = f"{factor}: no file is known that the recipe could fetch"
        raise SmokeError(message)
    for file in files:
        if _DIGEST.fullmatch(file.digest) is None:
            message = f"{file.name}: has no sha256 digest (digest: '{file.digest}')"
            raise SmokeError(message)
    return files


def _fetches(factor: str, files: Sequence[RecipeFile]) -> Iterator[str]:
    for file in files:
        name = literal(_UNSAFE.sub("_", file.name))
        digest = literal(file.digest.removeprefix("sha256:"))
        yield f"$file = Get-VerifiedFile {literal(file.url)} `\n    {digest} {name}"
        yield f"Expand-Release $file {_DESTINATIONS[factor]}"


def _written(combination: Combination) -> tuple[str, str] | None:
    if combination["cni"].is_absent:
        return None
    return network_file(combination[CNI_CONFIG].version, combination[CNI_SPEC].version)


def _network(written: tuple[str, str] | None) -> str:
    if written is None:
        return "# No network configuration is written: nerdctl makes its own when it first needs one."
    name, text = written
    # A here-string ends at its mark alone; the file must begin without a byte order mark.
    return (
        f"$network = @'\n{text.rstrip()}\n'@\n"
        f"[IO.File]::WriteAllText((Join-Path $CniConf {literal(name)}), $network, [Text.UTF8Encoding]::new($false))"
    )


def _first_container(combination: Combination, images: Sequence[RecipeFile]) -> str:
    by_build = {found[0]: file.url.removeprefix("docker://") for file in images if (found := _BUILD.search(file.name))}
    if not by_build:
        return "# No image is known; pull one that this Windows can run, and try it with `ctr run`."
    isolation = combination[ISOLATION].version
    values = {
        "IMAGES": "\n".join(f"    {literal(build)} = {literal(url)}" for build, url in sorted(by_build.items())),
        "CTR_ISOLATION": ", '--isolated'" if isolation == "hyperv" else "",
        "ISOLATION": literal(isolation),
    }
    script = IMAGE + ("" if combination["nerdctl"].is_absent or combination["cni"].is_absent else NERDCTL)
    return _PLACE.sub(lambda match: values[match[1]], script)
