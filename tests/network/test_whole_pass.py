"""A whole pass behind a proxy with a password: all of it comes from the proxy, and the password lies nowhere."""

from __future__ import annotations

import base64
import hashlib
import sys
from typing import TYPE_CHECKING

import pytest

from tests.greetings import GREET, LANGUAGES, Tracker
from tests.network.squid import PASSWORD, PROXY_ADDRESS, USER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.network.conftest import Upstream
    from tests.network.squid import Squid

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
SECRETS = tuple(
    one.encode()
    for one in (
        PASSWORD,
        PASSWORD.replace("/", "%2F"),
        PASSWORD.replace("/", "\\/"),
        base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
    )
)


@pytest.fixture
def tracker(plain: Upstream, squid: Squid, tmp_path: Path) -> Tracker:
    listing = []
    for number, languages in LANGUAGES.items():
        program = GREET.format(version=number, languages=languages).encode()
        listing.append(f"{number} {hashlib.sha256(program).hexdigest()}\n")
        plain.files[f"/greet-{number}"] = program
    plain.files["/versions.txt"] = "".join(listing).encode()
    made = Tracker(tmp_path / "box", plain.url("/versions.txt"))
    (tmp_path / "login").write_text(f"{USER}:{PASSWORD}\n")
    (tmp_path / "login").chmod(0o600)
    settings = made.directory / "tracker.toml"
    with settings.open("a") as file:
        file.write(f'\n[network]\nproxy = "{squid.url()}"\nproxy_login = {{ file = "../login" }}\n')
    return made


def test_a_pass_goes_through_the_proxy_and_leaves_no_trace_of_its_password(
    tracker: Tracker, plain: Upstream, squid: Squid
) -> None:
    done = tracker("up")
    assert done.returncode == 0, done.stderr
    examined = tracker("doctor")
    assert f"through the proxy 127.0.0.1:{squid.port}; answers 200" in examined.stdout
    refused = tracker("check", "greet=1.1", "--from", "http://upstream.example:9/")
    assert refused.returncode == 3

    assert set(plain.peers) == {PROXY_ADDRESS}
    told = [one for done in (done, examined, refused) for one in (done.stdout, done.stderr)]
    kept = [path for path in tracker.directory.rglob("*") if path.is_file()]
    assert not [secret for secret in SECRETS if any(secret in one.encode() for one in told)]
    assert not [path for path in kept if any(secret in path.read_bytes() for secret in SECRETS)]
