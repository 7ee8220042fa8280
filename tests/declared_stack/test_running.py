"""A declared stack is polled, run, judged, answered for and published, with nothing but tracker.toml."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

GREET = """#!/bin/sh
[ "{version}" = 1 ] && [ "$1" = de ] && {{ echo "unknown language de" >&2; exit 4; }}
echo "greetings in $1 from {version}"
"""
STACK = """
profile = "greetings"
[host]
key = ["platform"]
[smoke]
lanes = 1
[components.greet]
source = "url"
scheme = "natural"
installer = "archive"
options = {{ url = "{url}", kind = "listing", pattern = '(?P<digest>[0-9a-f]{{64}}) (?P<url>\\S+-(?P<version>\\d+))' }}
line = '\\d+'
[factors.greet]
components = ["greet"]
[factors.language]
values = ["de", "en"]
[scenario]
capabilities = ["starts", "greets"]
[[scenario.steps]]
name = "serve"
capability = "starts"
exercises = ["greet"]
time_limit_seconds = 30
start = ["sh", "-c", '''echo "$TRACKER_PORT" >port; echo ready; exec sleep 60''']
ready = "^ready"
[[scenario.steps]]
name = "greet"
capability = "greets"
time_limit_seconds = 30
run = '''
{script}
'''
[[scenario.causes]]
name = "unknown-language"
pattern = "unknown language (?P<language>.*)"
sentence = "It does not know {{language}}."
deterministic = true
"""
SCRIPT = """
[ "$PWD" = "$TRACKER_WORKSPACE" ] && [ "$(cat port)" = "$TRACKER_PORT" ]
sh "$TRACKER_PREFIX_GREET/$TRACKER_COMPONENT_GREET-$TRACKER_VERSION_GREET" "$TRACKER_VERSION_LANGUAGE"
"""


class Stack:
    """The command line on a stack of two versions of a program, served on loopback."""

    def __init__(self, directory: Path, server: HTTPServer) -> None:
        self.directory = directory
        listing = []
        for version in "12":
            content = GREET.format(version=version)
            server.expect_request(f"/greet-{version}").respond_with_data(content)
            listing.append(f"{hashlib.sha256(content.encode()).hexdigest()} greet-{version}")
        server.expect_request("/list").respond_with_data("\n".join(listing), content_type="text/plain")
        self.url = server.url_for("/list")
        self.declare(SCRIPT)

    def declare(self, script: str) -> None:
        text = STACK.format(url=self.url, script=script.strip())
        (self.directory / "tracker.toml").write_text(text, encoding="utf-8")

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tracker", *arguments]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False)

    def smoke(self, *pins: str) -> Any:  # noqa: ANN401 - the command's document
        return json.loads(self("smoke", *pins, "--json").stdout)


@pytest.fixture
def stack(tmp_path: Path, httpserver: HTTPServer) -> Stack:
    return Stack(tmp_path, httpserver)


def test_a_declared_stack_is_run_judged_answered_for_and_published(stack: Stack) -> None:
    whole = stack("up")

    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert stack("check", "greet=2", "language=de").returncode == 0
    broken = stack("check", "greet=1", "language=de")
    assert broken.returncode == 1
    assert "It does not know de." in broken.stdout
    assert "greet=2" in stack("recommend").stdout
    assert "It does not know de." in stack("why", "greet=1", "language=de").stdout
    pages = (stack.directory / "tracker-data" / "site").rglob("*.html")
    assert any("It does not know de." in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize(
    ("code", "outcome", "exit_code"),
    [(0, "PASS", 0), (77, "SKIP", 3), (99, "ERROR", 3), (1, "FAIL", 1), (127, "FAIL", 1)],
)
def test_the_exit_code_of_a_command_says_what_it_means(stack: Stack, code: int, outcome: str, exit_code: int) -> None:
    stack("poll")
    stack.declare(f"echo 'so it is' >&2; exit {code}")

    done = stack("smoke", "greet=2", "language=de", "--json")

    step = json.loads(done.stdout)["steps"][-1]
    assert (step["outcome"], done.returncode) == (outcome, exit_code)
    assert code == 0 or "so it is" in step["reason"]


def test_the_recipe_does_by_hand_what_the_run_did(stack: Stack) -> None:
    stack("up")
    script = stack("recipe", "greet=2", "language=de")
    assert script.returncode == 0, script.stderr
    place = stack.directory / "by-hand"
    place.mkdir()

    done = subprocess.run(
        ["sh"],
        input=script.stdout,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )

    assert done.returncode == 0, done.stderr
    assert "greetings in de from 2" in done.stdout


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="a run has a network of its own as root alone")
def test_a_run_has_a_network_with_nothing_but_loopback(stack: Stack) -> None:
    stack("poll")
    stack.declare("cat /proc/net/dev | tail -n +3 | tr -d ' ' | cut -d: -f1 | sort | tr '\\n' ' '")

    assert stack.smoke("greet=2", "language=de")["steps"][-1]["reason"].split() == ["lo"]
