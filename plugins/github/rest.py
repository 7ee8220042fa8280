"""Asks GitHub's REST API: versions, pages, and answers that are no answers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from tracker.api import RefusedError, SourceError, next_page, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.api import Fetched, HttpClient

    from .options import Endpoints

_T = TypeVar("_T")
HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
"""Without a version GitHub answers in its default one, which moves on (docs "API versions")."""
_MOST_PAGES = 200
_REFUSALS = {
    401: ("the token was refused", "Look at GITHUB_TOKEN, GH_TOKEN, sources.github.token, or `gh auth status`."),
    403: ("the access was refused", "The token may lack the right to read this repository."),
    404: ("does not exist, or is private and may not be seen with this token", "Look at its name on the web."),
    410: ("is gone", "The repository, or this version of the API, was given up."),
    451: ("is blocked for legal reasons", "Nothing but upstream can change that."),
}


class Rest:
    """Questions about one repository, by name until its number is known.

    Args:
        http: asks, with the token where there is one.
        endpoints: where.
        repository: ``"owner/name"``.
        number: the repository's unchanging id, from an earlier look; empty when there was none.

    Attributes:
        seen: digests of what was read, by path; of a list, of its first page.
    """

    def __init__(self, http: HttpClient, endpoints: Endpoints, repository: str, number: str = "") -> None:
        self._http = http
        self._endpoints = endpoints
        self._repository = repository
        owner, _, name = repository.partition("/")
        self._base = f"/repositories/{number}" if number else f"/repos/{quote(owner)}/{quote(name)}"
        self.seen: dict[str, str] = {}

    def one(self, path: str, shape: type[_T]) -> _T:
        """Return one object; ``path`` begins below the repository, each part of it quoted.

        Raises:
            RefusedError: GitHub answered with a status that stays.
            SourceError: it could not be asked, or the answer is no such object.
        """
        found = _decode(self._get(f"{self._endpoints.api}{self._base}{path}"), shape)
        self._note(path, found)
        return found

    def all(self, path: str, shape: type[_T]) -> Iterator[_T]:
        """Yield the objects of all pages of a list, in GitHub's order.

        Raises:
            SourceError: as for ``pages``.
        """
        for page in self.pages(path, list[shape]):  # type: ignore[valid-type]
            yield from page

    def pages(self, path: str, shape: type[_T]) -> Iterator[_T]:
        """Yield all pages, each as it is, in GitHub's order.

        Raises:
            SourceError: as for ``one``; also when the pages lead elsewhere, in a circle, or are too many.
        """
        url: str | None = f"{self._endpoints.api}{self._base}{path}?per_page=100"
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= _MOST_PAGES:
                message = f"{url}: its pages do not end"
                raise SourceError(message, hint="Nothing was changed; the next look asks again.")
            seen.add(url)
            fetched = self._get(url)
            found = _decode(fetched, shape)
            if len(seen) == 1:
                self._note(f"{path}?per_page=100", found)
            yield found
            url = self._next(fetched)

    def _note(self, path: str, found: object) -> None:
        """Keep a digest of what is read of an answer; how often a file was fetched changes the answer's own ETag."""
        self.seen[path] = hashlib.sha256(msgspec.json.encode(found)).hexdigest()[:16]

    def _get(self, url: str) -> Fetched:
        try:
            return self._http.get(url, headers=HEADERS, revalidate=True)
        except RefusedError as error:
            said, hint = _REFUSALS.get(error.status, (f"answered {error.status}", ""))
            message = f"{self._repository} {said} ({error.message})"
            raise RefusedError(message, status=error.status, hint=hint) from error

    def _next(self, fetched: Fetched) -> str | None:
        try:
            url = next_page(fetched.headers.get("link", ""), fetched.url)
            is_here = url is None or origin_of(url) == origin_of(self._endpoints.api)
        except ValueError as error:
            message = f"{fetched.url}: its next page lies at an address that cannot be read: {error}"
            raise SourceError(message, hint="Nothing was changed; the next look asks again.") from error
        if not is_here:
            message = f"{fetched.url}: its next page is said to lie on another host"
            raise SourceError(
                message, hint="Only pages of the API's own host are followed. Look at sources.github.api_url."
            )
        return url


def quoted(part: str) -> str:
    """Return one part of a path as it stands in an address; a slash in it is quoted too."""
    return quote(part, safe="")


def _decode(fetched: Fetched, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(fetched.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        kind = fetched.headers.get("content-type", "an unknown kind").partition(";")[0]
        message = f"{fetched.url}: the answer ({kind}, {len(fetched.body)} bytes) is not what GitHub describes: {error}"
        raise SourceError(message, hint="Nothing was changed; the next look asks again.") from error
