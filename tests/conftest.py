"""What all tests share: a closed network, one Hypothesis profile, and which tests this machine can run.

The network is closed in this process but for loopback and unix sockets; a test marked ``archive`` may also reach the
hosts that this machine's apt names. Programs that tests start are not affected.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

pytest_plugins = ("tests.greetings",)

hypothesis.settings.register_profile("tracker", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("tracker")

_TOGETHER = {
    "machine": (
        "tests/cli/test_corrections",
        "tests/cli/test_main_job",
        "tests/cli/test_recommend",
        "tests/plugins/linux_containers",
        "tests/smoke/test_isolation",
    ),
    "packaging": ("tests/packaging/test_distributions", "tests/packaging/test_bare"),
}
"""Tests that one process runs one after the other, whatever file they are in."""
_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class _Network:
    """Lets this process connect to loopback, and to the hosts that the running test was allowed."""

    def __init__(self) -> None:
        self.allowed_hosts: frozenset[str] = frozenset()
        self._allowed_addresses: set[str] = set()
        self._patch = pytest.MonkeyPatch()

    def close(self) -> None:
        real_connect, real_connect_ex, real_lookup = (
            socket.socket.connect,
            socket.socket.connect_ex,
            socket.getaddrinfo,
        )

        def connect(sock: socket.socket, address: Any) -> None:  # noqa: ANN401 - its type depends on the family
            self._check(sock.family, address)
            real_connect(sock, address)

        def connect_ex(sock: socket.socket, address: Any) -> int:  # noqa: ANN401 - as above
            self._check(sock.family, address)
            return real_connect_ex(sock, address)

        def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> list[Any]:  # noqa: ANN401 - passed on
            name = host.decode() if isinstance(host, bytes) else host
            if name is not None and name.endswith(".invalid"):
                # Reserved never to resolve (RFC 6761): the way to test an unknown host without asking anybody.
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            if not (name is None or _is_loopback(name) or name in self.allowed_hosts):
                self._refuse(name)
            found = real_lookup(host, *arguments, **options)
            self._allowed_addresses.update(str(entry[4][0]) for entry in found)
            return found

        self._patch.setattr(socket.socket, "connect", connect)
        self._patch.setattr(socket.socket, "connect_ex", connect_ex)
        self._patch.setattr(socket, "getaddrinfo", getaddrinfo)

    def open(self) -> None:
        self._patch.undo()

    def forget(self) -> None:
        self.allowed_hosts = frozenset()
        self._allowed_addresses.clear()

    def _check(self, family: int, address: Any) -> None:  # noqa: ANN401 - as above
        if family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = str(address[0])
        if not (_is_loopback(host) or host in self.allowed_hosts or host in self._allowed_addresses):
            self._refuse(host)

    @staticmethod
    def _refuse(host: str) -> None:
        # An outcome of pytest's own is no Exception, so that no product code takes it for an unreachable upstream.
        pytest.fail(f"the test wanted to reach {host}: tests use loopback, or are marked `archive`")


_network = _Network()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"}


def pytest_configure() -> None:
    """Close the network before any test module is imported."""
    _network.close()


def pytest_unconfigure() -> None:
    """Leave the process as it was."""
    _network.open()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Say which tests one process runs where several share the work: those of a file, which share what they made.

    Those that run real runtimes come one after the other, since some of them count what the machine has.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return next((group for group in _TOGETHER if path.startswith(_TOGETHER[group])), path)

    return Files(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run; open the network as far as the test's marker says.

    This comes before any fixture of the test, those of its module and session included.
    """
    if item.get_closest_marker("machine") and (obstacle := _machine_obstacle()):
        pytest.skip(obstacle)
    if item.get_closest_marker("archive"):
        if obstacle := _archive_obstacle():
            pytest.skip(obstacle)
        _network.allowed_hosts = _archive_hosts()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Close the network again for the next test."""
    _network.forget()


@pytest.fixture(autouse=True)
def _own_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out of the tests' answers."""
    monkeypatch.delenv("TRACKER_CONFIG", raising=False)
    monkeypatch.delenv("TRACKER_WHEELS", raising=False)
    if request.node.get_closest_marker("archive") is None:
        for name in _PROXY_VARIABLES:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent


@functools.cache
def _machine_obstacle() -> str:
    """Return why no real runtime can run here; empty when it can."""
    if sys.platform != "linux" or not Path("/etc/debian_version").exists():
        return "machine: this is no Debian"
    if os.geteuid() != 0:
        return "machine: needs root"
    if missing := [name for name in ("unshare", "nsenter", "gpgv") if shutil.which(name) is None]:
        return f"machine: not installed: {', '.join(missing)}"
    trial = ["unshare", "--mount", "--pid", "--net", "--fork", "true"]
    tried = subprocess.run(trial, capture_output=True, text=True, check=False)
    return f"machine: namespaces are not allowed: {tried.stderr.strip()}" if tried.returncode else ""


@functools.cache
def _archive_uris() -> tuple[str, ...]:
    """Return where apt fetches its signed indexes from, in apt's order; empty without apt."""
    if shutil.which("apt-get") is None:
        return ()
    form = "$(REPO_URI)dists/$(RELEASE)/InRelease"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages", "Origin: Debian"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not listed.stdout.strip():
        # Origin is only known after `apt-get update`; without it every configured archive counts.
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
            capture_output=True,
            text=True,
            check=False,
        )
    return tuple(dict.fromkeys(listed.stdout.split()))


@functools.cache
def _archive_hosts() -> frozenset[str]:
    """Return the hosts that apt asks, and the proxies in front of them."""
    proxies = [address for name, address in urllib.request.getproxies().items() if name != "no"]
    return frozenset(host for address in (*_archive_uris(), *proxies) if (host := urlsplit(address).hostname))


@functools.cache
def _archive_obstacle() -> str:
    """Return why the Debian archive cannot be read; empty when it answers."""
    if not _archive_uris():
        return "archive: apt names no archive here"
    _network.allowed_hosts = _archive_hosts()
    try:
        with urllib.request.urlopen(_archive_uris()[0], timeout=20) as answer:  # noqa: S310 - apt's own addresses
            answer.read(1)
    except (OSError, ValueError) as error:
        return f"archive: {_archive_uris()[0]} does not answer: {error}"
    finally:
        _network.forget()
    return ""
