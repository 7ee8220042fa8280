"""The example of docs/plugins.md at work: three versions of greet upstream, of which one speaks no German."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "plugins.md").read_text(encoding="utf-8")
GREET = """#!/bin/sh
case "$1" in
  --version) echo "greet {version}" ;;
  {languages}) echo "greetings in $1" ;;
  *) echo "greet: unknown language '$1'" >&2; exit 1 ;;
esac
"""
LANGUAGES = {"1.0": "en", "1.1": "en", "2.0": "en|de"}


def blocks(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)


class Tracker:
    """The command line in an environment where the example is installed like a third party's plugin."""

    def __init__(self, directory: Path, url: str) -> None:
        self.directory = directory
        packages = directory / "packages"
        info = packages / "greetings-1.0.dist-info"
        info.mkdir(parents=True)
        (packages / "greetings.py").write_text("\n".join(blocks("python")), encoding="utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[tracker]\ngreetings = greetings\n", encoding="utf-8")
        example = next(block for block in blocks("toml") if "profile" in block)
        settings = example.replace("http://localhost/greet/versions.txt", url)
        assert settings != example
        (directory / "tracker.toml").write_text(settings, encoding="utf-8")

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tracker", *arguments],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(self.directory / "packages")},
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - each command has its own document
        return json.loads(self(*arguments, "--json").stdout)


def publish(httpserver: HTTPServer) -> str:
    """Let the upstream have three versions of greet, in two lines, and return the address of their list."""
    listing = []
    for number, languages in LANGUAGES.items():
        program = GREET.format(version=number, languages=languages).encode()
        listing.append(f"{number} {hashlib.sha256(program).hexdigest()}\n")
        httpserver.expect_request(f"/greet-{number}").respond_with_data(program)
    httpserver.expect_request("/versions.txt").respond_with_data("".join(listing))
    return httpserver.url_for("/versions.txt")


@pytest.fixture
def tracker(httpserver: HTTPServer, tmp_path: Path) -> Tracker:
    """Return a tracker that has not looked at its upstream yet."""
    return Tracker(tmp_path, publish(httpserver))


@pytest.fixture(scope="session")
def _after_a_pass(make_httpserver: HTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Tracker(tmp_path_factory.mktemp("greetings"), publish(make_httpserver))
    for words in (("up",), ("key", "--new")):
        done = made(*words)
        assert done.returncode == 0, done.stderr
    make_httpserver.clear()
    return made.directory


@pytest.fixture
def passed(_after_a_pass: Path, tracker: Tracker) -> Tracker:
    """Return a tracker that has made one pass and has a key: a copy of one that all tests share."""
    shutil.copytree(_after_a_pass, tracker.directory, dirs_exist_ok=True, symlinks=True)
    return tracker
