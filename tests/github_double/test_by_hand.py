"""The double as a person uses it: started from the command line, changed by POST."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from githubdouble import GitHubDouble

SERVE = Path(__file__).parent.parent / "double" / "serve.py"


def _do(url: str, command: str, **query: str) -> httpx.Response:
    return httpx.post(f"{url}/double/{command}", params=query, trust_env=False)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a double that was started by hand."""
    command = [sys.executable, str(SERVE), "--port", "0", "--without-git"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
        assert found is not None
        yield found[0]
        if sys.platform == "win32":
            running.terminate()
            return
        running.send_signal(signal.SIGINT)
        assert running.stdout.read().endswith("ended\n")
    assert running.returncode == 0


def test_a_release_that_is_published_by_hand_is_the_latest_and_can_be_downloaded(url: str) -> None:
    name = "nerdctl-2.3.6-windows-amd64.tar.gz"

    done = _do(url, "publish", repository="containerd/nerdctl", tag="v2.3.6", files=name)

    latest = httpx.get(f"{url}/repos/containerd/nerdctl/releases/latest", trust_env=False).json()
    assert done.status_code == 200
    assert latest["tag_name"] == "v2.3.6"
    place = latest["assets"][0]["browser_download_url"]
    assert len(httpx.get(place, follow_redirects=True, trust_env=False).content) == latest["assets"][0]["size"]


def test_a_pull_request_is_merged_by_hand(url: str) -> None:
    repository = "microsoft/windows-container-networking"

    _do(url, "merge-pull", repository=repository, number="107", method="squash")

    pull = httpx.get(f"{url}/repos/{repository}/pulls/107", trust_env=False).json()
    assert pull["merged"]
    assert pull["merged_by"]["login"] == "maintainer"


def test_a_file_is_replaced_and_renamed_by_hand(github: GitHubDouble) -> None:
    github.world["o/r"].publish("v1", files={"a.zip": b"x"})
    before = github.world["o/r"].release("v1").assets[0].digest

    _do(github.web_url, "replace-asset", repository="o/r", tag="v1", name="a.zip", text="other")
    _do(github.web_url, "rename-asset", repository="o/r", tag="v1", name="a.zip", to="b.zip")

    asset = github.world["o/r"].release("v1").assets[0]
    assert (asset.name, asset.content) == ("b.zip", b"other")
    assert asset.digest != before


def test_limits_and_faults_come_and_go_by_hand(github: GitHubDouble) -> None:
    address = github.api_url + "/repos/o/r"
    _do(github.web_url, "limit", remaining="0")
    assert httpx.get(address, trust_env=False).status_code == 403
    _do(github.web_url, "calm")
    _do(github.web_url, "fault", path="/repos", kind="status", status="504")
    assert httpx.get(address, trust_env=False).status_code == 504
    assert httpx.get(address, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("command", "query", "word"),
    [
        pytest.param("explode", {}, "no command 'explode'", id="no such command"),
        pytest.param("retag", {"repository": "o/r"}, "'tag'", id="something is missing"),
        pytest.param("push", {"repository": "o/x"}, "'o/x'", id="no such repository"),
        pytest.param("comment", {"repository": "o/r", "number": "one", "text": "x"}, "one", id="not a number"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(
    command: str, query: dict[str, str], word: str, github: GitHubDouble
) -> None:
    answer = _do(github.web_url, command, **query)

    assert answer.status_code in {400, 404}
    assert word in answer.json()["message"]
