"""The script with which a person redoes a combination by hand: Debian's own tools and nothing of ours."""

from __future__ import annotations

import platform
import re
import shlex
from typing import TYPE_CHECKING

from tracker.api import SmokeError

from .cni import CONFIGURATION_DIR, FILE_NAME, GATEWAY, PLUGIN_DIR, conflist
from .components import COMPONENTS
from .containers import DAEMON_CONFIG, SOCKET, TOKEN
from .image import OCI_MEDIA_TYPE, REFERENCE, architecture
from .isolation import FRESH_DIRS
from .recipe_script import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_UNSAFE = re.compile(r"[^A-Za-z0-9.+~_-]")
_UNSAFE_IN_COMMENT = re.compile(r"[^\x20-\x7e]")
_PLACE = re.compile(r"@([A-Z_]+)@")
_PLACES = ("containerd", "runtime", "cni-plugins", "busybox")


def write_recipe(combination: Combination, assets: Mapping[str, Sequence[RecipeFile]]) -> str:
    """Return the script; see ``Scenario.recipe`` for the arguments.

    Raises:
        SmokeError: a file that it must fetch is not told, or has no digest.
    """
    runtime = combination["runtime"].component
    values = {
        "COMBINATION": _UNSAFE_IN_COMMENT.sub(" ", combination.key),
        "FETCHES": "\n".join(line for place in _PLACES for line in _fetches(place, assets.get(place, ()))),
        "CONTAINERD_CONFIG": DAEMON_CONFIG,
        "CONFLIST": conflist(combination["cni-spec"].version),
        "FRESH_DIRS": " ".join(FRESH_DIRS),
        "CONTAINERD": _candidates("containerd", "containerd", "containerd"),
        "CTR": _candidates("containerd", "containerd", "ctr"),
        "RUNTIME": _candidates("runtime", runtime, "runtime"),
        "BUSYBOX": _candidates("busybox", "busybox", "busybox"),
        "ARCHITECTURE": architecture(platform.machine()),
        "OCI": OCI_MEDIA_TYPE,
        "CONFIGURATION_DIR": CONFIGURATION_DIR,
        "FILE_NAME": FILE_NAME,
        "PLUGIN_DIR": PLUGIN_DIR,
        "GATEWAY": GATEWAY,
        "SOCKET": SOCKET,
        "TOKEN": TOKEN,
        "REFERENCE": REFERENCE,
    }
    return _PLACE.sub(lambda match: values[match[1]], SCRIPT)


def recipe_markdown(script: str) -> str:
    """Return how the script is used, and the script itself, as Markdown."""
    longest = max((len(run) for run in re.findall("`+", script)), default=0)
    fence = "`" * max(3, longest + 1)  # what an upstream calls its files does not end it
    return f"Save this as `recipe.sh` and run it as root: `sh recipe.sh`.\n\n{fence}sh\n{script.rstrip()}\n{fence}\n"


def _fetches(place: str, files: Sequence[RecipeFile]) -> Iterator[str]:
    if not files:
        message = f"{place}: no file is known that the recipe could fetch"
        raise SmokeError(message)
    for file in files:
        match = _DIGEST.fullmatch(file.digest)
        if match is None:
            message = f"{file.name}: has no sha256 digest (digest: '{file.digest}')"
            raise SmokeError(message)
        name = _UNSAFE.sub("_", file.name)
        yield f'fetch {shlex.quote(file.url)} \\\n  {match[1]} "$W/{name}"'
        yield f'unpack "$W/{name}" "$W/{place}"'


def _candidates(place: str, component: str, name: str) -> str:
    found = next(one for one in COMPONENTS if one.name == component)
    return " ".join(f'"$W/{place}/{path}"' for path in found.binaries[name])
