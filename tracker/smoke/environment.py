"""The environment of a run's programs: nothing of the tracker's own but where the system lies, and the proxy. Pure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_WINDOWS_OWN = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "NUMBER_OF_PROCESSORS")
_WINDOWS_KEPT = (*_WINDOWS_OWN, "PROCESSOR_ARCHITECTURE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def minimal_environment(workspace: Path, environ: Mapping[str, str], *, system: str = os.name) -> dict[str, str]:
    """Return what a program needs to start, with the run's own directories for what it keeps.

    Args:
        workspace: of the run.
        environ: the tracker's own; of it only what tells where Windows itself lies is kept.
        system: as ``os.name`` tells it.
    """
    home = str(workspace)
    if system != "nt":
        return {"PATH": _PATH, "HOME": home, "LANG": "C.UTF-8", "TMPDIR": home}
    kept = {name: value for name, value in environ.items() if name.upper() in _WINDOWS_KEPT}
    root = next((value for name, value in kept.items() if name.upper() == "SYSTEMROOT"), "C:\\Windows")
    path = f"{root}\\System32;{root};{root}\\System32\\Wbem;{root}\\System32\\WindowsPowerShell\\v1.0"
    own = dict.fromkeys(("TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "HOME"), home)
    return {**kept, "PATH": path, **own}


def proxy_environment(
    proxy: str, environ: Mapping[str, str], *, direct: Iterable[str] = (), system: str = os.name
) -> dict[str, str]:
    """Return the variables by which programs find the proxy, without user and password.

    Args:
        proxy: as tracker.toml names it; empty to take what ``environ`` says.
        environ: the tracker's own environment.
        direct: hosts that tracker.toml reaches without its proxy.
        system: as ``os.name`` tells it.
    """
    told = {name.upper(): value for name, value in environ.items() if name.lower() == name} | {
        name: value for name, value in environ.items() if name.upper() == name
    }
    found = {name: without_credentials(proxy or told.get(name, "")) for name in _PROXIES}
    chosen = {name: value for name, value in found.items() if value}
    if not chosen:
        return {}
    # Each proxy comes with the exceptions of those who named it.
    named = direct if proxy else told.get("NO_PROXY", "").split(",")
    chosen["NO_PROXY"] = ",".join(dict.fromkeys([*(one.strip() for one in named if one.strip()), *_LOOPBACK]))
    if system == "nt":
        # Names differ there by more than their case, or .NET programs refuse the whole environment.
        return chosen
    return {**chosen, **{name.lower(): value for name, value in chosen.items()}}


def without_credentials(url: str) -> str:
    """Return ``url`` without user and password; empty when it cannot be read, for then nobody knows what is in it."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if not host:
        return ""
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    return urlunsplit((parts.scheme or "http", netloc, "", "", ""))
