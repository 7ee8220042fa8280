"""Runs the seeded double of GitHub in the foreground, for trying the tracker by hand; Ctrl-C ends it."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

from githubdouble import GOOD_TOKEN, GitHubDouble, World, build_history
from githubdouble.control import COMMANDS

NETWORKING = "microsoft/windows-container-networking"


def main() -> None:
    """Start, tell how to use it, and wait."""
    options = _parser().parse_args()
    # A shell that starts it in the background may have told it to ignore this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    world = World.from_seed(clock=lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory() as directory:
        if not options.without_git:
            for full_name in [one.full_name for one in world if one.fork_of is None]:
                build_history(world[full_name], Path(directory))
        with GitHubDouble(world, tokens=[options.token], port=options.port) as github:
            sys.stdout.write(_instructions(github, options.token))
            sys.stdout.flush()
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                sys.stdout.write("\nended\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8620, help="port on 127.0.0.1 (default: %(default)s; 0: any)")
    parser.add_argument("--token", default=GOOD_TOKEN, help="the one credential that is known (default: %(default)s)")
    parser.add_argument("--without-git", action="store_true", help="do not build git repositories")
    return parser


def _instructions(github: GitHubDouble, token: str) -> str:
    repositories = "\n".join(f"    {one.full_name}" for one in github.world)
    commands = "\n".join(f"    {name:15} {usage}" for name, usage in COMMANDS.items())
    # The web is another host than the API, as it is: a limit of the one is none of the other.
    web_url = github.web_url.replace("127.0.0.1", "localhost")
    return f"""A double of GitHub runs at {github.api_url}, its storage at {github.storage_url}. Ctrl-C ends it.
The token that it knows is {token}; without one it answers 60 requests an hour.

In tracker.toml:

    [sources.github]
    api_url = "{github.api_url}"
    web_url = "{web_url}"
    token = {{ env = "GITHUB_TOKEN" }}

    [sources.git]
    base_url = "{web_url}"

Repositories:

{repositories}

Change the world with POST /double/COMMAND?...; for example

    curl -X POST '{github.api_url}/double/publish?repository=containerd/nerdctl&tag=v2.3.6&files=nerdctl-2.3.6-windows-amd64.tar.gz'
    curl -X POST '{github.api_url}/double/merge-pull?repository={NETWORKING}&number=107'

Commands:

{commands}
"""  # noqa: E501 - a command that can be copied


if __name__ == "__main__":
    main()
