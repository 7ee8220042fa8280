"""Watches Debian archives: one target for each suite, and a signature at the root of everything that is believed."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from tracker.api import NoNews, Observed, Target, hookimpl

from . import options as debian_options
from .inrelease import InRelease, check_dates, check_name, parse_inrelease, verified_text
from .libraries import Shelves
from .packages_index import fetch_index
from .releases import ReleaseMaker
from .suites import COMPONENT, Suite, line_of
from .targets import architecture, suites_to_ask, target_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tracker.api import Component, PollRequest, Source

_LARGEST_INRELEASE = 8 << 20
_CACHE_SECONDS = 2 * 24 * 3600


class DebianSource:
    """Reads suites of Debian archives.

    A component's option ``package`` names its package; without it the component's own name counts. The cursor is a
    digest of the signed heads of the suite and of those that it builds upon, and of what was asked for: as long as it
    stays, nothing else needs fetching, but signature and dates are checked at every look.
    """

    name = "debian"
    option_names = debian_options.NAMES
    options = debian_options.OPTIONS

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        """Return one target for each suite; see ``suites_to_ask`` for which."""
        decided = debian_options.read_options(options)
        suites = suites_to_ask(decided)
        arch = architecture(decided)
        return tuple(
            Target(
                name=name,
                title=suite.title,
                components=tuple(components),
                details={"suite": suite, "architecture": arch},
                addresses=tuple(dict.fromkeys(one.url for one in (suite, *suite.bases))),
            )
            for name, suite in zip(target_names(suites), suites, strict=True)
        )

    def poll(self, request: PollRequest) -> NoNews | Observed:
        """Look at one suite; a suite that carries none of the packages is no error."""
        suite = cast("Suite", request.target.details["suite"])
        part = f"{COMPONENT}/binary-{request.target.details['architecture']}"
        head = _fetch_head(request, suite)
        bases = [(base, _fetch_head(request, base)) for base in suite.bases]
        cursor = _cursor(request.target, part, [head, *(each for _, each in bases)])
        if cursor == request.cursor:
            return NoNews(cursor=cursor)
        cache_dir = request.cache_dir / "packages"
        openers = [
            partial(fetch_index, request.http, each.url, its_head, part, cache_dir)
            for each, its_head in ((suite, head), *bases)
        ]
        maker = ReleaseMaker(
            line=line_of(head.codename, head.suite, suite.name),
            channel=suite.name,
            uris=(suite.uri, *(base.uri for base, _ in bases)),
            shelves=Shelves(openers),
        )
        releases = tuple(release for component in request.target.components for release in maker.releases(component))
        _prune(cache_dir, request.now.timestamp())
        return Observed(releases=releases, cursor=cursor)


def _fetch_head(request: PollRequest, suite: Suite) -> InRelease:
    address = f"{suite.url}/InRelease"
    signed = request.http.get(address, max_bytes=_LARGEST_INRELEASE).body
    head = parse_inrelease(verified_text(signed, suite.keys, address), address)
    check_name(head, suite.name, address)
    check_dates(head, address, request.now, valid_until=suite.check_valid_until, date=suite.check_date)
    return head


def _cursor(target: Target, part: str, heads: Sequence[InRelease]) -> str:
    asked = sorted((component.name, _package(component)) for component in target.components)
    told = [part, asked, [head.digest for head in heads]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _package(component: Component) -> str:
    return component.options.get("package", component.name)


def _prune(cache_dir: Path, now: float) -> None:
    """Remove indexes that no look has used for two days; they can be fetched again."""
    for path in cache_dir.iterdir() if cache_dir.is_dir() else ():
        # Another look may remove the same file at the same time.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < now - _CACHE_SECONDS:
                path.unlink()


@hookimpl
def tracker_sources() -> Iterable[Source]:
    """Register the source of Debian archives."""
    return (DebianSource(),)
