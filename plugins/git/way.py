"""The way to a repository: mirrors, proxies and redirects, which git itself knows too little of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from tracker.api import OfflineError, UnreachableError, proxy_for, shown_proxy

from .addresses import read_address

if TYPE_CHECKING:
    from tracker.api import HttpClient, NetworkSettings

    from .addresses import Address

_MOVED = re.compile(r"returned error: 30[12378]\b")
_QUESTION = "/info/refs"
_MOST_BYTES = 64 << 20


def way_to(address: Address, network: NetworkSettings) -> Address:
    """Return where the repository at ``address`` is really read; a mirror is shown no password.

    Raises:
        OfflineError: no network is to be asked, and no mirror is named.
        UnreachableError: a proxy stands in between, and the address is of a kind that no proxy takes.
    """
    if address.is_local:
        return address
    if not network.may_ask(address.shown):
        message = f"{address.shown}: not asked, since [network] offline is true"
        raise OfflineError(message, hint="Name a mirror in [network.rewrite], or set network.offline = false.")
    actual = network.route(address.shown).actual
    found = address if actual == address.shown else read_address(actual)
    if found.scheme == "git" and (proxy := proxy_for(found.shown, network)):
        message = f"{found.shown}: git:// goes through no proxy, and {shown_proxy(proxy)} stands in between"
        raise UnreachableError(message, hint="Name the https:// address, or its host in network.no_proxy.")
    return found


def is_moved(line: str) -> bool:
    """Return whether git says that the repository is elsewhere now."""
    return _MOVED.search(line) is not None


def moved_to(address: Address, http: HttpClient) -> Address:
    """Return where redirects lead; blocks. A password goes no further than to the host that it is for.

    Args:
        address: as it was asked for, before mirrors.
        http: follows by the rules of every connection.

    Raises:
        UnreachableError: they lead nowhere.
    """
    parts = urlsplit(address.shown)
    login = f"{quote(address.user, safe='')}:{quote(address.password, safe='')}@" if address.user else ""
    url = urlunsplit(parts._replace(netloc=login + parts.netloc, path=parts.path + _QUESTION))
    headers = {"git-protocol": "version=2"}
    found = http.get(f"{url}?service=git-upload-pack", headers=headers, max_bytes=_MOST_BYTES).url
    base, question, _ = found.rpartition(_QUESTION)
    if not question:
        message = f"{address.shown}: leads to {found}, which is no repository"
        raise UnreachableError(message)
    moved = read_address(base)
    if moved.origin != address.origin:
        return moved
    return replace(moved, user=address.user, password=address.password, secrets=address.secrets)
