"""Virtual environments: the packages of a combination in one, at exactly its versions, with all that they require.

pip decides what comes with them, as it would for a person (``pip install`` with its report,
https://pip.pypa.io/en/stable/reference/installation-report/, read 2026-11-30). Then that very set is installed by its
digests. Nothing is ever built: a package without a wheel for this Python is not tried here.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from tracker.api import MisfitError, NotApplicableError, Part, Resolution, SmokeError, hookimpl

from .complaints import Asked, check_reached, complain
from .interpreter import factors_of, find_interpreter, with_best_wheel
from .pip_run import Pip
from .pip_settings import read_settings
from .source import PackageIndex, project_of, urls_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.api import Combination, EnvironmentBuilder, EnvironmentRequest, Member, Release

    from .interpreter import Interpreter
    from .pip_settings import PipSettings

_MAKE_SECONDS = 120
_STANDS_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What pip told, and when on the monotonic clock."""

    at: float
    said: str | MisfitError | NotApplicableError


class VirtualEnvironment:
    """Makes a virtual environment of packages from package indexes."""

    name = "virtual-environment"
    option_names = frozenset({"python"})

    def select(self, release: Release, combination: Combination, options: Mapping[str, object]) -> Release:
        """Return the release with the wheel that pip would take for the combination's Python."""
        return with_best_wheel(release, find_interpreter(options, combination))

    def __init__(self) -> None:
        self._found: dict[str, _Found] = {}
        self._guard = threading.Lock()

    def resolve(self, request: EnvironmentRequest) -> Resolution:
        """Return what pip would install; without network, what it came to when it was asked last.

        An answer stands for ten minutes: runs that are compared in one pass are of one closure, and pip takes seconds.
        """
        interpreter = find_interpreter(request.options, request.combination)
        requirements = [_requirement(member, interpreter) for member in request.members]
        digest = _digest([*requirements, repr(sorted(request.source_options.items()))], interpreter)
        kept = request.cache_dir / "resolutions" / f"{digest}.json"
        with self._guard:
            found = self._found.get(digest)
        if found is None or time.monotonic() - found.at > _STANDS_SECONDS:
            found = _Found(at=time.monotonic(), said=self._ask(request, requirements, interpreter, kept))
            with self._guard:
                self._found[digest] = found
        if isinstance(found.said, str):
            return Resolution(
                parts=_read_parts(found.said),
                exercises=frozenset(member.factor for member in request.members) | factors_of(request.options),
                facts={"python": interpreter.title},
            )
        raise found.said

    @staticmethod
    def _ask(
        request: EnvironmentRequest, requirements: list[str], interpreter: Interpreter, kept: Path
    ) -> str | MisfitError | NotApplicableError:
        """Return pip's report, or why there is none that is the packages' own fault."""
        settings = _settings(request)
        is_local = all(index.url.startswith("file:") for index in settings.indexes)
        if request.network.offline and not is_local:
            return _kept_report(kept)
        with tempfile.TemporaryDirectory(prefix="tracker-report-") as scratch:
            report = Path(scratch, "report.json")
            pip = Pip(interpreter.path, settings, request.network, request.cache_dir)
            said = pip.install(requirements, "--dry-run", "--ignore-installed", "--report", str(report))
            check_reached(said)
            if said.exit_code != 0:
                error = complain(said, _asked(request))
                if isinstance(error, MisfitError | NotApplicableError):
                    return error
                raise error
            text = report.read_text(encoding="utf-8")
        _read_parts(text)
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f"{kept.name}.{threading.get_ident()}")
        part.write_text(text, encoding="utf-8")
        part.replace(kept)
        return text

    def fill(self, request: EnvironmentRequest, resolution: Resolution, prefix: Path) -> None:
        """Make the environment and install exactly what was resolved, each file by its digest."""
        interpreter = find_interpreter(request.options, request.combination)
        _make(interpreter, prefix)
        pip = Pip(_program(prefix), _settings(request), request.network, request.cache_dir)
        lines = [f"{part.name} @ {part.url} --hash={part.digest}" for part in resolution.parts]
        said = pip.install(lines, "--no-deps", "--require-hashes", "--no-warn-script-location")
        if said.exit_code != 0:
            check_reached(said)
            last = said.output.splitlines()[-1][:500] if said.output else "no word of why"
            message = f"pip could not install what it had resolved: {last}"
            raise SmokeError(message)


def _requirement(member: Member, interpreter: Interpreter) -> str:
    """Return the line that asks for exactly the member's file.

    Raises:
        NotApplicableError: it has no file for the interpreter.
        SmokeError: nobody published a digest of it.
    """
    release, project = member.release, project_of(member.component)
    if not release.assets:
        message = (
            f"{project} {release.version}: there is no wheel of it for {interpreter.title} on this platform, "
            "and nothing is built here"
        )
        raise NotApplicableError(message)
    (asset,) = release.assets
    digest = asset.digest or next(iter(asset.further_digests), "")
    if not digest:
        message = f"{asset.name}: the index tells no digest to verify it by"
        raise SmokeError(message, hint="What cannot be verified is not run.")
    extras = member.component.options.get("extras", "")
    return f"{project}{f'[{extras}]' if extras else ''} @ {asset.url}#{digest.replace(':', '=', 1)}"


def _settings(request: EnvironmentRequest) -> PipSettings:
    return read_settings(urls_of(request.source_options.get(PackageIndex.name, {})))


def _asked(request: EnvironmentRequest) -> Asked:
    projects = {str(project_of(member.component)): member for member in request.members}
    return Asked(
        members={name: member.factor for name, member in projects.items()},
        versions={name: member.release.version for name, member in projects.items()},
        choosing=factors_of(request.options),
    )


def _read_parts(report: str) -> tuple[Part, ...]:
    try:
        document: dict[str, Any] = json.loads(report)
        return tuple(sorted(_part(one) for one in document["install"]))
    except (ValueError, KeyError, TypeError) as error:
        message = f"pip's report cannot be read: {type(error).__name__}: {error}"
        raise SmokeError(message) from error


def _part(told: Mapping[str, Any]) -> Part:
    name, version = str(told["metadata"]["name"]), str(told["metadata"]["version"])
    digest = told["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
    if not digest:
        message = f"{name} {version}: the index tells no digest to verify it by"
        raise SmokeError(message, hint="What cannot be verified is not run.")
    parts = urlsplit(str(told["download_info"]["url"]))
    clean = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
    file = unquote(clean.path.rpartition("/")[2])
    return Part(name=canonicalize_name(name), version=version, file=file, url=clean.geturl(), digest=f"sha256:{digest}")


def _kept_report(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = "what these packages come to was never resolved here, and [network] offline is true"
        raise SmokeError(message, hint="Run it once with a network.") from error


def _digest(requirements: Iterable[str], interpreter: Interpreter) -> str:
    told = json.dumps([sorted(requirements), interpreter.path, interpreter.title])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _make(interpreter: Interpreter, prefix: Path) -> None:
    command = [interpreter.path, "-I", "-m", "venv", "--without-pip", str(prefix)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_MAKE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"{interpreter.path} cannot make a virtual environment: {type(error).__name__}"
        raise SmokeError(message) from error
    if done.returncode:
        message = f"{interpreter.path} cannot make a virtual environment: {done.stderr.strip()[-300:]}"
        raise SmokeError(message, hint="Install what brings its module venv (python3-venv on Debian).")


def _program(prefix: Path) -> Path:
    windows = prefix / "Scripts" / "python.exe"
    return windows if windows.exists() else prefix / "bin" / "python"


@hookimpl
def tracker_environment_builders() -> Iterable[EnvironmentBuilder]:
    """Register the builder of virtual environments."""
    return (VirtualEnvironment(),)
