"""Watches projects of package indexes: one target for each component, over all indexes that pip would ask."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NoReturn, cast
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name, is_normalized_name

from tracker.api import ConfigError, NoNews, Observed, RefusedError, SourceError, Target, UnreachableError, hookimpl

from .index_page import ACCEPT, read_page
from .pip_settings import read_indexes
from .releases import releases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.api import Component, Fetched, PollRequest, Source

    from .index_page import IndexPage
    from .pip_settings import Index

_GONE = frozenset({404, 410})
_LARGEST = 128 << 20
_OPTIONS = frozenset({"package", "extras"})


class PackageIndex:
    """Reads the simple API of package indexes.

    A component's option ``package`` names the project; without it the component's own name counts. As for pip, a
    project is what all indexes together offer of it, and of a file that two of them have the first one's counts. An
    index that cannot be reached is no index without the project: the look fails.
    """

    name = "package-index"
    option_names = frozenset({"url", "extra_urls"})

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return one target for each component; asks pip where its packages come from."""
        indexes = read_indexes(urls_of(options))
        return tuple(
            Target(
                name=component.name,
                title=f"{project_of(component)} at {', '.join(index.url for index in indexes)}",
                components=(component,),
                details={"indexes": indexes},
            )
            for component in components
        )

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one project in all indexes."""
        (component,) = request.target.components
        project = project_of(component)
        indexes = cast("Sequence[Index]", request.target.details["indexes"])
        answers = [(index, fetched) for index in indexes if (fetched := _fetch(request, index, project)) is not None]
        if not answers:
            message = f"{request.target.title}: no index knows the project"
            raise SourceError(message, hint="Is the component's option package spelt as the index spells it?")
        cursor = _cursor(component, answers)
        if cursor == request.cursor:
            return NoNews(cursor=cursor)
        pages = [read_page(each.body, each.headers.get("content-type", ""), each.url) for _, each in answers]
        offered = releases_of(
            component,
            project,
            [file for page in pages for file in page.files],
            channel=_channel(answers[0][0]),
            url="" if answers[0][1].url.startswith("file:") else answers[0][1].url,
        )
        return Observed(
            releases=offered.releases,
            cursor=cursor,
            keeps_old=True,
            remarks=(*_status_remarks(project, pages), *offered.remarks),
        )


def project_of(component: Component) -> str:
    """Return the normal form of the project's name.

    Raises:
        ConfigError: the component has an option that is not known, or its name is no project's.
    """
    for option in component.options:
        if option not in _OPTIONS:
            message = f"component {component.name}: {option} is no option of a package index"
            raise ConfigError(message, hint=f"Known: {', '.join(sorted(_OPTIONS))}")
    name = canonicalize_name(component.options.get("package", component.name))
    if not is_normalized_name(name):
        message = f"component {component.name}: package = {name!r}: is no name of a project"
        raise ConfigError(message)
    return name


def urls_of(options: Mapping[str, object]) -> tuple[str, ...]:
    """Return the addresses that tracker.toml names in the place of pip's; empty for none.

    Raises:
        ConfigError: a value is not allowed; a password is never shown.
    """
    url, extra = options.get("url", ""), options.get("extra_urls", [])
    if not isinstance(url, str):
        _refuse("url", "an address")
    if not isinstance(extra, list | tuple) or not all(isinstance(one, str) and one for one in extra):
        _refuse("extra_urls", "a list of addresses")
    if extra and not url:
        _refuse("extra_urls", "set together with url")
    urls = (url, *extra) if url else ()
    for one in urls:
        if "@" in one.partition("://")[2].partition("/")[0]:
            message = "sources.package-index: an address holds a user name or a password"
            raise ConfigError(message, hint="Put it into the file ~/.netrc, where pip finds it, too.")
    return urls


def _refuse(option: str, allowed: str) -> NoReturn:
    message = f"sources.package-index.{option}: must be {allowed}"
    raise ConfigError(message)


def _fetch(request: PollRequest, index: Index, project: str) -> Fetched | None:
    if index.url.startswith("file:"):
        return _read_file(request, index, project)
    headers = {"accept": ACCEPT}
    if index.authorization:
        headers["authorization"] = index.authorization
    try:
        return request.http.get(f"{index.url}/{project}/", headers=headers, max_bytes=_LARGEST, revalidate=True)
    except RefusedError as error:
        if error.status in _GONE:
            return None
        raise


def _read_file(request: PollRequest, index: Index, project: str) -> Fetched | None:
    # As pip does: of a directory that is laid out like an index, the file index.html is the page.
    try:
        root = request.http.get(f"{index.url}/{project}/index.html", max_bytes=_LARGEST)
    except UnreachableError:
        return None
    return root


def _cursor(component: Component, answers: Sequence[tuple[Index, Fetched]]) -> str:
    told = [
        [component.name, sorted(component.options.items()), repr(component.tags)],
        [[index.url, each.url, hashlib.sha256(each.body).hexdigest()] for index, each in answers],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _channel(index: Index) -> str:
    parts = urlsplit(index.url)
    return f"{parts.netloc}{parts.path}"


def _status_remarks(project: str, pages: Sequence[IndexPage]) -> Iterable[str]:
    for page in pages:
        if page.status != "active":
            yield f"The index says that {project} is {page.status}."


@hookimpl
def tracker_sources() -> Iterable[Source]:
    """Register the source of package indexes."""
    return (PackageIndex(),)
