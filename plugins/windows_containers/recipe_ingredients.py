"""What a recipe is made of: files that can be verified, images, and the network configuration. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.api import SmokeError

from .installs import PLUGINS
from .names import CNI_CONFIG, CNI_SPEC
from .network_config import NETWORK, network_file
from .recipe_quoting import web_address
from .speaks import CLIENT_PLUGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.api import Combination, RecipeFile

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_BUILD = re.compile(r"(?<![\d.])10\.0\.(\d{4,6})(?![\d])")
_OTHER_PLATFORM = re.compile(r"(?:^| )(?!windows/amd64)[a-z]+/[a-z0-9]+")
_PLACES = {"containerd": "", "nerdctl": "bin", "cni": "cni\\bin"}
"""Where each archive is unpacked below the root: containerd's has its programs in ``bin``, the others are flat."""
_UNKNOWN_BUILD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image of the combination.

    Attributes:
        build: build of Windows that it is made for; -1 when it does not tell.
        name: reference by digest.
    """

    build: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What a recipe is made of, verified.

    Attributes:
        combination: what is installed.
        files: what is fetched, by factor, in the order of installation; each has a SHA-256.
        written: name and text of the network configuration; ``None`` where none is written.
        images: oldest build first.
        plugin: program of the network plugin that is asked; empty where there are no plugins.
    """

    combination: Combination
    files: Mapping[str, Sequence[RecipeFile]]
    written: tuple[str, str] | None
    images: tuple[Image, ...]
    plugin: str

    @property
    def has_nerdctl(self) -> bool:
        """Whether nerdctl is in the combination."""
        return not self.combination["nerdctl"].is_absent

    @property
    def question(self) -> str:
        """What the network plugin is asked on its standard input, as JSON."""
        spec = self.combination[CNI_SPEC].version
        return json.dumps({"cniVersion": spec, "name": NETWORK, "type": self.plugin})


def ingredients(combination: Combination, assets: Mapping[str, Sequence[RecipeFile]]) -> Ingredients:
    """Return what the recipe of ``combination`` is made of.

    Raises:
        SmokeError: a file that it must fetch is not told, or has no SHA-256.
    """
    cni = combination["cni"]
    names = [factor for factor in _PLACES if not combination[factor].is_absent]
    client = "" if combination["nerdctl"].is_absent else CLIENT_PLUGIN
    images = "" if combination["image"].is_absent else "image"
    return Ingredients(
        combination=combination,
        files={factor: _checked(factor, assets.get(factor, ())) for factor in names},
        written=None if cni.is_absent else network_file(combination[CNI_CONFIG].version, combination[CNI_SPEC].version),
        images=tuple(sorted(_images(assets.get(images, ())), key=lambda one: one.build)),
        plugin="" if cni.is_absent else client or PLUGINS[cni.component][0],
    )


def place_of(factor: str) -> str:
    r"""Return where the files of a factor are unpacked below the root, as ``cni\bin``; empty for the root itself."""
    return _PLACES[factor]


def sha256_of(file: RecipeFile) -> str:
    """Return the 64 hex digits of a file that is verified already."""
    return file.digest.removeprefix("sha256:")


def _checked(factor: str, files: Sequence[RecipeFile]) -> Sequence[RecipeFile]:
    if not files:
        message = f"{factor}: no file is known that the recipe could fetch"
        raise SmokeError(
            message, hint="`tracker releases` tells which versions have files; `tracker poll` looks again."
        )
    for file in files:
        if _DIGEST.fullmatch(file.digest) is None:
            message = f"{file.name}: has no sha256 digest (digest: '{file.digest}')"
            raise SmokeError(message, hint="What cannot be verified is in no recipe.")
    return files


def _images(files: Sequence[RecipeFile]) -> Iterator[Image]:
    for file in files:
        if _OTHER_PLATFORM.search(file.name) is None:
            found = _BUILD.search(file.name)
            name = web_address(file.url.removeprefix("docker://"))
            yield Image(build=int(found[1]) if found else _UNKNOWN_BUILD, name=name)
