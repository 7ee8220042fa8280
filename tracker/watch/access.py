"""The host's tokens, each looked for once in a round of looks; no source ever sees one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tracker.http.credentials import find_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.http import Client
    from tracker.protocols import CredentialHint, HttpClient


class Access:
    """Clients with the token that a target's credential leads to.

    Args:
        client: without any token; shared by all.
        environ: variables in which tokens may be.
    """

    def __init__(self, client: Client, environ: Mapping[str, str] = os.environ) -> None:
        self._client = client
        self._environ = environ
        self._found: dict[CredentialHint, HttpClient | None] = {}

    def client_for(self, hint: CredentialHint | None) -> tuple[HttpClient, bool]:
        """Return the client for a target, and whether it has a token for it; blocks while a program is asked.

        Raises:
            ConfigError: the token cannot be read, or is none; it is not shown.
        """
        if hint is None:
            return self._client, False
        if hint not in self._found:
            token = find_token(hint, self._environ)
            self._found[hint] = self._client.authorized(hint, token) if token else None
        authorized = self._found[hint]
        return (self._client, False) if authorized is None else (authorized, True)
