"""How much it costs to look at a thousand repositories, beside nvchecker on the same server.

``python benchmarks/poll_thousand.py [COUNT]`` (1,000 by default). The server is the double of GitHub in
``tests/double``, on loopback; nvchecker is installed into a directory of its own. Three looks are measured: the first
one, one at which nothing changed, and one at which a single repository has a new release; with a token and without.

Budgets: with a token at most 40 requests when nothing changed, without one at most one for each repository; then wall
time below nvchecker's. nvchecker asks ``/releases/latest`` of each repository (its source ``regex``: its GitHub
source speaks HTTPS to github.com alone), which tells one version and no files.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "double"))
from githubdouble import GOOD_TOKEN, GitHubDouble, World

from tracker.config import Config
from tracker.http import Client
from tracker.model import AssetRule, Component, Factor, Profile, TagRule
from tracker.registry import build_registry
from tracker.store import LookResult, Store
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from tracker.registry import Registry

NVCHECKER = "nvchecker==2.22"
MOST_WITH_TOKEN = 40
RELEASES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one look cost: requests that arrived, seconds, and the largest memory of this process so far in MiB."""

    requests: int
    seconds: float
    memory: float


class Server:
    """The double in a process of its own, so that it takes no time from the one that is measured."""

    def __init__(self, commands: Connection) -> None:
        self._commands = commands
        self.api_url, self.web_url = self._ask("urls")

    def requests(self) -> int:
        """Return how many requests arrived since the last call."""
        found: int = self._ask("requests")
        return found

    def publish(self, repository: str, tag: str) -> None:
        """Publish a release."""
        self._ask("publish", repository, tag)

    def _ask(self, *command: str) -> Any:  # noqa: ANN401 - what the other process answers
        self._commands.send(command)
        return self._commands.recv()


def serve(count: int, commands: Connection) -> None:
    """Run the double until the other end is closed."""
    with GitHubDouble(build_world(count)) as github:
        github.limits.primary(remaining=10_000_000)
        while True:
            try:
                what, *values = commands.recv()
            except EOFError:
                return
            if what == "urls":
                # The web is another host than the API, as it is.
                commands.send((github.api_url, github.web_url.replace("127.0.0.1", "localhost")))
            elif what == "requests":
                commands.send(len(github.requests))
                github.forget()
            else:
                repository, tag = values
                github.world[repository].publish(tag)
                commands.send(None)


@contextmanager
def running_server(count: int) -> Iterator[Server]:
    """Run the double beside this process."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(count, there), daemon=True)
    process.start()
    there.close()
    try:
        yield Server(here)
    finally:
        here.close()
        process.join(20)


def build_world(count: int) -> World:
    """Return ``count`` repositories with a few releases each, two files to a release."""
    world = World()
    for number in range(count):
        repository = world.add_repository(f"owner/thing{number:04}")
        for minor in range(RELEASES):
            name = f"thing-1.{minor}.0.zip"
            repository.publish(f"v1.{minor}.0", files={name: name.encode(), f"{name}.txt": b"text"})
    return world


def build_profile(count: int) -> tuple[Profile, dict[str, Component]]:
    """Return a profile that only watches, and its components."""
    components = {
        f"thing{number:04}": Component(
            name=f"thing{number:04}",
            title="a thing",
            source="github",
            scheme="semver",
            installer="",
            options={"repository": f"owner/thing{number:04}"},
            tags=TagRule(version=r"v(?P<version>\d+\.\d+\.\d+)", line=r"\d+\.\d+"),
            assets=(AssetRule(platform="windows/amd64", pattern="thing-{version}.zip"),),
        )
        for number in range(count)
    }
    profile = Profile(
        name="many",
        title="many things",
        factors=(Factor(name="thing", title="a thing", components=tuple(components)),),
        scenario="",
        capabilities=("installs",),
        required=("installs",),
        host_key=("arch",),
        asset_platforms=("windows/amd64",),
    )
    return profile, components


def measure(github: Server, work: Callable[[], None]) -> Cost:
    """Return what ``work`` cost."""
    github.requests()
    begun = time.monotonic()
    work()
    seconds = time.monotonic() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(requests=github.requests(), seconds=seconds, memory=memory)


def tracker_costs(github: Server, count: int, home: Path, *, token: str) -> dict[str, Cost]:
    """Return the cost of each of the three looks; each is made as by a process of its own, with what is on disk."""
    profile, components = build_profile(count)
    registry: Registry = replace(build_registry(), components=components, profiles={profile.name: profile})
    token_file = home / "token"
    home.mkdir(parents=True)
    token_file.write_text(token, encoding="ascii")
    where: dict[str, object] = {"api_url": github.api_url, "web_url": github.web_url}
    where |= {"token_file": str(token_file)} if token else {"token_env": "NO_TOKEN_AT_ALL"}
    config = Config(home=home, site_dir=home / "site", sources={"github": where})

    def look(expected: int) -> None:
        with (
            Store.open(config.store_path) as store,
            closing(Client(config.network, cache=home / "http.sqlite")) as http,
        ):
            looks = poll_all(
                registry, profile, config, store, http, now=lambda: datetime.now(UTC), on_event=lambda _: None
            )
        failed = [one.message for one in looks if one.result is LookResult.COULD_NOT_LOOK]
        news = sum(one.result is LookResult.NEWS for one in looks)
        if failed or news != expected:
            message = f"{len(failed)} failed ({failed[:1]}), {news} with news instead of {expected}"
            raise SystemExit(message)

    costs = {"first": measure(github, lambda: look(0)), "unchanged": measure(github, lambda: look(0))}
    github.publish("owner/thing0000", f"v1.{RELEASES + len(token)}.0")
    return {**costs, "one changed": measure(github, lambda: look(1))}


def nvchecker_costs(github: Server, count: int, home: Path) -> dict[str, Cost]:
    """Return what nvchecker's looks cost; its second one is like its first."""
    home.mkdir(parents=True)
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", NVCHECKER, "httpx"], check=True)
    lines = ["[__config__]", f'oldver = "{home}/old.json"', f'newver = "{home}/new.json"', 'httptoken = ""', ""]
    lines = [line for line in lines if "httptoken" not in line]
    for number in range(count):
        name = f"thing{number:04}"
        lines += [f"[{name}]", 'source = "regex"', f'url = "{github.api_url}/repos/owner/{name}/releases/latest"']
        lines += ['regex = \'"tag_name": ?"v([0-9.]+)"\'', ""]
    config = home / "nvchecker.toml"
    config.write_text("\n".join(lines), encoding="utf-8")

    def look() -> None:
        done = subprocess.run(
            [home / "venv" / "bin" / "nvchecker", "--failures", "-c", config],
            capture_output=True,
            text=True,
            check=False,
        )
        known = json.loads((home / "new.json").read_text(encoding="utf-8"))
        versions = known.get("data", known)
        if done.returncode or len(versions) != count:
            message = f"nvchecker ended with {done.returncode}, {len(versions)} versions\n{done.stderr[-2000:]}"
            raise SystemExit(message)

    costs = {"first": measure(github, look), "unchanged": measure(github, look)}
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {name: replace(cost, memory=children) for name, cost in costs.items()}


def main() -> None:
    """Measure, print a table, and end with 1 when a budget is broken."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as directory, running_server(count) as github:
        home = Path(directory)
        table = {
            "with a token": tracker_costs(github, count, home / "token", token=GOOD_TOKEN),
            "without": tracker_costs(github, count, home / "anonymous", token=""),
            "nvchecker": nvchecker_costs(github, count, home / "nvchecker"),
        }
    print(f"{count} repositories{'':>14}{'requests':>10}{'seconds':>10}{'MiB':>8}")
    for who, costs in table.items():
        for what, cost in costs.items():
            print(f"{who:<14} {what:<14}{cost.requests:>10}{cost.seconds:>10.2f}{cost.memory:>8.0f}")
    yardstick = table["nvchecker"]["unchanged"].seconds
    ratio = {who: table[who]["unchanged"].seconds / yardstick for who in ("with a token", "without")}
    print(f"unchanged, against nvchecker: {ratio['with a token']:.2f} with a token, {ratio['without']:.2f} without")
    kept = (
        table["with a token"]["unchanged"].requests <= MOST_WITH_TOKEN
        and table["without"]["unchanged"].requests <= count
        and max(ratio.values()) < 1
    )
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
