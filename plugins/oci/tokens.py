"""Tokens that a registry's token service gives to anybody, as Docker's token authentication describes.

Source: "Token Authentication Specification" of the distribution project, read 2026-11-23.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.api import RefusedError, SourceError

from .challenge import read_challenges

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import HttpClient

_LARGEST_ANSWER = 256 << 10
_USUAL_SECONDS = 60.0
_LONGEST_SECONDS = 24 * 3600.0
# A token that ends while the request is on its way would only cost another one.
_MARGIN_SECONDS = 5.0
_SENDABLE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """Whom to ask for a token, and for what.

    Attributes:
        realm: address of the token service.
        service: name of the registry there; may be empty.
        scope: what the token shall allow, parted by spaces.
    """

    realm: str
    service: str
    scope: str

    @property
    def url(self) -> str:
        """The address to ask."""
        parts = urlsplit(self.realm)
        asked = parse_qsl(parts.query, keep_blank_values=True)
        asked += [("service", self.service)] if self.service else []
        asked += [("scope", each) for each in self.scope.split()]
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(asked), ""))


def read_token_request(header: str, *, registry_url: str, default_scope: str) -> TokenRequest:
    """Return what the ``WWW-Authenticate`` header of a 401 asks for.

    Args:
        header: empty when the answer had none.
        registry_url: address that answered 401; without TLS there, the token service may do without, too.
        default_scope: for a challenge that names none.

    Raises:
        SourceError: it asks for something else than an anonymous token, or cannot be understood.
    """
    try:
        challenges = read_challenges(header)
    except ValueError as error:
        message = f"{registry_url}: answered 401 with a WWW-Authenticate header that cannot be understood: {error}"
        raise SourceError(message) from error
    bearer = next((each for each in challenges if each.scheme == "bearer" and each.parameters.get("realm")), None)
    if bearer is None:
        wanted = ", ".join(each.scheme for each in challenges) or "nothing in particular"
        message = f"{registry_url}: answered 401 and asks for {wanted}, not for a token that anybody can get"
        raise SourceError(message, hint="Only images that anybody may pull are watched.")
    realm = bearer.parameters["realm"]
    _check_realm(realm, registry_url)
    return TokenRequest(
        realm=realm,
        service=bearer.parameters.get("service", ""),
        scope=bearer.parameters.get("scope", "") or default_scope,
    )


def _check_realm(realm: str, registry_url: str) -> None:
    try:
        parts = urlsplit(realm)
        fault = "" if parts.hostname and parts.scheme in {"http", "https"} else "it is no address of a web server"
        if parts.username is not None or parts.password is not None:
            fault = "it holds a user name"
        if parts.scheme == "http" and urlsplit(registry_url).scheme != "http":
            fault = "it has no TLS, and the registry has"
    except ValueError:
        fault = "it cannot be read"
    if fault:
        message = f"{registry_url}: sends for a token to an address that is not used: {fault}"
        raise SourceError(message)


class Tokens:
    """Tokens by what they were asked for; nothing of them is written anywhere or shown.

    Args:
        http: asks the token service, without any credential.
        clock: seconds that never go back.
    """

    def __init__(self, http: HttpClient, clock: Callable[[], float]) -> None:
        self._http = http
        self._clock = clock
        self._kept: dict[TokenRequest, tuple[str, float]] = {}

    def kept(self, request: TokenRequest | None) -> str:
        """Return a token that still holds; empty when there is none."""
        if request is None or request not in self._kept:
            return ""
        token, ends = self._kept[request]
        return token if self._clock() < ends else ""

    def fetch(self, request: TokenRequest) -> str:
        """Return a new token; blocks.

        Raises:
            SourceError: the token service gives none.
        """
        self._kept.pop(request, None)
        asked_at = self._clock()
        try:
            fetched = self._http.get(request.url, headers={"accept": "application/json"}, max_bytes=_LARGEST_ANSWER)
        except RefusedError as error:
            message = f"{error.message}, asked for a token for {request.scope}"
            hint = "The image may not exist, or is not for everybody."
            raise SourceError(message, hint=hint) from error
        token, seconds = _read_answer(fetched.body, fetched.url)
        self._kept[request] = token, asked_at + max(seconds - _MARGIN_SECONDS, 0.0)
        return token


def _read_answer(body: bytes, address: str) -> tuple[str, float]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        message = f"{address}: the token service's answer is no JSON"
        raise SourceError(message) from error
    told = document if isinstance(document, dict) else {}
    token = told.get("token") or told.get("access_token")
    if not isinstance(token, str) or not _SENDABLE.fullmatch(token):
        message = f"{address}: the token service's answer holds no token that can be sent"
        raise SourceError(message)
    seconds = told.get("expires_in")
    if isinstance(seconds, int | float) and 0 < seconds < _LONGEST_SECONDS:
        return token, float(seconds)
    return token, _USUAL_SECONDS
