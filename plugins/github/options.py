"""What is asked of which repository, and where GitHub is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.api import Address, ConfigError, CredentialHint, FilePath, Flag, Number, Option, Secret, SecretPlace, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Component

_PUBLIC = "https://api.github.com"

OPTIONS = (
    Option(
        "token",
        Secret(),
        "Where the token lies; by default GITHUB_TOKEN, GH_TOKEN, then what `gh auth token` tells.",
        {},
        example='token = { file = "github-token" }',
    ),
    Option("token_file", FilePath(), "The older way to say token = { file = ... }.", "", is_old=True),
    Option("token_env", Text(), "The older way to say token = { env = ... }.", "", is_old=True),
    Option("api_url", Address(), "The API of another GitHub than github.com.", _PUBLIC),
    Option("web_url", Address(), "Where people read it; empty for what goes with api_url.", ""),
    Option("graphql_url", Address(), "Its GraphQL; empty for what goes with api_url.", ""),
    Option("full_look_hours", Number(least=0.01), "How old the last whole look may be before cheap ones end.", 24),
    Option("attestations", Flag(), "Check signed statements about the newest files.", default=False),
)
OPTION_NAMES = frozenset(one.name for one in OPTIONS)
_COMPONENT_OPTIONS = frozenset({"repository", "tells", "pull_requests", "branches"})
_TELLS = ("releases", "tags", "pulls", "branches")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one component wants to know of a repository."""

    component: Component
    releases: bool
    tags: bool
    pulls: tuple[int, ...]
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """All that is wanted of one repository.

    Attributes:
        repository: ``"owner/name"`` as the options give it.
        wishes: by component, in the order in which they came.
    """

    repository: str
    wishes: tuple[Wish, ...]

    @property
    def pulls(self) -> tuple[int, ...]:
        """Numbers of all watched pull requests, ascending."""
        return tuple(sorted({number for wish in self.wishes for number in wish.pulls}))

    @property
    def branches(self) -> tuple[str, ...]:
        """Names of all watched branches, sorted."""
        return tuple(sorted({name for wish in self.wishes for name in wish.branches}))

    @property
    def wants_releases(self) -> bool:
        """Whether any component wants releases."""
        return any(wish.releases for wish in self.wishes)

    @property
    def wants_tags(self) -> bool:
        """Whether any component wants tags."""
        return any(wish.tags for wish in self.wishes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where one GitHub answers; no address ends in a slash."""

    api: str
    web: str
    graphql: str

    @property
    def api_origin(self) -> str:
        """Scheme, host and port of the API: the token is for this origin alone."""
        parts = urlsplit(self.api)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The host's name, as ``gh`` knows it."""
        return urlsplit(self.web).hostname or ""


def read_asks(components: Sequence[Component]) -> tuple[Ask, ...]:
    """Return what is asked, by repository, in the order in which repositories come first.

    Raises:
        ConfigError: an option is missing or wrong.
    """
    wishes: dict[str, list[Wish]] = {}
    for component in components:
        repository = component.options.get("repository", "")
        if not _REPOSITORY.fullmatch(repository):
            message = f"component {component.name}: repository = {repository!r}: is no OWNER/NAME"
            raise ConfigError(message, hint='Write it as in "containerd/containerd".')
        wishes.setdefault(repository, []).append(_read_wish(component))
    return tuple(Ask(repository=name, wishes=tuple(found)) for name, found in wishes.items())


def read_endpoints(options: Mapping[str, object]) -> Endpoints:
    """Return where GitHub answers: github.com, a GitHub Enterprise Server (``/api/v3``) or a tenant of ghe.com.

    Raises:
        ConfigError: an address is none.
    """
    api = _address(options, "api_url", _PUBLIC)
    parts = urlsplit(api)
    host = parts.netloc
    if api == _PUBLIC:
        web, graphql = "https://github.com", f"{_PUBLIC}/graphql"
    elif parts.path == "/api/v3":
        web, graphql = f"{parts.scheme}://{host}", f"{parts.scheme}://{host}/api/graphql"
    else:
        web, graphql = f"{parts.scheme}://{host.removeprefix('api.')}", f"{api}/graphql"
    return Endpoints(api=api, web=_address(options, "web_url", web), graphql=_address(options, "graphql_url", graphql))


def credential_hint(options: Mapping[str, object], endpoints: Endpoints) -> CredentialHint:
    """Return where a token for the API may be found."""
    named, file = _text(options, "token_env", ""), str(options.get("token_file") or "")
    usual = ("GITHUB_TOKEN", "GH_TOKEN")
    if endpoints.api != _PUBLIC and not endpoints.host.endswith(".ghe.com"):
        # The usual variables hold a token for github.com, which must not be sent to another server.
        usual = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
    token = options.get("token")
    if isinstance(token, SecretPlace):
        where = (token.env,) if token.env else ()
        return CredentialHint(origin=endpoints.api_origin, file=str(token.file or ""), environment=where)
    return CredentialHint(
        origin=endpoints.api_origin,
        file=file,
        environment=(named,) if named else usual,
        command=("gh", "auth", "token", "--hostname", endpoints.host),
    )


def wants_attestations(options: Mapping[str, object]) -> bool:
    """Return whether signed statements about the newest files are to be checked.

    Raises:
        ConfigError: it is neither true nor false.
    """
    found = options.get("attestations", False)
    if not isinstance(found, bool):
        message = f"sources.github.attestations = {found!r}: must be true or false"
        raise ConfigError(message)
    return found


def full_look_hours(options: Mapping[str, object]) -> float:
    """Return how old the last whole look may be before a cheap one is not enough.

    Raises:
        ConfigError: it is no positive number.
    """
    hours = options.get("full_look_hours", 24)
    if isinstance(hours, bool) or not isinstance(hours, (int, float)) or hours <= 0:
        message = f"sources.github.full_look_hours = {hours!r}: must be a number above 0"
        raise ConfigError(message)
    return float(hours)


def _read_wish(component: Component) -> Wish:
    options = component.options
    if unknown := sorted(options.keys() - _COMPONENT_OPTIONS):
        message = f"component {component.name}: unknown option {unknown[0]!r} of the source github"
        raise ConfigError(message, hint=f"Known: {', '.join(sorted(_COMPONENT_OPTIONS))}")
    numbers, branches = options.get("pull_requests", "").split(), tuple(options.get("branches", "").split())
    if wrong := [one for one in numbers if not (one.isascii() and one.isdigit())]:
        message = f"component {component.name}: pull_requests: {wrong[0]!r} is no number"
        raise ConfigError(message)
    usual = ["releases", "tags", *(["pulls"] if numbers else []), *(["branches"] if branches else [])]
    tells = options.get("tells", "").split() or usual
    if wrong := [one for one in tells if one not in _TELLS]:
        message = f"component {component.name}: tells: {wrong[0]!r} is not known"
        raise ConfigError(message, hint=f"Known: {', '.join(_TELLS)}")
    return Wish(
        component=component,
        releases="releases" in tells,
        tags="tags" in tells,
        pulls=tuple(sorted({int(one) for one in numbers})) if "pulls" in tells else (),
        branches=branches if "branches" in tells else (),
    )


def _address(options: Mapping[str, object], name: str, usual: str) -> str:
    address = (_text(options, name, usual) or usual).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        message = f"sources.github.{name}: is no address of a server"
        raise ConfigError(message, hint=f'Write it as in "{usual}", without a name or a password.')
    return address


def _text(options: Mapping[str, object], name: str, usual: str) -> str:
    found = options.get(name, usual)
    if not isinstance(found, str):
        message = f"sources.github.{name} = {found!r}: must be a text"
        raise ConfigError(message)
    return found
