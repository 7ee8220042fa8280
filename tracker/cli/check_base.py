"""Files as they were at another commit of the repository that they lie in."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 60


def at_reference(reference: str, name: str) -> bytes | None:
    """Return the bytes of the file ``name`` at ``reference``; ``None`` where it was not there.

    Nothing that the repository configures is run: git hands out the bytes as they are kept.

    Raises:
        UsageError: git is missing, the file lies in no repository, or there is no such commit.
    """
    path = Path(name)
    directory = next((one for one in path.parents if one.is_dir()), Path())
    verified = _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    if verified.returncode:
        message = f"--base {reference}: there is no such commit in the repository of {name}"
        said = verified.stderr.decode(errors="replace").strip()
        raise UsageError(message, hint=said or "Name a branch, tag or commit that git has; fetch it first.")
    commit = verified.stdout.decode().strip()
    within = path.relative_to(directory).as_posix()
    found = _git(directory, "cat-file", "blob", f"{commit}:./{within}")
    return found.stdout if found.returncode == 0 else None


def pins_at(reference: str, config_path: Path) -> Mapping[str, str]:
    """Return [pins] of tracker.toml at ``reference``; empty where it was not there, or had none that can be read.

    Raises:
        UsageError: as for ``at_reference``.
    """
    data = at_reference(reference, str(config_path))
    try:
        pins = tomllib.loads((data or b"").decode()).get("pins", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # What could not be read there pinned nothing there.
        return {}
    return {name: text for name, text in pins.items() if isinstance(text, str)} if isinstance(pins, dict) else {}


def _git(directory: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    argv = ["git", "-C", str(directory), *words]
    try:
        return subprocess.run(argv, capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"--base: git cannot be run: {error}"
        raise UsageError(message, hint="Install git, or leave --base out.") from error
