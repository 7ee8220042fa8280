"""Tokens: where one is found, and which requests it goes with."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.http.addresses import origin_of, origin_or_nothing, read_origin
from tracker.settings import read_secret_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from tracker.protocols import CredentialHint
    from tracker.protocols.network import Route

COMMAND_LIMIT_SECONDS = 10.0
_TOKEN = re.compile(r"[\x21-\x7e]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A token and the one origin that may see it.

    Attributes:
        origin: as ``origin_of`` spells it.
        identity: names the token without telling anything of it.
        token: never to be shown.
    """

    origin: str
    identity: str
    token: str = field(repr=False)

    def goes_with(self, request: httpx.Request, route: Route) -> bool:
        """Return whether it is sent with ``request``, which may bring a credential of its own.

        To a mirror it is sent only where the configuration says so.
        """
        is_mirror = route.actual != route.original
        may_see = route.rewrite is not None and route.rewrite.is_trusted if is_mirror else True
        origin = origin_or_nothing(route.original) if is_mirror else origin_of(request.url)
        return may_see and origin == self.origin and "authorization" not in request.headers


def find_token(
    hint: CredentialHint, environ: Mapping[str, str], *, limit_seconds: float = COMMAND_LIMIT_SECONDS
) -> str | None:
    """Return the token from the first place that ``hint`` names and that holds one; ``None`` when none does.

    The file is looked at first, then the environment variables in their order, then the program is asked; blocks for as
    long as that takes.

    Args:
        hint: where to look.
        environ: variables, also for the program.
        limit_seconds: how long the program may take.

    Raises:
        ConfigError: the file cannot be read, others can get at it, or a place holds something that is no token; it is
            named, its content not.
    """
    if hint.file:
        return _from_file(Path(hint.file))
    for name in hint.environment:
        if told := environ.get(name, "").strip():
            return _checked(told, f"the environment variable {name}")
    told = _from_command(hint.command, environ, limit_seconds).strip() if hint.command else ""
    return _checked(told, f"the output of `{hint.command[0]}`") if told else None


def check_token(token: str, origin: str) -> str:
    """Return ``token`` when it can be sent.

    Raises:
        ConfigError: it cannot; the message does not show it.
    """
    return _checked(token, f"the token for {read_origin(origin)}")


def _from_file(path: Path) -> str:
    return _checked(read_secret_file(path, what="token"), str(path))


def _from_command(command: tuple[str, ...], environ: Mapping[str, str], limit_seconds: float) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_seconds,
            check=False,
            env=dict(environ),
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        # A program that is missing or does not answer has no token, which is no fault of the configuration.
        return ""
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""


def _checked(told: str, where: str) -> str:
    if _TOKEN.fullmatch(told):
        return told
    message = f"{where}: is no token: it must be one line of visible ASCII characters"
    raise ConfigError(message, hint="Put the token there and nothing else; its content is not shown here.")
