"""Files as they were at another commit of the repository that they lie in."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tracker.errors import UsageError


def at_reference(reference: str, name: str) -> bytes | None:
    """Return the bytes of the file ``name`` at ``reference``; ``None`` where it was not there.

    Raises:
        UsageError: git is missing, the file lies in no repository, or there is no such commit.
    """
    path = Path(name)
    directory = path.parent if path.parent.is_dir() else Path()
    if _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}").returncode:
        message = f"--base {reference}: there is no such commit in the repository of {name}"
        raise UsageError(message, hint="Name a branch, tag or commit that git has; fetch it first.")
    shown = _git(directory, "show", "--end-of-options", f"{reference}:./{path.name}")
    return shown.stdout if shown.returncode == 0 else None


def _git(directory: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(directory), *words], capture_output=True, check=False, timeout=60)  # noqa: S607
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"--base: git cannot be run: {error}"
        raise UsageError(message, hint="Install git, or leave --base out.") from error
