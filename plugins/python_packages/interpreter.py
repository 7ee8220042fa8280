"""The Python that environments are made with, and which wheels it takes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import packaging
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from tracker.api import ConfigError, SmokeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.api import Combination, Release

_SECONDS = 60
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ASK = """
import json, platform, sys
sys.path.insert(0, sys.argv[1])
from packaging.tags import sys_tags
tags = [[t.interpreter, t.abi, t.platform] for t in sys_tags()]
print(json.dumps([platform.python_implementation(), platform.python_version(), tags]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python of this machine.

    Attributes:
        path: of the program.
        implementation: ``CPython``.
        version: ``3.11.2``.
        tags: what wheels it takes, best first.
    """

    path: str
    implementation: str
    version: str
    tags: tuple[Tag, ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.implementation} {self.version}"


def factors_of(options: Mapping[str, object]) -> frozenset[str]:
    """Return the factors whose values choose the interpreter: those that the option ``python`` names in braces."""
    return frozenset(_PLACEHOLDER.findall(_option(options)))


def find_interpreter(options: Mapping[str, object], combination: Combination) -> Interpreter:
    """Return the interpreter that the option ``python`` means for ``combination``; by default the tracker's own.

    Raises:
        ConfigError: the option is no text, or names a factor that the combination has not.
        SmokeError: it is not on this machine, or does not start.
    """
    versions = {value.factor: value.version for value in combination}

    def filled(match: re.Match[str]) -> str:
        if match[1] not in versions:
            message = f"environments.virtual-environment.python = {wanted!r}: there is no factor '{match[1]}'"
            raise ConfigError(message, hint=f"Factors: {', '.join(sorted(versions))}")
        return versions[match[1]]

    wanted = _option(options)
    named = _PLACEHOLDER.sub(filled, wanted) or sys.executable
    found = shutil.which(named)
    if found is None:
        message = f"{named}: there is no such Python on this machine"
        raise SmokeError(message, hint="Install it, or change [environments.virtual-environment] python.")
    return _examine(found)


def with_best_wheel(release: Release, interpreter: Interpreter) -> Release:
    """Return the release with the one wheel that pip would take; without assets where none fits."""
    rank = {tag: place for place, tag in enumerate(interpreter.tags)}
    found = []
    for asset in release.assets:
        try:
            _, _, build, tags = parse_wheel_filename(asset.name)
        except InvalidWheelFilename:
            continue
        places = [rank[tag] for tag in tags if tag in rank]
        if places:
            found.append((min(places), [-build[0]] if build else [1], asset.name, asset))
    return replace(release, assets=(min(found)[3],) if found else ())


def _option(options: Mapping[str, object]) -> str:
    told = options.get("python", "")
    if not isinstance(told, str):
        message = f"environments.virtual-environment.python = {told!r}: must be a program's name or path"
        raise ConfigError(message, hint='For instance "python3.12", or "python{python}" with a factor called python.')
    return told


@lru_cache(maxsize=32)
def _examine(path: str) -> Interpreter:
    library = str(Path(packaging.__file__).parent.parent)
    try:
        done = subprocess.run(
            [path, "-I", "-c", _ASK, library], capture_output=True, text=True, check=True, timeout=_SECONDS
        )
        implementation, version, tags = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        told = getattr(error, "stderr", "") or str(error)
        message = f"{path}: does not tell what it is: {told.strip()[-300:]}"
        raise SmokeError(message, hint="It must be a Python that starts here.") from error
    return Interpreter(
        path=path, implementation=implementation, version=version, tags=tuple(Tag(*told) for told in tags)
    )
