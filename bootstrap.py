"""Set everything up beside this file and run the tracker, its tests or its lint checks.

    python3 bootstrap.py up                    set up, then `tracker up`
    python3 bootstrap.py check containerd=...  any other first word is a command of the tracker
    python3 bootstrap.py test [ARGUMENTS]      set up with the test tools, then pytest with these arguments
    python3 bootstrap.py lint                  set up with the lint tools, then ruff, mypy and import-linter
    python3 bootstrap.py --wheels DIR ...      install from this folder of wheels alone, without any package index

It needs Python 3.11 or newer with its `venv` module and nothing else. What it installs lies in `.venv` beside this
file and belongs to it: a damaged or half-made `.venv` is made anew. A second call installs nothing. pip's own
configuration (files and PIP_* variables) says where packages come from. `TRACKER_WHEELS` does what `--wheels` does;
this fills such a folder, on a machine of the same kind that reaches a package index:

    python3 -m pip wheel --wheel-dir DIR --requirement constraints.txt

Exit codes: those of the command that it runs; 2 for a wrong call, 3 when the setup could not be finished.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "bootstrap-stamp.json"
INPUTS = ("pyproject.toml", "constraints.txt", "bootstrap.py")
OLDEST = (3, 11)
USAGE, INCOMPLETE, INTERRUPTED = 2, 3, 130
SEE_HELP = "See: python3 bootstrap.py --help"
NEEDS_VENV = "On Debian and Ubuntu: apt-get install python3-venv"
# All tests share the cores; a few that were asked for by name are told best one after the other.
ALL_TESTS = ("--numprocesses=logical", "--dist=loadfile")
LINT = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))

# A virtual environment refuses PIP_USER; the rest of the person's pip configuration must keep working.
FORCED_ENVIRONMENT = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


class BootstrapError(Exception):
    """What went wrong and what to do about it, as a person is told."""

    def __init__(self, message: str, hint: str = "", exit_code: int = INCOMPLETE) -> None:
        super().__init__(message)
        self.hint = hint
        self.exit_code = exit_code


@dataclass(frozen=True)
class Stamp:
    """What the last finished setup depended on, its dependency groups, and the packages' records it left behind."""

    digest: str
    groups: list[str]
    installed: list[str]

    @classmethod
    def read(cls) -> Stamp | None:
        """Return the stamp, or ``None`` when no setup was finished."""
        try:
            return cls(**json.loads(STAMP.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self) -> None:
        """Put the stamp in place, whole or not at all."""
        temporary = STAMP.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
        temporary.replace(STAMP)

    def is_whole(self) -> bool:
        """Whether everything that was installed is still there."""
        return all(program(name).exists() for name in ("python", "tracker")) and set(self.installed) <= set(installed())


def main(arguments: list[str]) -> int:
    """Return the exit code of what ``arguments`` ask for; on POSIX tracker and pytest take this process over."""
    try:
        require_python()
        wheels, command = parse(arguments)
        if not command or command[0] in {"-h", "--help"}:
            print(__doc__.strip(), file=sys.stdout if command else sys.stderr)
            return 0 if command else USAGE
        return perform(command, wheels)
    except BootstrapError as error:
        print(*filter(None, (f"bootstrap: {error}", error.hint)), sep="\n", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return INCOMPLETE
    except KeyboardInterrupt:
        return INTERRUPTED


def require_python() -> None:
    """Raise a BootstrapError when the running interpreter is too old."""
    if sys.version_info[:2] < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        message = f"Python {wanted} or newer is needed; {sys.executable} is {sys.version.split()[0]}"
        raise BootstrapError(message, f"Run it with a newer one, for example: python{wanted} bootstrap.py ...", USAGE)


def parse(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """Return the folder of wheels, if any, and the command with its arguments.

    Raises:
        BootstrapError: the folder is not named or holds no wheel.
    """
    folder, rest = os.environ.get("TRACKER_WHEELS", ""), list(arguments)
    if rest and rest[0].partition("=")[0] == "--wheels":
        _, _, value = rest.pop(0).partition("=")
        if not value and not rest:
            message = "--wheels needs a folder"
            raise BootstrapError(message, SEE_HELP, USAGE)
        folder = value or rest.pop(0)
    if not folder:
        return None, rest
    wheels = Path(folder).expanduser().resolve()
    if not any(wheels.glob("*.whl")):
        message = f"{wheels}: there is no such folder, or no wheel in it"
        raise BootstrapError(message, SEE_HELP, USAGE)
    return wheels, rest


def perform(command: list[str], wheels: Path | None) -> int:
    """Set up what ``command`` needs and run it."""
    word, *rest = command
    if word == "lint" and rest:
        message = f"lint takes no arguments, got: {' '.join(rest)}"
        raise BootstrapError(message, SEE_HELP, USAGE)
    # mypy reads the tests too, and so needs what they import.
    groups = {"test": {"test"}, "lint": {"lint", "test"}}.get(word, set())
    with one_at_a_time():
        if not is_current(groups):
            set_up(groups, wheels)
    if word == "lint":
        return lint()
    if word == "test":
        os.chdir(ROOT)
        return replace_process([str(program("python")), "-m", "pytest", *(rest or ALL_TESTS)])
    return replace_process([str(program("tracker")), *command])


def lint() -> int:
    """Run all checks, whatever the earlier ones say, and return 1 if any of them failed."""
    failed = []
    for name, *rest in LINT:
        print(f"== {' '.join((name, *rest))}", flush=True)
        if subprocess.run([program(name), *rest], cwd=ROOT, check=False).returncode:
            failed.append(" ".join((name, *rest)))
    print(f"lint: {'failed: ' + ', '.join(failed) if failed else 'all clean'}", flush=True)
    return 1 if failed else 0


def replace_process(argv: list[str]) -> int:
    """Run ``argv`` with this process's streams, signals and exit code."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(argv[0], argv)  # noqa: S606 - an argument list, never a shell
    # Windows' exec starts another process and lets the caller's shell go on at once, so wait for it instead.
    with subprocess.Popen(argv) as child:
        while True:
            # Control-C reaches the child as well, and the child decides how to end.
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def program(name: str) -> Path:
    """Return the path that a program has inside the virtual environment."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def is_current(groups: set[str]) -> bool:
    """Whether a finished and undamaged ``.venv`` of exactly these inputs is there that holds ``groups``."""
    stamp = Stamp.read()
    return stamp is not None and stamp.digest == digest() and groups <= set(stamp.groups) and stamp.is_whole()


def digest() -> str:
    """Return what a setup depends on: the inputs, and the place, which an editable installation records."""
    whole = hashlib.sha256(str(ROOT).encode())
    for name in INPUTS:
        whole.update(b"\0" + (ROOT / name).read_bytes())
    return whole.hexdigest()


def installed() -> list[str]:
    """Return the names of the distributions' records in the virtual environment, sorted."""
    packages = "Lib/site-packages" if os.name == "nt" else "lib/python3.*/site-packages"
    return sorted(record.name for record in VENV.glob(f"{packages}/*.dist-info"))


def set_up(groups: set[str], wheels: Path | None) -> None:
    """Bring ``.venv`` up to date, from nothing if it was not finished."""
    stamp = Stamp.read()
    wanted = groups | set(stamp.groups if stamp else ())
    if stamp is None or not stamp.is_whole():
        say("making .venv")
        make_venv()
    # From here until the end it is not finished: whoever comes after a kill starts from nothing.
    STAMP.unlink(missing_ok=True)
    names = requirements(wanted)
    say("installing packages (this takes a minute the first time)")
    pip([*names, "--constraint", str(ROOT / "constraints.txt")], wheels)
    pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)], wheels)
    Stamp(digest=digest(), groups=sorted(wanted), installed=installed()).write()


def make_venv() -> None:
    """Make an empty ``.venv``, whatever was there."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        message = f"{sys.executable} lacks the module {' and '.join(missing)}"
        raise BootstrapError(message, NEEDS_VENV)
    # Started with the .venv's own interpreter, which is about to be deleted, take the one that it was made from.
    python = getattr(sys, "_base_executable", sys.executable) if Path(sys.prefix) == VENV else sys.executable
    made = run_quietly([python, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        message = f"no virtual environment could be made in {VENV}:\n{tail(made.stdout)}"
        raise BootstrapError(message, f"{NEEDS_VENV}. On Windows: end programs that run from it.")


def requirements(groups: set[str]) -> list[str]:
    """Return what pyproject.toml asks for: to build, to run, and for dependency groups, which pip 23.0 cannot read."""
    import tomllib  # an older Python must get as far as being told that it is too old

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for group in sorted(groups):
        names += project["dependency-groups"][group]
    return list(dict.fromkeys(names))


def pip(arguments: list[str], wheels: Path | None) -> None:
    """Install with the virtual environment's pip; when that fails, the error holds the end of what it said."""
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    done = run_quietly([str(program("python")), "-m", "pip", "install", *source, *arguments])
    if done.returncode:
        hint = (
            "Does the package index answer, and offer the versions in constraints.txt? `python3 -m pip config list` "
            "tells which one pip asks. Without any, use a folder of wheels: python3 bootstrap.py --help"
        )
        if wheels:
            hint = f"{wheels} may lack a wheel for this Python; how to fill it: python3 bootstrap.py --help"
        message = f"pip could not install (exit {done.returncode}):\n{tail(done.stdout)}"
        raise BootstrapError(message, hint)


def run_quietly(argv: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it says, both streams together."""
    return subprocess.run(
        argv,
        env={**os.environ, **FORCED_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def tail(output: str) -> str:
    """Return the last lines of ``output``, indented."""
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-15:])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two calls from setting up the same ``.venv`` at the same time; POSIX only."""
    if os.name != "posix":
        yield
        return
    import fcntl  # Windows has no such module

    with Path(__file__).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(message: str) -> None:
    """Tell the person what takes so long."""
    print(f"bootstrap: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
