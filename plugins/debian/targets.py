"""Which suites are asked: those of the machine's own apt that may be Debian's, and those that tracker.toml adds.

An apt configuration also names other people's archives (a vendor's Node.js, say), which know none of our packages and
need not answer here. An entry is asked when it offers the component ``main`` and either its own key carries Debian's
name, or it has no key of its own and its address also serves a suite that bears this release's name or a name that
Debian keeps for ever (``stable``, ``sid``). Where no entry is so marked (an internal archive with a key of its
own), all that offer ``main`` are asked.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.api import ConfigError

from .apt_settings import read_settings
from .apt_sources import SignedBy, read_entries
from .keyrings import Keys, keys_of
from .mirror_lists import usable_uri
from .suites import COMPONENT, Suite, base_names, line_of, without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .apt_settings import AptSettings
    from .apt_sources import AptEntry
    from .options import DebianOptions

_LASTING_NAMES = frozenset(
    {"oldoldstable", "oldstable", "stable", "testing", "unstable", "sid", "experimental", "rc-buggy"}
)
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "i386", "armv7l": "armhf", "ppc64le": "ppc64el"}
_HINT = "Set mirror, suites and keyring in the table [sources.debian] of tracker.toml."


def suites_to_ask(options: DebianOptions) -> tuple[Suite, ...]:
    """Return the suites to ask, apt's first in apt's order, each with the suites that it builds upon.

    Raises:
        ConfigError: neither apt nor the options say where to ask; the message names the settings.
    """
    settings = read_settings()
    if options.mirror:
        own: tuple[Suite, ...] = ()
        keys = _keys(options, SignedBy(), settings)
        first = _with_checks(Suite(uri=without_credentials(options.mirror), name="", keys=keys), options, settings)
    else:
        own = _suites_of_apt(options, settings)
        first = next((suite for suite in own if not base_names(suite.name)), own[0])
    named = {suite.name for suite in own}
    further = tuple(replace(first, name=name) for name in options.suites if name not in named)
    suites = _distinct((*own, *further))
    return tuple(_with_bases(suite, suites, first) for suite in suites)


def architecture(options: DebianOptions) -> str:
    """Return Debian's name of the architecture to ask for.

    Raises:
        ConfigError: nobody knows it; the message names the setting.
    """
    if options.architecture:
        return options.architecture
    if program := shutil.which("dpkg"):
        told = subprocess.run([program, "--print-architecture"], capture_output=True, text=True, check=False)
        if told.returncode == 0 and told.stdout.strip():
            return told.stdout.strip()
    machine = platform.machine()
    if machine in _ARCHITECTURES:
        return _ARCHITECTURES[machine]
    message = f"Debian's name of this machine's architecture ({machine}) is not known"
    raise ConfigError(message, hint='Set sources.debian.architecture, for instance "amd64".')


def _suites_of_apt(options: DebianOptions, settings: AptSettings | None) -> tuple[Suite, ...]:
    if settings is None:
        message = "this machine has no apt that names a Debian archive, and sources.debian.mirror is not set"
        raise ConfigError(message, hint=_HINT)
    entries = read_entries(settings.source_list, settings.source_parts)
    arch = architecture(options)
    offering = [
        replace(entry, uri=uri)
        for entry in entries
        if COMPONENT in entry.components
        and (not entry.architectures or arch in entry.architectures)
        and (uri := usable_uri(entry.uri))
    ]
    chosen = _debians(offering)
    if not chosen:
        where = f"{settings.source_list}, {settings.source_parts}"
        message = f"apt's configuration ({where}) names no archive with the component {COMPONENT} for {arch}"
        raise ConfigError(message, hint=_HINT)
    return tuple(_suite(entry, options, settings) for entry in chosen)


def _debians(entries: Sequence[AptEntry]) -> Sequence[AptEntry]:
    signed = {entry.uri for entry in entries if _has_own_key(entry) and _is_signed_by_debian(entry)}
    release = {*_LASTING_NAMES, _release_codename()}
    keyless = [entry for entry in entries if not _has_own_key(entry)]
    known = {entry.uri for entry in keyless if line_of("", "", entry.suite) in release}
    chosen = [entry for entry in entries if entry.uri in signed]
    chosen += [entry for entry in keyless if entry.uri in known and entry not in chosen]
    return sorted(chosen, key=list(entries).index) if chosen else entries


def _has_own_key(entry: AptEntry) -> bool:
    return entry.signed_by != SignedBy()


def _is_signed_by_debian(entry: AptEntry) -> bool:
    """Return whether a key of the entry carries Debian's name, which stands in a key as plain text."""
    keys = keys_of(entry.signed_by, None)
    try:
        return any(b"debian" in material.lower() for material in keys.material())
    except (OSError, ValueError):
        # The look at the suite reads the keys again and says what is wrong with them.
        return False


def _release_codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def _suite(entry: AptEntry, options: DebianOptions, settings: AptSettings) -> Suite:
    keys = _keys(options, entry.signed_by, settings)
    suite = _with_checks(Suite(uri=without_credentials(entry.uri), name=entry.suite, keys=keys), options, settings)
    if entry.check_valid_until is not None and options.check_valid_until is None:
        suite = replace(suite, check_valid_until=entry.check_valid_until)
    return suite if entry.check_date is None else replace(suite, check_date=entry.check_date)


def _with_checks(suite: Suite, options: DebianOptions, settings: AptSettings | None) -> Suite:
    valid_until = settings is None or settings.check_valid_until
    if options.check_valid_until is not None:
        valid_until = options.check_valid_until
    return replace(suite, check_valid_until=valid_until, check_date=settings is None or settings.check_date)


def _keys(options: DebianOptions, signed_by: SignedBy, settings: AptSettings | None) -> Keys:
    return Keys(files=(options.keyring,)) if options.keyring else keys_of(signed_by, settings)


def _distinct(suites: Sequence[Suite]) -> tuple[Suite, ...]:
    """Return each suite once: of entries that differ only in components or options the first counts."""
    first: dict[tuple[str, str], Suite] = {}
    for suite in suites:
        first.setdefault((suite.uri, suite.name), suite)
    return tuple(first.values())


def _with_bases(suite: Suite, suites: Sequence[Suite], first: Suite) -> Suite:
    names = base_names(suite.name)
    if not names:
        return suite
    asked = [one for name in names for one in suites if one.name == name]
    near = [one for one in asked if one.uri == suite.uri]
    return replace(suite, bases=(next(iter(near or asked), replace(first, name=names[0])),))


def target_names(suites: Sequence[Suite]) -> tuple[str, ...]:
    """Return a stable name for each suite: its own, with the host where another archive has a suite of that name."""
    taken: dict[str, int] = {}
    names = []
    for suite in suites:
        count = taken[suite.name] = taken.get(suite.name, 0) + 1
        names.append(suite.name if count == 1 else f"{suite.name} at {urlsplit(suite.uri).netloc or suite.uri}")
    return tuple(names)
