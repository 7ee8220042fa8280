"""What is asked of repositories: the options of components, and the table ``[sources.git]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from tracker.api import ConfigError, Number, Option, Text, Whole

from .addresses import Address, read_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Component

_OF_COMPONENTS = frozenset({"branches", "contains", "pull_requests", "repository", "url"})
_REPOSITORY = re.compile(r"[A-Za-z0-9_~][A-Za-z0-9_.~-]*(/[A-Za-z0-9_.~][A-Za-z0-9_.~-]*)+")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_USUAL_BASE = "https://github.com"
_LONGEST_SECONDS = 24 * 3600
_MOST_MB = 1 << 30
OPTIONS = (
    Option("base_url", Text(), "What a component's repository is added to.", _USUAL_BASE),
    Option(
        "cache_mb",
        Whole(least=0, most=_MOST_MB),
        "The most megabytes that the copy of one repository may take; 0 for no bound.",
        2048,
    ),
    Option(
        "time_limit_seconds",
        Number(least=0.001, most=_LONGEST_SECONDS),
        "For one answer of a repository, with all that it sends.",
        900,
    ),
)
NAMES = frozenset(one.name for one in OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """What a person may decide about the source.

    Attributes:
        base_url: what a component's ``repository`` is added to.
        cache_mb: the most that the copy of one repository may take; 0 for no bound.
        time_limit_seconds: for one answer of a repository, with all that it sends.
    """

    base_url: str = _USUAL_BASE
    cache_mb: int = 2048
    time_limit_seconds: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one component wants to know of a repository.

    Attributes:
        component: who asks.
        address: of the repository.
        repository: what people call it: ``"owner/name"`` or the address.
        page: where people read about it; empty when that is not known.
        pull_requests: numbers, ascending.
        branches: names, as written.
        contains: numbers of pull requests whose way into tags is wanted, ascending.
        commits: full ids of commits for which the same is wanted, as written.
    """

    component: Component
    address: Address
    repository: str
    page: str = ""
    pull_requests: tuple[int, ...] = ()
    branches: tuple[str, ...] = ()
    contains: tuple[int, ...] = ()
    commits: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """All pull requests whose heads are needed."""
        return tuple(sorted({*self.pull_requests, *self.contains}))


def read_source_options(table: Mapping[str, object]) -> SourceOptions:
    """Return the options that ``table`` holds.

    Raises:
        ConfigError: a value is not allowed; the message names the setting.
    """
    base = table.get("base_url", _USUAL_BASE)
    if not isinstance(base, str):
        _refuse_setting("base_url", base, "must be text in quotes")
    try:
        read_address(base)
    except ValueError as error:
        _refuse_setting("base_url", "...", str(error))
    usual = SourceOptions()
    cache_mb = table.get("cache_mb", usual.cache_mb)
    if not isinstance(cache_mb, int) or isinstance(cache_mb, bool) or cache_mb < 0:
        _refuse_setting("cache_mb", cache_mb, "must be a number of megabytes, or 0 for no bound")
    seconds = table.get("time_limit_seconds", usual.time_limit_seconds)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= _LONGEST_SECONDS:
        _refuse_setting("time_limit_seconds", seconds, f"must be a number of seconds up to {_LONGEST_SECONDS}")
    return SourceOptions(base_url=base.rstrip("/"), cache_mb=cache_mb, time_limit_seconds=float(seconds))


def read_component(component: Component, base_url: str) -> Asked:
    """Return what the component's options ask.

    Raises:
        ConfigError: a value is not allowed; the message names component, option and value.
    """
    reader = _Reader(component)
    address, repository = reader.address(base_url)
    pulls = reader.numbers("pull_requests")
    contained, commits = reader.contained() if "contains" in component.options else (pulls, ())
    return Asked(
        component=component,
        address=address,
        repository=repository,
        page=address.shown if repository != address.shown and address.is_web else "",
        pull_requests=pulls,
        branches=reader.words("branches"),
        contains=contained,
        commits=commits,
    )


def merged(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """Return one question for each component, with all that several places of the settings ask of one address."""
    found: dict[str, Asked] = {}
    for one in asked:
        held = found.get(one.component.name, one)
        found[one.component.name] = Asked(
            component=held.component,
            address=held.address,
            repository=held.repository,
            page=held.page,
            pull_requests=tuple(sorted({*held.pull_requests, *one.pull_requests})),
            branches=tuple(dict.fromkeys((*held.branches, *one.branches))),
            contains=tuple(sorted({*held.contains, *one.contains})),
            commits=tuple(dict.fromkeys((*held.commits, *one.commits))),
        )
    return tuple(found.values())


class _Reader:
    def __init__(self, component: Component) -> None:
        self._component = component
        for name in component.options:
            if name not in _OF_COMPONENTS:
                known = ", ".join(sorted(_OF_COMPONENTS))
                self.refuse(name, component.options[name], f"is no option of this source (known: {known})")

    def refuse(self, name: str, value: str, fault: str) -> NoReturn:
        message = f"component {self._component.name}: {name} = {value!r}: {fault}"
        raise ConfigError(message)

    def address(self, base_url: str) -> tuple[Address, str]:
        url, repository = (self._component.options.get(name, "").strip() for name in ("url", "repository"))
        if bool(url) == bool(repository):
            message = f"component {self._component.name}: exactly one of url and repository must be set"
            raise ConfigError(message, hint='For instance: repository = "owner/name"')
        if repository and (not _REPOSITORY.fullmatch(repository) or ".." in repository.split("/")):
            self.refuse("repository", repository, 'must be written "owner/name"')
        try:
            address = read_address(url or f"{base_url}/{repository}")
        except ValueError as error:
            # An address that cannot be read may hold a password in any place.
            self.refuse("url", "..." if "@" in url else url, str(error))
        return address, repository or address.shown

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._component.options.get(name, "").split()))

    def numbers(self, name: str) -> tuple[int, ...]:
        return tuple(sorted({self._number(name, word) for word in self.words(name)}))

    def contained(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        words = self.words("contains")
        commits = tuple(word.lower() for word in words if _COMMIT.fullmatch(word.lower()))
        numbers = {self._number("contains", word) for word in words if word.lower() not in commits}
        return tuple(sorted(numbers)), commits

    def _number(self, name: str, word: str) -> int:
        digits = word.removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 10 and int(digits)):  # noqa: PLR2004 - as GitHub's largest
            self.refuse(
                name, word, "must be the number of a pull request" + ", or a full commit id" * (name == "contains")
            )
        return int(digits)


def _refuse_setting(name: str, value: object, fault: str) -> NoReturn:
    message = f"sources.git.{name} = {value!r}: {fault}"
    raise ConfigError(message)
