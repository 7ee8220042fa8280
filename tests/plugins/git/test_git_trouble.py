"""What goes wrong between this machine and a repository, and with the copy that is kept here."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.git.command import last_line
from tracker.plugins.git.process import run

from tests.plugins.git.history import History, Look
from tracker.errors import SourceError, UnreachableError
from tracker.model import Containment, Tag
from tracker.protocols import NoNews, Observed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def deaf() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"git://127.0.0.1:{listening.getsockname()[1]}/wcn.git"


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with deaf() as address:
        look = Look(address, tmp_path / "cache", options={"time_limit_seconds": 0.3})

        with pytest.raises(UnreachableError, match=r"within 0\.3 seconds(.|\n)*time_limit_seconds"):
            look.look()


def test_a_server_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(UnreachableError):
            Look(f"git://127.0.0.1:{listening.getsockname()[1]}/wcn.git", tmp_path / "cache").look()
        thread.join()


def test_a_server_that_breaks_off_during_the_copy_leaves_the_next_look_whole(look: Look, history: History) -> None:
    look.see()
    pack = history.git("rev-parse", "refs/heads/master")
    history.tag("v9.0.0", history.commit("New", "2025-08-01", pack))
    moved = history.directory / "objects" / "away"
    loose = history.directory / "objects" / (name := history.git("rev-parse", "refs/heads/master"))[:2] / name[2:]
    loose.rename(moved)
    with pytest.raises(SourceError):
        look.look()
    moved.rename(loose)

    assert "v9.0.0" in {one.name for one in look.sightings(Tag)}


@pytest.mark.parametrize("name", ["packed-refs.lock", "refs/tracker/x.lock", "config.lock", "HEAD.lock"])
def test_a_copy_in_which_git_was_killed_is_made_anew(look: Look, history: History, name: str) -> None:
    look.see()
    (copy,) = look.cache.glob("*/commits.git")
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).touch()
    history.tag("v0.4.0", "refs/heads/master")

    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}
    assert not (copy / name).exists()


def test_what_git_left_half_written_is_removed(look: Look, history: History) -> None:
    look.see()
    (copy,) = look.cache.glob("*/commits.git")
    half = copy / "objects" / "pack" / "tmp_pack_x"
    half.write_bytes(b"half")
    history.tag("v0.4.0", "refs/heads/master")

    look.see()

    assert not half.exists()


@pytest.mark.parametrize("part", ["HEAD", "config", "objects", "refs", "objects/info/commit-graph"])
@pytest.mark.parametrize("damage", ["lost", "filled with nonsense"])
def test_a_copy_that_lost_a_part_is_made_anew(look: Look, history: History, part: str, damage: str) -> None:
    look.see()
    (copy,) = look.cache.glob("*/commits.git")
    damaged = copy / part
    if damaged.is_dir():
        shutil.rmtree(damaged)
    else:
        damaged.chmod(0o644)
        damaged.unlink()
    if damage != "lost":
        damaged.write_bytes(b"\0nonsense")
    history.commit("New", "2025-08-01", history.git("rev-parse", "refs/heads/master"))

    (held,) = look.sightings(Containment, pull_requests="101")

    assert held.tags == ("v0.3.1", "v0.2.2")


def test_a_cache_that_was_cleared_is_filled_again_only_when_there_is_news(look: Look, history: History) -> None:
    look.see()
    shutil.rmtree(look.cache)
    assert isinstance(look.look(), NoNews)

    history.tag("v0.4.0", "refs/heads/master")

    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}


def test_the_files_of_a_repository_are_not_copied(look: Look, history: History) -> None:
    blob = history.git("hash-object", "-w", "--stdin", content="x" * 100_000)
    history.tree = history.git("mktree", content=f"100644 blob {blob}\tfile\n")
    made = history.commit("With a file", "2025-08-01", history.git("rev-parse", "refs/heads/master"))
    look.see(branches="master")

    (copy,) = look.cache.glob("*/commits.git")
    kept = subprocess.run(
        ["git", f"--git-dir={copy}", "cat-file", "--batch-check"],
        input=f"{made}\n{history.tree}\n{blob}\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert [line.split()[1] for line in kept] == ["commit", "missing", "missing"]


def test_a_server_that_refuses_the_first_filter_is_asked_with_another(look: Look, history: History) -> None:
    history.git("config", "uploadpackfilter.tree.allow", "false")
    assert look.sightings(Tag)

    history.git("config", "uploadpackfilter.allow", "false")
    history.tag("v0.4.0", history.commit("New", "2025-08-01", history.git("rev-parse", "refs/heads/master")))
    assert "v0.4.0" in {one.name for one in look.sightings(Tag)}


def test_a_server_that_gives_no_commit_but_its_refs_is_no_failure(look: Look, history: History) -> None:
    history.git("config", "uploadpack.allowAnySHA1InWant", "false")
    history.git("config", "protocol.version", "0")
    look.commits = (("#5", "5" * 40),)

    (held,) = look.sightings(Containment)

    assert held.commit == ""
    assert "5" * 40 in held.missing


def test_a_commit_that_only_the_server_still_has_is_fetched(look: Look, history: History) -> None:
    tip = history.git("rev-parse", "refs/heads/master")
    lost = history.commit("Forced away", "2025-08-01", tip, ref="refs/heads/topic")
    history.git("update-ref", "-d", "refs/heads/topic")
    look.commits = (("head of #5", lost),)

    (held,) = look.sightings(Containment)

    assert (held.commit, held.tags, held.missing) == (lost, (), "")


def test_a_copy_that_grew_too_large_is_not_kept(look: Look, history: History) -> None:
    look.options["cache_mb"] = 1
    look.see()
    (copy,) = look.cache.glob("*/commits.git")
    (copy / "objects" / "pack" / "pack-old.pack").write_bytes(b"\0" * (2 << 20))
    history.git("update-ref", "refs/tags/new", "refs/heads/master")

    look.see()

    assert not copy.exists()


def test_a_repository_that_is_larger_than_the_bound_is_read_and_not_kept(look: Look, history: History) -> None:
    history.git("config", "uploadpack.allowFilter", "false")
    look.options["cache_mb"] = 1
    noise = os.urandom(3 << 20)
    words = ["git", "-C", str(history.directory), "hash-object", "-w", "--stdin"]
    blob = subprocess.run(words, input=noise, capture_output=True, check=True).stdout.decode().strip()
    history.tree = history.git("mktree", content=f"100644 blob {blob}\tfile\n")
    history.commit("Large", "2025-08-01", history.git("rev-parse", "refs/heads/master"))

    observed = look.see()

    assert observed.sightings
    assert not list(look.cache.glob("*/commits.git"))


def test_a_machine_without_git_is_told_what_to_install(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceError, match=r"git is not installed(.|\n)*Install"):
        look.look()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_git_that_is_too_old_is_told(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = tmp_path / "old" / "git"
    stand_in.parent.mkdir()
    stand_in.write_text("#!/bin/sh\necho git version 2.20.1\n", encoding="ascii")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(SourceError, match=r"is version 2\.20; needed is 2\.31"):
        look.look()


def test_settings_of_the_user_change_nothing(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / ".gitconfig"
    settings.write_text(
        '[url "git://127.0.0.1:9/"]\n\tinsteadOf = git://\n[log]\n\tshowSignature = true\n', encoding="ascii"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=nonsense'")
    monkeypatch.setenv("GIT_TRACE", "1")

    assert isinstance(look.look(), Observed)


def test_a_cache_that_cannot_be_written_is_an_error(look: Look) -> None:
    look.cache.write_text("a file where the folder should be", encoding="ascii")

    with pytest.raises(SourceError, match="cannot be kept"):
        look.look()


def _python(code: str, tmp_path: Path, *, seconds: float = 20.0, most_bytes: int = 1000) -> str:
    ended = run(
        [sys.executable, "-c", code],
        env=os.environ,
        directory=tmp_path,
        stdin=b"",
        seconds=seconds,
        most_bytes=most_bytes,
        guard=lambda: "enough" if (tmp_path / "enough").exists() else "",
    )
    return str(ended.stopped)


def test_a_program_that_says_too_much_is_ended(tmp_path: Path) -> None:
    assert "1000 bytes" in _python("while True: print('x' * 100)", tmp_path)


def test_a_program_that_the_guard_objects_to_is_ended(tmp_path: Path) -> None:
    (tmp_path / "enough").touch()

    assert _python("import time; time.sleep(100)", tmp_path) == "enough"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the program in /proc")
def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "child.wait()\n"
    )
    assert "seconds" in _python(code, tmp_path, seconds=2.0)

    # A killed process is there until the kernel has run it once more.
    assert has_ended(int((tmp_path / "child").read_text(encoding="ascii")))


def has_ended(pid: int) -> bool:
    """Say whether a process ends within 20 seconds."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 20)[0])
    finally:
        os.close(process)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"fatal: unable to connect to x:\nx: errno=Refused\n\n", "unable to connect to x: x: errno=Refused"),
        (
            b"warning: a\nfatal: '/x' does not appear to be a git repository\nfatal: Could not read from remote",
            "'/x' does not appear to be a git repository",
        ),
        (b"remote: fatal: unable to read 762b   \nfatal: early EOF\nfatal: index-pack failed", "unable to read 762b"),
        (b"fatal: early EOF\n", "early EOF"),
        (b"\x1b[31mwords\x07", "[31mwords"),
        (b"", ""),
    ],
)
def test_the_line_that_says_what_is_wrong_is_told(said: bytes, expected: str) -> None:
    assert last_line(said) == expected
