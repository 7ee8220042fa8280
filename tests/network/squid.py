"""A real proxy on loopback: it asks for a name and password, and on a second port it opens TLS and signs anew.

It knows the names of the upstreams, which nobody else does, and reaches them from an address of its own: what an
upstream hears from 127.0.0.2 came through it, and what bypasses it arrives nowhere.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.network.certificates import Authority

PROXY_ADDRESS = "127.0.0.2"
USER, PASSWORD = "svc-tracker", "s3cret-pass/word"
HOSTS = ("upstream.example", "elsewhere.example", "git.example")
REFUSED = "forbidden.example"
_PROGRAM = shutil.which("squid") or "/usr/sbin/squid"
_HELPERS = Path("/usr/lib/squid")
_SECONDS = 20.0


def obstacle() -> str:
    """Return why the proxy cannot run here; empty when it can."""
    needed = (Path(_PROGRAM), _HELPERS / "security_file_certgen", _HELPERS / "basic_ncsa_auth")
    missing = [str(path) for path in needed if not path.exists()]
    return f"not installed: squid-openssl ({', '.join(missing)})" if missing else ""


@dataclass
class Squid:
    """The running proxy."""

    directory: Path
    port: int
    signing_port: int
    process: subprocess.Popen[bytes]

    def url(self, *, signing: bool = False, login: str = "") -> str:
        port = self.signing_port if signing else self.port
        return f"http://{login}{'@' if login else ''}127.0.0.1:{port}"

    @property
    def lines(self) -> list[str]:
        """What it was asked, a line for each answer."""
        # It writes a line after the answer has gone; once one of a later question is there, all before it are.
        last = f"http://{REFUSED}/{uuid.uuid4()}"
        with socket.create_connection(("127.0.0.1", self.port), _SECONDS) as asking:
            asking.sendall(f"GET {last} HTTP/1.0\r\n\r\n".encode())
            while asking.recv(4096):
                pass
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            lines = (self.directory / "access.log").read_text().splitlines()
            if any(last in line for line in lines):
                return [line for line in lines if last not in line]
        pytest.fail(f"squid did not log {last} within {_SECONDS} seconds")

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(directory: Path, own: Authority, upstreams: Authority) -> Squid:
    """Start the proxy in ``directory``, which every user may read; it ends with ``close``."""
    ports = _free_port(), _free_port()
    (directory / "hosts").write_text("".join(f"127.0.0.1 {name}\n" for name in (*HOSTS, REFUSED)))
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", PASSWORD], check=True, capture_output=True, text=True
    ).stdout.strip()
    (directory / "users").write_text(f"{USER}:{hashed}\n")
    database = directory / "certificates"
    subprocess.run(
        [_HELPERS / "security_file_certgen", "-c", "-s", database, "-M", "4MB"], check=True, capture_output=True
    )
    shutil.copy(own.with_key, directory / "own.pem")
    shutil.copy(upstreams.path, directory / "upstreams.pem")
    (directory / "squid.conf").write_text(_settings(directory, database, *ports))
    if os.geteuid() == 0:
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, "proxy", "proxy")
    process = subprocess.Popen(
        [_PROGRAM, "-N", "-f", directory / "squid.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    made = Squid(directory, *ports, process)
    _await(made)
    return made


def _settings(directory: Path, database: Path, port: int, signing_port: int) -> str:
    bump = f"ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=4MB cert={directory}/own.pem"
    return f"""
http_port 127.0.0.1:{port}
http_port 127.0.0.1:{signing_port} {bump}
sslcrtd_program {_HELPERS}/security_file_certgen -s {database} -M 4MB
sslcrtd_children 1
acl first at_step SslBump1
ssl_bump peek first
ssl_bump bump all
tls_outgoing_options cafile={directory}/upstreams.pem
auth_param basic program {_HELPERS}/basic_ncsa_auth {directory}/users
auth_param basic children 1
acl refused dstdomain {REFUSED}
acl known proxy_auth REQUIRED
http_access deny refused
http_access allow known
http_access deny all
hosts_file {directory}/hosts
tcp_outgoing_address {PROXY_ADDRESS}
pid_filename none
cache deny all
cache_log {directory}/cache.log
access_log stdio:{directory}/access.log
coredump_dir {directory}
shutdown_lifetime 0 seconds
"""


def _await(made: Squid) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", made.signing_port)) == 0:
                return
        if made.process.poll() is not None:
            break
    log = made.directory / "cache.log"
    made.close()
    pytest.fail(f"squid did not start: {log.read_text()[-2000:] if log.exists() else 'it says nothing'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
