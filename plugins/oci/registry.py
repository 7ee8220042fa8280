"""One repository of a registry: asks for its lists, manifests and blobs, with a token where one is wanted.

The API is that of the OCI distribution specification 1.1, read 2026-11-23.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from tracker.api import RefusedError, SourceError, origin_of

from .tokens import Tokens, read_token_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tracker.api import Fetched, HttpClient

    from .reference import ImageName
    from .tokens import TokenRequest

_T = TypeVar("_T")
_UNAUTHORIZED = 401


class Registry:
    """Asks for one image; keeps tokens for as long as it lives, which is one look.

    Args:
        http: the host's client; it drops the token where a redirect leads to another host.
        image: what is asked for.
        api_url: address of the image's part of the API, without a slash at the end.
        clock: seconds that never go back.
    """

    def __init__(
        self, http: HttpClient, image: ImageName, api_url: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.image = image
        self.api_url = api_url
        self._http = http
        self._tokens = Tokens(http, clock)
        self._wanted: TokenRequest | None = None

    def get(self, url: str, *, accept: str, max_bytes: int, validator: str = "") -> Fetched:
        """Return the answer for an address; only at the registry itself is a token sent; blocks.

        Args:
            url: where to ask.
            accept: kinds of documents that are understood.
            max_bytes: the longest body that is taken.
            validator: entity tag of an answer that is known; when it still holds, the answer is an empty 304.

        Raises:
            SourceError: no token helps.
            RefusedError: any refusal but a 401.
            UnreachableError: no answer.
            RateLimitedError: the registry or its token service asks to wait.
        """

        def ask(token: str) -> Fetched:
            return self._http.get(url, headers=_headers(accept, token, validator), max_bytes=max_bytes)

        return self._with_token(url, ask)

    def download(self, url: str, target: Path, size: int, digest: str) -> None:
        """Fetch a blob to ``target``, verified by size and digest; blocks.

        Raises:
            SourceError: as for ``get``.
            VerificationError: another size or digest.
        """

        def ask(token: str) -> str:
            headers = _headers("*/*", token, "")
            return self._http.download(url, target, size=size, digest=digest, headers=headers)

        self._with_token(url, ask)

    def _with_token(self, url: str, ask: Callable[[str], _T]) -> _T:
        is_own = self._is_own(url)
        kept = self._tokens.kept(self._wanted) if is_own else ""
        try:
            return ask(kept)
        except RefusedError as error:
            if error.status != _UNAUTHORIZED or not is_own:
                raise
            token = self._another_token(error, had_one=bool(kept))
        try:
            return ask(token)
        except RefusedError as error:
            if error.status != _UNAUTHORIZED:
                raise
            message = f"{error.message}, also with a new token for {self._scope}"
            raise SourceError(message, hint="The image may not exist, or is not for everybody.") from error

    def _is_own(self, url: str) -> bool:
        return origin_of(url) == origin_of(self.api_url)

    @property
    def _scope(self) -> str:
        return self._wanted.scope if self._wanted else ""

    def _another_token(self, error: RefusedError, *, had_one: bool) -> str:
        header = error.headers.get("www-authenticate", "")
        scope = f"repository:{self.image.name}:pull"
        wanted = read_token_request(header, registry_url=error.asked_at or self.api_url, default_scope=scope)
        kept = "" if had_one and wanted == self._wanted else self._tokens.kept(wanted)
        self._wanted = wanted
        return kept or self._tokens.fetch(wanted)


def _headers(accept: str, token: str, validator: str) -> Mapping[str, str]:
    headers = {"accept": accept, "authorization": f"Bearer {token}", "if-none-match": validator}
    return {name: value for name, value in headers.items() if value and (token or name != "authorization")}
