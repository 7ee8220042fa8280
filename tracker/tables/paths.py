"""``[paths]``, ``[site]``, ``[plugins]``, ``[evidence]``: small tables."""

from __future__ import annotations

from tracker.configured import DEFAULT_MAX_AGE_DAYS, DEFAULT_TITLE, HOME_NAME
from tracker.settings import FilePath, Key, Number, Table, Text, Texts

PATHS = Table(
    (
        Key("home", FilePath(), "Store, downloads, installed versions and work directories.", HOME_NAME),
        Key("site", FilePath(), 'The published site; empty for the directory "site" in home.', ""),
    )
)
_ADDRESS = Text(pattern=r"(https?://[^\s<>]+)?", allowed="a web address (https://...)")
_REPORT = Text(
    pattern=r"(https?://[^\s<>]+|(mailto:)?[^\s<>@:]+@[^\s<>@:]+)?", allowed="a web address or a mail address"
)
SITE = Table(
    (
        Key("title", Text(), "Heading of the site.", DEFAULT_TITLE),
        Key("address", _ADDRESS, "Where the site is read, for links that others copy; empty for none.", ""),
        Key("report", _REPORT, "Where a reader tells of a mistake; empty for nowhere.", ""),
    )
)
PLUGINS = Table(
    (Key("disabled", Texts(), "Plugins that are not loaded, by name; a package with all that is in it.", []),)
)
EVIDENCE = Table(
    (Key("max_age_days", Number(least=0.01), "After so many days a result is stale.", DEFAULT_MAX_AGE_DAYS),)
)
