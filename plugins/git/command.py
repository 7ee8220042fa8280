"""The git program: where it is, and how it is asked."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tracker.api import SourceError

from .process import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_OLDEST = (2, 31)
_VERSION = re.compile(r"git version (\d+)\.(\d+)")
_VERSION_SECONDS = 30
_MOST_BYTES = 256 << 20
_SIGNS = ("fatal: ", "error: ", "remote: ")
_VAGUE = re.compile(
    r"access rights|Could not read from remote|index-pack|early EOF|hung up|upload-pack: abort|pack-objects died"
)


class GitError(Exception):
    """git did not do what it was asked to.

    Args:
        line: the last line with which it says why, without its sign at the beginning.
        is_stopped: it was ended for its time or for its output.
    """

    def __init__(self, line: str, *, is_stopped: bool = False) -> None:
        super().__init__(line)
        self.line = line
        self.is_stopped = is_stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """git in one directory and one environment.

    Attributes:
        program: path of the program.
        env: its whole environment.
        directory: where it starts.
        seconds: after which it is ended.
    """

    program: str
    env: Mapping[str, str]
    directory: Path
    seconds: float

    def run(self, *arguments: str, stdin: str = "", guard: Callable[[], str] | None = None) -> bytes:
        """Return what git writes to its standard output; blocks.

        Args:
            arguments: of git.
            stdin: what it reads; UTF-8.
            guard: see ``process.run``.

        Raises:
            GitError: git failed, or was ended.
            SourceError: git cannot be started.
        """
        argv = [self.program, *arguments]
        try:
            ended = run(
                argv,
                env=self.env,
                directory=self.directory,
                stdin=stdin.encode(),
                seconds=self.seconds,
                most_bytes=_MOST_BYTES,
                guard=guard,
            )
        except OSError as error:
            raise _not_started(self.program, error) from error
        if ended.stopped:
            raise GitError(ended.stopped, is_stopped=True)
        if ended.exit_code:
            raise GitError(last_line(ended.stderr) or f"exit code {ended.exit_code}")
        return ended.stdout


def find_git() -> str:
    """Return the path of the git program.

    Raises:
        SourceError: there is none, or it is too old.
    """
    program = shutil.which("git")
    if program is None:
        message = "git is not installed, or not in PATH"
        raise SourceError(message, hint="Install git (on Debian: apt install git; on Windows: Git for Windows).")
    version = _version(program)
    if version < _OLDEST:
        wanted, found = (".".join(map(str, each)) for each in (_OLDEST, version))
        message = f"{program}: is version {found}; needed is {wanted} or later"
        raise SourceError(message, hint="Install a later git.")
    return program


@cache
def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_started(program, error) from error
    match = _VERSION.search(said.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def last_line(stderr: bytes) -> str:
    """Return the last line that says what is wrong, in printable characters; empty when there is none."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", stderr.decode("utf-8", "replace")) if line.strip()]
    signed = [line for line in lines if line.startswith(_SIGNS)] or lines
    # What git says last is often only that its own parts did not get what they wanted; the cause stands before that.
    telling = [line for line in signed if not _VAGUE.search(line)] or signed
    line = telling[-1] if telling else ""
    if line.endswith(":"):
        # The reason why no connection could be made stands on a line of its own.
        line = " ".join((line, *lines[lines.index(line) + 1 :][:1]))
    for sign in (*reversed(_SIGNS), *_SIGNS):
        line = line.removeprefix(sign)
    return "".join(letter for letter in line if letter.isprintable())[:300].rstrip(". ")


def _not_started(program: str, error: Exception) -> SourceError:
    return SourceError(f"{program}: cannot be started: {getattr(error, 'strerror', '') or error}")
