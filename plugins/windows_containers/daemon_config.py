"""The daemon's configuration: what this very release writes by default, moved to the run's own places. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomli_w

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIPE = "\\\\.\\pipe\\"
_SHARED_PLACE = re.compile(r"[A-Z]:\\(?:ProgramData|Program Files)\\(?:containerd\\)?", re.IGNORECASE)
_POSIX_HOMES = ("/opt/", "/etc/", "/var/", "/run/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a run's daemon keeps what it has; all as its programs name them.

    Attributes:
        home: directory of everything else.
        pipe: its named pipe.
        cni_bin: directory of the network plugins.
        cni_conf: directory of the network configuration.
    """

    home: str
    pipe: str
    cni_bin: str
    cni_conf: str


def config_version(text: str) -> int:
    """Return the configuration's version (2 up to containerd 1.7, 3 for 2.0 to 2.2, 4 from 2.3).

    Raises:
        ValueError: it is no TOML, or tells none.
    """
    version = tomllib.loads(text).get("version")
    if not isinstance(version, int):
        message = "the configuration tells no version"
        raise ValueError(message)  # noqa: TRY004 - its text is wrong, not its type
    return version


def adjusted(text: str, places: Places) -> str:
    """Return the default configuration with every place of the machine replaced by one of the run's.

    Whatever version of the configuration it is, its shape stays: strings are replaced where they stand. Of the two
    keys for the plugins' directory the one is set that the release itself uses; both at once are an error to it.

    Raises:
        ValueError: ``text`` is no configuration, or something in it still names a place of the machine.
    """
    document = tomllib.loads(text)
    old_pipe = _default_pipe(document)
    moved = _moved(document, places, old_pipe)
    moved["root"], moved["state"] = f"{places.home}\\root", f"{places.home}\\state"
    for table in _cni_tables(moved):
        if "bin_dirs" in table:
            table["bin_dirs"] = [places.cni_bin]
            if "bin_dir" in table:
                table["bin_dir"] = ""
        else:
            table["bin_dir"] = places.cni_bin
        table["conf_dir"] = places.cni_conf
    if shared := sorted({one for one in _strings(moved) if _is_shared(one, places)}):
        message = f"the configuration still names places of the machine: {', '.join(shared)}"
        raise ValueError(message)
    return tomli_w.dumps(moved)


def _default_pipe(document: dict[str, Any]) -> str:
    found = next((one for one in _strings(document) if one.startswith(f"{_PIPE}containerd-containerd")), "")
    if not found:
        message = "the configuration names no pipe of the daemon"
        raise ValueError(message)
    return found.removesuffix(".ttrpc")


def _moved(value: Any, places: Places, old_pipe: str) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, dict):
        return {key: _moved(one, places, old_pipe) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, places, old_pipe) for one in value]
    return _moved_text(value, places, old_pipe) if isinstance(value, str) else value


def _moved_text(text: str, places: Places, old_pipe: str) -> str:
    if text.startswith(old_pipe):
        return places.pipe + text.removeprefix(old_pipe)
    if text.startswith(f"{_PIPE}containerd-"):
        return f"{places.pipe}-{text.removeprefix(f'{_PIPE}containerd-')}"
    moved = _SHARED_PLACE.sub(lambda _: f"{places.home}\\", text)
    if moved != text:
        return moved
    if text.startswith(_POSIX_HOMES):
        return places.home + text.replace("/", "\\")
    return text


def _cni_tables(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever TOML holds
    """Yield the tables that hold the directories of network plugins, at any depth."""
    if isinstance(value, dict):
        if "conf_dir" in value and ("bin_dir" in value or "bin_dirs" in value):
            yield value
        for one in value.values():
            yield from _cni_tables(one)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _is_shared(text: str, places: Places) -> bool:
    if places.home in text or text.startswith(places.pipe):
        return False
    return bool(_SHARED_PLACE.search(text)) or text.startswith((f"{_PIPE}containerd-", *_POSIX_HOMES))
