"""``[paths]``, ``[plugins]``, ``[evidence]``: small tables."""

from __future__ import annotations

from tracker.configured import DEFAULT_MAX_AGE_DAYS, HOME_NAME
from tracker.settings import FilePath, Key, Number, Table, Texts

PATHS = Table(
    (
        Key("home", FilePath(), "Store, downloads, installed versions and work directories.", HOME_NAME),
        Key("site", FilePath(), 'The published site; empty for the directory "site" in home.', ""),
    )
)
PLUGINS = Table(
    (Key("disabled", Texts(), "Plugins that are not loaded, by name; a package with all that is in it.", []),)
)
EVIDENCE = Table(
    (Key("max_age_days", Number(least=0.01), "After so many days a result is stale.", DEFAULT_MAX_AGE_DAYS),)
)
