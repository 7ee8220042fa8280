"""The pages' origin: feeds, downloads by name, and git over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .asked import Answer, Asked
from .feeds import releases_feed, tags_feed
from .git_http import answer_git

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from wsgiref.types import WSGIEnvironment

    from .repository import Repository
    from .rest import Rest
    from .shapes import Links

_FEED = re.compile(r"/([^/]+/[^/]+)/(releases|tags)\.atom")
_DOWNLOAD = re.compile(r"/([^/]+/[^/]+)/releases/download/(.+)/([^/]+)")
_GIT = re.compile(r"/([^/]+/[^/]+?)(?:\.git)?(/info/refs|/git-upload-pack)")


class Web:
    """What github.com answers besides the API."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    @staticmethod
    def answers(asked: Asked) -> bool:
        """Tell whether a request is for this part and not for the API."""
        if asked.path.startswith(("/repos/", "/repositories/", "/api/")):
            return False
        return any(pattern.fullmatch(asked.path) for pattern in (_FEED, _DOWNLOAD, _GIT))

    def answer(
        self, asked: Asked, environ: WSGIEnvironment, links: Links, lock: AbstractContextManager[object]
    ) -> Answer:
        """Answer with a feed, a redirect or a git pack; the lock is not held while git runs."""
        with lock:
            found = self._find(asked, links)
        if isinstance(found, Answer):
            return found
        return answer_git(asked, environ, *found)

    def _find(self, asked: Asked, links: Links) -> Answer | tuple[Path, str]:
        """Return the answer, or the bare repository and what git asks of it."""
        place = next(found for one in (_FEED, _DOWNLOAD, _GIT) if (found := one.fullmatch(asked.path)))
        name = unquote(place[1])
        try:
            repository = self._rest.world[name]
        except KeyError:
            return self._moved(name, asked, links)
        if repository.private and asked.credential not in self._rest.tokens:
            return _no_page()
        if place.re is _FEED:
            feed = releases_feed if place[2] == "releases" else tags_feed
            return Answer(200, feed(links, repository).encode(), {}, "application/atom+xml; charset=utf-8")
        if place.re is _DOWNLOAD:
            return self._download(repository, unquote(place[2]), unquote(place[3]))
        return _no_page() if repository.git is None else (repository.git.directory, place[2])

    def _moved(self, name: str, asked: Asked, links: Links) -> Answer:
        moved = self._rest.world.moved(name)
        if moved is None:
            return _no_page()
        former, suffix = "/".join(asked.path.split("/")[1:3]), ".git" * (".git/" in asked.path)
        rest = asked.path.removeprefix("/" + former)
        query = f"?{asked.query_string}" if asked.query_string else ""
        return Answer(301, b"", {"location": f"{links.page(moved)}{suffix}{rest}{query}"}, "text/html")

    def _download(self, repository: Repository, tag: str, name: str) -> Answer:
        for release in repository.releases:
            for asset in release.assets:
                if (release.tag, asset.name, release.draft, asset.state) == (tag, name, False, "uploaded"):
                    asset.download_count += 1
                    location = self._rest.storage.sign(repository.id, asset)
                    return Answer(302, b"", {"location": location}, "text/html; charset=utf-8")
        return _no_page()


def _no_page() -> Answer:
    return Answer(404, b"Not Found", {}, "text/plain; charset=utf-8")
