"""A token service whose tokens Debian's docker-registry believes: signed by a key that ``openssl`` makes."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = "test-issuer"
_NEW_KEY = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "2")
SERVICE = "test registry, with a comma"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class TokenService:
    """Gives everybody a token for whatever is asked for.

    Attributes:
        directory: of key and certificate.
        requests: what was asked for.
        scope: what is allowed in place of what was asked for; empty for just that.
    """

    directory: Path
    requests: list[Request] = field(default_factory=list)
    scope: str = ""

    @classmethod
    def create(cls, directory: Path) -> TokenService:
        if shutil.which("openssl") is None:
            pytest.skip("not installed: openssl")
        directory.mkdir()
        subprocess.run(
            [*_NEW_KEY, "-keyout", str(directory / "key.pem"), "-out", str(directory / "certificate.pem")],
            check=True,
            capture_output=True,
        )
        return cls(directory)

    @property
    def certificate(self) -> Path:
        return self.directory / "certificate.pem"

    def answer(self, request: Request) -> Response:
        self.requests.append(request)
        token = self.token(self.scope or request.args.get("scope", ""))
        return Response(json.dumps({"token": token, "expires_in": 300}), content_type="application/json")

    def token(self, scope: str) -> str:
        now = int(time.time())
        kind, name, actions = scope.split(":") if scope else ("", "", "")
        access = [{"type": kind, "name": name, "actions": actions.split(",")}] if scope else []
        lines = self.certificate.read_text().splitlines()
        head = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(line for line in lines if "CERTIFICATE" not in line)]}
        claims = {
            "iss": ISSUER,
            "sub": "",
            "aud": SERVICE,
            "nbf": now - 60,
            "iat": now,
            "exp": now + 300,
            "jti": "1",
            "access": access,
        }
        signed = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", str(self.directory / "key.pem")],
            input=signed.encode(),
            capture_output=True,
            check=True,
        ).stdout
        return f"{signed}.{_base64(signature)}"
