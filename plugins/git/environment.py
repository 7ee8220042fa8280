"""The closed environment in which git runs: nothing of the user's own settings changes what it says.

Settings are handed over in variables (``GIT_CONFIG_COUNT``, git 2.31 and later), never as arguments: whoever may list
this machine's processes sees those, and an address or a proxy may hold a password.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tracker.api import proxy_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.api import NetworkSettings

    from .addresses import Address

REMOTE = "upstream"
"""Under this name git knows the repository that is watched."""

_PASSED = ("COMSPEC", "PATH", "PATHEXT", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "WINDIR")
# Nothing else is reached from an address: not a file, not a program of git's ext:: kind.
_FOLLOWED = {"http": ("http",), "https": ("https",), "git": ("git",), "file": ("file",)}


def local_environment(home: Path) -> dict[str, str]:
    """Return the environment for questions about the copy at hand; no other repository is reached from it."""
    return {**_plain(home), **_as_variables(_SETTINGS)}


def remote_environment(address: Address, network: NetworkSettings, home: Path, bundle: Path | None) -> dict[str, str]:
    """Return the environment in which ``REMOTE`` is the repository at ``address``.

    Args:
        address: of the repository.
        network: how it is reached.
        home: directory that git takes for the user's own, so that no ``.netrc`` is read.
        bundle: certificates to trust; ``None`` for the system's.
    """
    settings = dict(_SETTINGS)
    settings[f"remote.{REMOTE}.url"] = address.shown
    settings |= {f"protocol.{scheme}.allow": "always" for scheme in _FOLLOWED[address.scheme]}
    settings |= {"http.lowSpeedLimit": "1", "http.lowSpeedTime": str(max(round(network.timeout_seconds), 1))}
    # git follows no redirect by itself: it knows neither which hosts are rewritten nor which have no proxy.
    settings |= {"http.followRedirects": "false", "http.proxy": proxy_for(address.shown, network)}
    if bundle is not None:
        settings |= {"http.sslCAInfo": str(bundle), "http.proxySSLCAInfo": str(bundle)}
    if os.name == "nt":
        # Windows' own TLS knows the system's store and no file beside it; the other one knows files alone.
        settings["http.sslBackend"] = "schannel" if bundle is None else "openssl"
    # In the address, git would hand them to its own helper as an argument.
    known = {_USER: address.user, _PASSWORD: address.password} if address.user else {}
    if known:
        settings[f"credential.{address.origin}.helper"] = _TELL
    return {**_plain(home), **known, **_as_variables(settings)}


_USER, _PASSWORD = "TRACKER_GIT_USER", "TRACKER_GIT_PASSWORD"
_TELL = f"""!f() {{ test "$1" = get && printf 'username=%s\\npassword=%s\\n' "${_USER}" "${_PASSWORD}"; }}; f"""
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "transfer.credentialsInUrl": "allow",
}


def _plain(home: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return passed | {
        "GCM_INTERACTIVE": "never",
        "GIT_ASKPASS": "true",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(home),
        "LC_ALL": "C",
        "USERPROFILE": str(home),
    }


def _as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
