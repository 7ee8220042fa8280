"""The site on a branch of a real git repository, over a file address and git's own server on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tracker.configured import OutletConfig
from tracker.outlets import put_out
from tracker.outlets.branch import Branch
from tracker.outlets.program import OutletError, shown
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
USUAL = NetworkSettings()


def git(where: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", where, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    where = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", where], check=True)
    return where


@pytest.fixture
def site(tmp_path: Path) -> Path:
    where = tmp_path / "site"
    (where / "runs").mkdir(parents=True)
    for name in ("index.html", "matrix.json", "runs/1.html", "with space é.svg", ".tracker-site.json"):
        (where / name).write_text(name, encoding="utf-8")
    return where


def branch(remote: str | Path, name: str = "gh-pages") -> Branch:
    return Branch(remote=str(remote), name=name, seconds=60, network=USUAL)


def test_the_branch_is_made_with_the_files_of_the_site_and_none_of_the_hidden_ones(remote: Path, site: Path) -> None:
    commit = branch(remote.as_uri()).push(site)

    assert git(remote, "rev-parse", "gh-pages").strip() == commit
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")[:-1]
    assert sorted(names) == [".nojekyll", "index.html", "matrix.json", "runs/1.html", "with space é.svg"]
    assert git(remote, "show", "gh-pages:runs/1.html") == "runs/1.html"


def test_the_same_site_makes_no_second_commit_and_a_changed_one_stands_on_the_first(remote: Path, site: Path) -> None:
    first = branch(remote.as_uri()).push(site)
    assert branch(remote.as_uri()).push(site) == ""
    (site / "runs" / "1.html").unlink()
    (site / "index.html").write_text("other", encoding="utf-8")

    second = branch(remote.as_uri()).push(site)

    assert git(remote, "rev-list", "gh-pages").split() == [second, first]
    assert git(remote, "diff", "--name-status", first, second).split() == ["M", "index.html", "D", "runs/1.html"]


def test_a_branch_that_holds_something_else_is_left_alone(remote: Path, site: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "-b", "main", tmp_path / "work"], check=True)
    (tmp_path / "work" / "README").write_text("source", encoding="utf-8")
    git(tmp_path / "work", "add", "README")
    git(tmp_path / "work", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "source")
    git(tmp_path / "work", "push", "--quiet", str(remote), "main")
    before = git(remote, "rev-parse", "main")

    with pytest.raises(OutletError, match="holds something else"):
        branch(remote.as_uri(), "main").push(site)

    assert git(remote, "rev-parse", "main") == before


def test_a_push_that_is_refused_is_told_and_never_forced(remote: Path, site: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'nobody may push' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)

    with pytest.raises(OutletError, match=r"git: .*(nobody may push|pre-receive)"):
        branch(remote.as_uri()).push(site)


@contextmanager
def git_server(base: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            shutil.which("git") or "git",
            "daemon",
            "--listen=127.0.0.1",
            f"--port={port}",
            f"--base-path={base}",
            "--export-all",
            "--enable=receive-pack",
            "--reuseaddr",
            "--verbose",
        ],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stderr is not None
        assert "Ready to rumble" in server.stderr.readline()
        yield f"git://127.0.0.1:{port}"
    finally:
        import os
        import signal

        os.killpg(server.pid, signal.SIGTERM)
        server.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="git for Windows has no daemon")
def test_it_is_pushed_to_a_server(remote: Path, site: Path, tmp_path: Path) -> None:
    with git_server(tmp_path) as address:
        commit = branch(f"{address}/remote.git").push(site)
        assert branch(f"{address}/remote.git").push(site) == ""

    assert git(remote, "rev-parse", "gh-pages").strip() == commit


def test_a_place_that_cannot_be_reached_is_a_problem_and_tried_again(remote: Path, site: Path, tmp_path: Path) -> None:
    hidden = remote.with_name("hidden")
    outlet = OutletConfig(git=remote.as_uri())
    remote.rename(hidden)

    (problem,) = put_out(site, outlet, USUAL, home=tmp_path)
    hidden.rename(remote)

    assert problem.startswith("the site was not published by git: git: ")
    assert put_out(site, outlet, USUAL, home=tmp_path) == ()
    assert git(remote, "show", "gh-pages:index.html") == "index.html"


def test_offline_nothing_is_pushed(remote: Path, site: Path, tmp_path: Path) -> None:
    outlet = OutletConfig(git=remote.as_uri(), command=(sys.executable, "-c", "raise SystemExit(1)"))

    assert put_out(site, outlet, NetworkSettings(offline=True), home=tmp_path) == ()

    assert git(remote, "branch", "--list").strip() == ""


def test_no_password_and_no_token_is_shown() -> None:
    said = shown("fatal: https://me:hunter2@host/x: Authorization: Bearer abc.def ghp_0123456789")

    assert "hunter2" not in said
    assert "abc.def" not in said
    assert "ghp_0123456789" not in said
    assert "host/x" in said
