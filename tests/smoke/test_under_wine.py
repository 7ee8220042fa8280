"""How the runner copes with genuine programs for Windows, built here and run under Wine."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.wine.launcher import Wine, _LaunchedWine

from tracker.errors import SmokeError
from tracker.model import Combination, Component
from tracker.protocols import IsolationNeeds
from tracker.smoke.bench import Installed
from tracker.smoke.isolation import Ability, Launching, probe_ability
from tracker.smoke.surroundings import Surroundings
from tracker.smoke.sweep import RunDirs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tracker.smoke.bench import RunBench

SOURCE = Path(__file__).parent / "windows_programs" / "probe.c"
COMPILER = "x86_64-w64-mingw32-gcc"
LACKING = [name for name in (COMPILER, "wine") if shutil.which(name) is None]
ACCESS_VIOLATION = 0xC0000005

pytestmark = [
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the template of Wine's directory is kept, made once for all tests."""
    directory = tmp_path_factory.mktemp("cache")
    Wine().prepare(directory)
    return directory


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prefix with the program, below a directory whose name needs care."""
    directory = tmp_path_factory.mktemp("a b ü") / "prefix"
    directory.mkdir()
    subprocess.run([COMPILER, "-O1", "-municode", "-o", directory / "probe.exe", SOURCE], check=True, timeout=120)
    return directory


@pytest.fixture(params=["as this user can", "without isolation"])
def ability(request: pytest.FixtureRequest) -> Ability:
    """Return what runs have for themselves: namespaces where this user can make them, and nothing."""
    found = probe_ability(Wine())
    return found if request.param == "as this user can" else Ability(can_isolate=True, kind="wine+none")


@pytest.fixture
def opened(
    tmp_path: Path, cache_dir: Path, prefix: Path, ability: Ability
) -> Callable[[], AbstractContextManager[RunBench]]:
    """Return what opens a run; at its end nothing of it may be left."""
    runs = RunDirs(tmp_path / "runs")
    component = Component(
        name="probe", title="", source="", scheme="", installer="", binaries={"probe": ("probe.exe",)}
    )

    @contextmanager
    def run() -> Iterator[RunBench]:
        surroundings = Surroundings(
            runs,
            ability,
            IsolationNeeds(),
            combination=Combination.of([]),
            installed={"probe": Installed(component=component, prefix=prefix)},
            facts={},
            proxy={"HTTPS_PROXY": "http://proxy.example:3128"},
            launching=Launching(launcher=Wine(), cache_dir=cache_dir),
        )
        try:
            surroundings.bench.begin_step(60.0)
            yield surroundings.bench
        finally:
            assert surroundings.close() == ()

    return run


@pytest.fixture
def bench(opened: Callable[[], AbstractContextManager[RunBench]]) -> Iterator[RunBench]:
    with opened() as found:
        yield found


def _probe(bench: RunBench) -> Path:
    return bench.binary("probe", "probe")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param(0, 0, id="success"),
        pytest.param(1, 1, id="failure"),
        pytest.param(3, 3, id="another failure"),
        pytest.param(259, 3, id="what Windows itself says of a program that still runs"),
        pytest.param(0x100, 1, id="a failure whose lowest byte is that of a success"),
    ],
)
def test_of_an_exit_code_wine_tells_the_lowest_byte_and_no_failure_as_success(
    bench: RunBench, code: int, told: int
) -> None:
    assert bench.run([_probe(bench), "exit", str(code)]).exit_code == told


def test_a_crash_is_no_success_and_shows_no_dialog(bench: RunBench) -> None:
    done = bench.run([_probe(bench), "crash"])

    assert done.exit_code == ACCESS_VIOLATION & 0xFF
    assert not done.timed_out


def test_both_streams_are_kept_apart_and_read_as_utf_8(bench: RunBench) -> None:
    done = bench.run([_probe(bench), "say", "Größe 漢字 ∑"])

    assert done.stdout.strip() == "out: Größe 漢字 ∑"
    assert done.stderr.strip() == "err: Größe 漢字 ∑"


def test_standard_input_reaches_the_program(bench: RunBench) -> None:
    assert bench.run([_probe(bench), "read"], stdin="a line\n").stdout.split() == ["read:", "a", "line"]


def test_a_flood_of_output_is_bounded_and_its_beginning_and_end_are_kept(bench: RunBench) -> None:
    done = bench.run([_probe(bench), "flood"])

    assert len(done.stdout) < 400_000
    assert "line 0 of" in done.stdout
    assert "line 199999 of" in done.stdout
    assert "bytes left out" in done.stdout


def test_a_program_that_does_not_end_is_ended_at_its_time_limit(bench: RunBench) -> None:
    bench.begin_step(3.0)
    began = time.monotonic()

    done = bench.run([_probe(bench), "sleep"])

    assert done.timed_out
    assert done.exit_code is None
    assert time.monotonic() - began < 30
    bench.begin_step(10.0)
    assert bench.wait_until(lambda: not _processes_of(bench.workspace, "sleep"), what="its end")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((), id="short"),
        pytest.param(("a b", "ö ü", "漢字"), id="spaces and letters beyond ASCII"),
        pytest.param(("deep " * 8 + "x", "ö" * 80, "x" * 100, "y" * 100), id="more than 260 characters"),
    ],
)
def test_a_path_of_this_machine_is_named_as_windows_does(bench: RunBench, parts: tuple[str, ...]) -> None:
    path = bench.workspace.joinpath(*parts, "file.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("content", encoding="utf-8")

    assert bench.name_of(path) == "Z:" + str(path).replace("/", "\\")
    assert bench.run([_probe(bench), "open", path]).stdout == "content"


def test_a_program_gets_the_proxy_and_nothing_of_our_environment(
    bench: RunBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a-secret-of-ours")

    told = bench.run([_probe(bench), "environment"]).stdout

    assert "HTTPS_PROXY=http://proxy.example:3128" in told
    assert "a-secret-of-ours" not in told
    assert "PYTEST_CURRENT_TEST" not in told


def test_a_named_pipe_is_served_to_other_programs_of_the_same_run(bench: RunBench) -> None:
    server = bench.start([_probe(bench), "serve", r"\\.\pipe\tracker-probe"], name="server")
    assert bench.wait_until(lambda: "serving" in server.output(), what="the server")

    done = bench.run([_probe(bench), "call", r"\\.\pipe\tracker-probe"])

    assert done.stdout.strip() == "answer"


def test_two_runs_do_not_see_each_others_pipes(opened: Callable[[], AbstractContextManager[RunBench]]) -> None:
    with opened() as one, opened() as other:
        server = one.start([_probe(one), "serve", r"\\.\pipe\tracker-probe"], name="server")
        assert one.wait_until(lambda: "serving" in server.output(), what="the server")

        done = other.run([_probe(other), "call", r"\\.\pipe\tracker-probe"])

        assert done.exit_code == 2
        assert "no pipe" in done.stderr


def test_children_and_grandchildren_end_with_the_run(opened: Callable[[], AbstractContextManager[RunBench]]) -> None:
    with opened() as bench:
        workspace = bench.workspace
        _leave_a_grandchild(bench)

    assert not workspace.exists()
    assert _processes_of(workspace) == []


def test_they_end_where_wine_does_not_end_them(
    opened: Callable[[], AbstractContextManager[RunBench]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened() as bench:
        workspace = bench.workspace
        _leave_a_grandchild(bench)
        launched = bench._isolation._launched  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way
        monkeypatch.setattr(launched, "close_argv", lambda: ["/bin/false"])

    assert not workspace.exists()
    assert _processes_of(workspace) == []


def test_a_wine_that_does_not_start_its_server_is_an_error_and_leaves_nothing(
    opened: Callable[[], AbstractContextManager[RunBench]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_LaunchedWine, "start_argv", lambda _: ["/bin/false"])

    with pytest.raises(SmokeError, match="did not start"), opened():
        pass
    assert [path for path in (tmp_path / "runs").iterdir() if path.is_dir()] == []


def test_nothing_is_left_in_the_directory_for_temporary_files(
    opened: Callable[[], AbstractContextManager[RunBench]],
) -> None:
    before = _wines_places()

    with opened() as bench:
        bench.run([_probe(bench), "exit", "0"])
        during = _wines_places()

    assert during > before
    assert _wines_places() == before


def test_a_broken_wine_is_no_finding_about_the_software(bench: RunBench, monkeypatch: pytest.MonkeyPatch) -> None:
    isolation = bench._isolation  # noqa: SLF001 - there is no other way to break it
    assert isolation.is_alive()

    monkeypatch.setattr(isolation._launched, "_wine", "/bin/false")  # type: ignore[attr-defined]  # noqa: SLF001

    assert not isolation.is_alive()


def test_where_wine_is_missing_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    state = Wine().state()

    assert "apt-get install wine" in state.reason
    assert state.facts["windows.edition"] == "Wine"


def test_a_wine_that_makes_no_prefix_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("wine", "wineserver"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho wine-99.0\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with pytest.raises(SmokeError, match="Wine made no prefix"):
        Wine().prepare(tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def _wines_places() -> set[str]:
    places = {str(path) for path in Path("/tmp").glob("wine-*")}  # noqa: S108 - Wine's own place
    return places | {str(path) for path in Path("/tmp").glob(f".wine-{os.getuid()}/server-*")}  # noqa: S108 - likewise


def _leave_a_grandchild(bench: RunBench) -> None:
    """Start a program that starts another, which stays; return when it is there."""
    sign = bench.workspace / "alive"
    assert bench.run([_probe(bench), "spawn", "2", sign]).exit_code == 0
    assert bench.wait_until(sign.is_file, what="the grandchild")
    assert _processes_of(bench.workspace, "spawn")


def _processes_of(workspace: Path, word: str = "") -> list[str]:
    """Return the command lines with ``word`` of the processes that have ``workspace`` in their environment."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if str(workspace).encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return [line for line in found if word in line]
