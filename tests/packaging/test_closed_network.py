from __future__ import annotations

import socket
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest


def test_a_test_may_connect_to_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        with socket.create_connection(("localhost", address[1]), timeout=10) as client:
            assert client.getpeername() == address


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="unix sockets are missing here")
def test_a_test_may_connect_to_a_unix_socket(tmp_path: object) -> None:
    path = f"{tmp_path}/socket"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()

        client.connect(path)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_elsewhere_fails_the_test(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    with socket.socket(family) as client, pytest.raises(pytest.fail.Exception, match=address):
        client.connect((address, 80))
    with socket.socket(family) as client, pytest.raises(pytest.fail.Exception, match=address):
        client.connect_ex((address, 80))


def test_a_name_elsewhere_fails_the_test_even_behind_a_broad_except() -> None:
    def ask() -> None:
        with pytest.raises(OSError, match="never"):
            urllib.request.urlopen("http://example.org/", timeout=10)

    with ThreadPoolExecutor() as pool, pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        pool.submit(ask).result()


def test_a_reserved_name_is_unknown_without_asking_anybody() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nowhere.invalid", 80), timeout=10)


@pytest.mark.archive
def test_a_marked_test_reaches_the_archive_that_apt_names_and_nothing_else() -> None:
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)dists/$(RELEASE)/InRelease"],
        capture_output=True,
        text=True,
        check=True,
    )

    with urllib.request.urlopen(listed.stdout.split()[0], timeout=60) as answer:  # noqa: S310 - apt's own address
        assert answer.read(10) == b"-----BEGIN"
    with pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=10)
