"""Runs the tracker's own pip for another Python, with nothing of the machine's configuration but where packages are."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.api import SmokeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import NetworkSettings

    from .pip_settings import PipSettings

_SECONDS = 900
_ALWAYS = ("--no-input", "--disable-pip-version-check", "--no-color", "--only-binary", ":all:")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSaid:
    """How pip ended.

    Attributes:
        exit_code: of pip.
        output: what it told people.
        log: the same with every detail.
    """

    exit_code: int
    output: str
    log: str


class Pip:
    """pip for one interpreter.

    Args:
        python: path of the interpreter; it needs no pip of its own.
        settings: where packages are.
        network: proxy, certificates and time limit of tracker.toml, which stand over pip's own.
        cache_dir: where it keeps what it fetched.
    """

    def __init__(self, python: Path | str, settings: PipSettings, network: NetworkSettings, cache_dir: Path) -> None:
        self._python = str(python)
        self._env = _environment(settings, network, cache_dir)

    def install(self, requirements: Sequence[str], *options: str) -> PipSaid:
        """Run ``pip install``; blocks.

        Args:
            requirements: lines of a requirements file.
            options: further options of ``pip install``.

        Raises:
            SmokeError: it does not start, or does not end.
        """
        with tempfile.TemporaryDirectory(prefix="tracker-pip-") as scratch:
            listed, log = Path(scratch, "requirements.txt"), Path(scratch, "pip.log")
            listed.write_text("\n".join([*requirements, ""]), encoding="utf-8")
            command = [sys.executable, "-m", "pip", "--python", self._python, "install", *_ALWAYS, *options]
            try:
                done = subprocess.run(
                    [*command, "--log", str(log), "--requirement", str(listed)],
                    capture_output=True,
                    text=True,
                    errors="replace",
                    check=False,
                    timeout=_SECONDS,
                    cwd=scratch,
                    env=dict(self._env),
                    stdin=subprocess.DEVNULL,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                message = f"pip for {self._python} did not end: {type(error).__name__}"
                raise SmokeError(message) from error
            told = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
        output = f"{done.stdout}\n{done.stderr}".replace(f"{listed}", "requirements.txt").strip()
        return PipSaid(exit_code=done.returncode, output=output, log=told)


def _environment(settings: PipSettings, network: NetworkSettings, cache_dir: Path) -> Mapping[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))
    }
    own = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_CACHE_DIR": str(cache_dir / "pip"),
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "LC_ALL": "C.UTF-8",
    }
    if network.proxy:
        own["PIP_PROXY"] = network.proxy
    if network.ca_file is not None:
        own["PIP_CERT"] = str(network.ca_file)
    return {**kept, "PIP_DEFAULT_TIMEOUT": f"{network.timeout_seconds:g}", **settings.for_pip, **own}
