"""The source: a JSON document that lists versions, files and digests."""

import hashlib
import json

from tracker.api import (
    Address,
    Asset,
    ConfigError,
    NoNews,
    Observed,
    Option,
    Release,
    SourceError,
    Target,
)


class Shelf:
    name = "shelf"
    options = (Option("url", Address(), "Where the list of kettles lies.", ""),)
    option_names = frozenset({"url"})

    def targets(self, components, options):
        if not options.get("url"):
            raise ConfigError("sources.shelf.url is not set", hint='In tracker.toml: [sources.shelf] url = "..."')
        return tuple(
            Target(name=one.name, title=options["url"], components=(one,), details={"url": options["url"]})
            for one in components
        )

    def poll(self, request):
        url = request.target.details["url"]
        body = request.http.get(url, revalidate=True).body
        cursor = hashlib.sha256(body).hexdigest()
        if cursor == request.cursor:
            return NoNews(cursor=cursor)
        (component,) = request.target.components
        try:
            releases = tuple(self._release(component, url, one) for one in json.loads(body)["kettles"])
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{url}: is no list of kettles: {error}") from error
        return Observed(releases=releases, cursor=cursor)

    def _release(self, component, url, told):
        version, file = told["version"], told["file"]
        return Release(
            component=component.name,
            version=version,
            upstream_version=version,
            line=version.split(".")[0],
            channel="shelf",
            assets=(Asset(name=file, url=f"{url.rpartition('/')[0]}/{file}", digest=f"sha256:{told['sha256']}"),),
        )
