"""``[site]``: the published site, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.configured import DEFAULT_TITLE, OutletConfig, SiteConfig
from tracker.settings import FilePath, Flag, Key, Number, Table, Text, Texts
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


_ADDRESS = Text(pattern=r"(https?://[^\s<>]+)?", allowed="a web address (https://...)")
_REPORT = Text(
    pattern=r"(https?://[^\s<>]+|(mailto:)?[^\s<>@:]+@[^\s<>@:]+)?", allowed="a web address or a mail address"
)


def _site(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in ``Config`` itself, and as ``making`` the rest."""
    address = read["address"]
    return {
        "title": read["title"],
        # That of a directory, so that the name of a page may follow.
        "address": f"{address}/" if address and not address.endswith("/") else address,
        "report": read["report"],
        "making": SiteConfig(templates=read["templates"], search=read["search"], outlet=read["publish"]),
    }


SITE = Table(
    (
        Key("title", Text(), "Heading of the site.", DEFAULT_TITLE),
        Key(
            "address",
            _ADDRESS,
            "Where the site is read, for links that others copy; empty for none.",
            "",
            example='address = "https://owner.github.io/name/"',
        ),
        Key("report", _REPORT, "Where a reader tells of a mistake; empty for nowhere.", ""),
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
