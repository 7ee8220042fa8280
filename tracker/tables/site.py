"""``[site]``: the published site, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.configured import DEFAULT_TITLE, OutletConfig
from tracker.settings import Address, FilePath, Flag, Key, Number, Table, Text, Texts
from tracker.settings.kinds import SAID

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL = OutletConfig()
# An option in the place of an address, a transport that runs a program, a password that everybody could read: none.
_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
_FORMS = (
    r"(?:https?|file|git)://[^@\s]+",
    r"ssh://[^:\s]+(?::[0-9]+)?/\S+",
    rf"{_NAME}@{_NAME}:\S+",
    r"(?:/|[A-Za-z]:[/\\])[^\r\n]+",
)
_BRANCH = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]|[./](?=[A-Za-z0-9_-])){0,99}"


def _outlet(read: Mapping[str, Any]) -> OutletConfig:
    if read["branch"].endswith(".lock"):
        message = f"branch = {read['branch']!r}: git allows no branch of that name"
        raise ValueError(message)
    return OutletConfig(**read)


OUTLET = Table(
    (
        Key(
            "git",
            Text(pattern=f"|{'|'.join(_FORMS)}", allowed="the address of a repository, without a password"),
            "A repository that the site is pushed to; empty for none. git's own settings say who pushes.",
            _USUAL.git,
            example='git = "git@github.com:owner/name.git"',
        ),
        Key(
            "branch",
            Text(pattern=_BRANCH, allowed="the name of a branch"),
            "The branch there; it holds the site and nothing else.",
            _USUAL.branch,
        ),
        Key(
            "command",
            Texts(of=SAID),
            "Program and arguments, run in the directory of the site when it has changed; empty for none.",
            [],
            example='command = ["rsync", "--archive", "--delete", "./", "host:/srv/site/"]',
        ),
        Key("minutes", Number(least=0.01), "After so many minutes a push or the command is given up.", _USUAL.minutes),
    ),
    build=_outlet,
)


def _site(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``SiteConfig`` takes, and the title."""
    url = read["url"]
    return {
        "title": read["title"],
        "url": url if not url or url.endswith("/") else f"{url}/",
        "templates": read["templates"],
        "search": read["search"],
        "outlet": read["publish"],
    }


SITE = Table(
    (
        Key("title", Text(), "Heading of the site.", DEFAULT_TITLE),
        Key(
            "url",
            Address(),
            "Where readers find the site: feeds and badges name whole addresses then; empty where that is not known.",
            "",
            example='url = "https://owner.github.io/name/"',
        ),
        Key(
            "templates",
            FilePath(),
            "A directory of files that take the place of shipped ones of the same name; empty for none.",
            "",
        ),
        Key("search", Flag(), "Make an index that the browser searches, where Pagefind is installed.", default=True),
        Key("publish", OUTLET, "Where the finished site goes besides its directory.", {}),
    ),
    build=_site,
)
