"""How the REST API treats any request: who asks, in which version, what it costs, pages, and validators."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .asked import Answer, Asked, Refused, json_answer, not_found
from .faults import Faults
from .shapes import Links

if TYPE_CHECKING:
    from .faults import Fault
    from .limits import Budget, Limits
    from .repository import Repository
    from .storage import Storage
    from .world import World

VERSIONS = ("2022-11-28", "2026-03-10")
RETIRED_VERSIONS = frozenset(("2021-01-01",))
_NO_AGENT = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."


@dataclass(slots=True)
class Call:
    """A request to the API on its way: who asks for which repository, and what the answer carries besides its body."""

    asked: Asked
    links: Links
    world: World
    storage: Storage
    repository: Repository
    rest: tuple[str, ...]
    fault: Fault | None
    prefix: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def may_write(self) -> bool:
        """Whether the token sees drafts."""
        return self.asked.credential in self.repository.writers

    def paged(self, entries: list[Any], wrap: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Return the page that was asked for, and set Link; ``wrap`` names the member of an object around it."""
        size, page = _number(self.asked, "per_page", 30, 100), _number(self.asked, "page", 1, 1_000_000)
        last = max(1, -(-len(entries) // size))
        own = f"{self.links.api_url}{self.prefix}/repositories/{self.repository.id}"
        address = "/".join((own, *(quote(part, safe="") for part in self.rest)))
        kept = [f"{name}={value}" for name, value in self.asked.query.items() if name != "page"]
        links = []
        if page > 1:
            links += [(page - 1, "prev"), (1, "first")]
        if page < last:
            links = [*links[:1], (page + 1, "next"), (last, "last"), *links[1:]]
        if links and not (self.fault is not None and self.fault.kind == "empty"):
            self.headers["link"] = ", ".join(
                f'<{address}?{"&".join([*kept, f"page={number}"])}>; rel="{word}"' for number, word in links
            )
        shown = Faults.spoil_list(self.fault, entries, (page - 1) * size, page * size)
        return shown if wrap is None else {"total_count": len(entries), wrap: shown}


class Rest:
    """The REST API of a world.

    Attributes:
        tokens: the credentials that are known; any other is 401.
    """

    def __init__(self, world: World, storage: Storage, limits: Limits, tokens: set[str]) -> None:
        self.world = world
        self.storage = storage
        self.limits = limits
        self.tokens = tokens

    def answer(self, asked: Asked, links: Links, fault: Fault | None) -> Answer:
        """Answer a request; what refuses it is an answer too."""
        budget = self.limits.budget(asked.credential if asked.credential in self.tokens else None)
        try:
            answer = self._answer(asked, links, fault, budget)
        except Refused as refused:
            answer = refused.answer
            if answer.status in {301, 403, 404, 410, 451} and budget.remaining > 0:
                self.limits.spend(budget)
        version = asked.headers.get("x-github-api-version", VERSIONS[0])
        common = {"x-github-media-type": "github.v3; format=json", "x-github-api-version-selected": version}
        answer.headers = {**common, **budget.headers("core"), **answer.headers}
        return answer

    def refused(self, asked: Asked, answer: Answer) -> Answer:
        """Return a scripted refusal with the headers that tell it apart from a spent budget, and count it."""
        resource = "graphql" if asked.path.endswith("/graphql") else "core"
        budget = self.limits.budget(asked.credential if asked.credential in self.tokens else None, resource)
        self.limits.spend(budget)
        answer.headers = {**budget.headers(resource), **answer.headers}
        return answer

    def authorise(self, asked: Asked) -> str | None:
        """Return the known token that was sent; None: none was."""
        if not asked.headers.get("user-agent"):
            raise Refused(403, _NO_AGENT)
        if asked.credential is not None and asked.credential not in self.tokens:
            raise Refused(401, "Bad credentials")
        return asked.credential

    def find(self, name: tuple[str, ...], asked: Asked, links: Links) -> tuple[Repository, tuple[str, ...]]:
        """Return the repository that a path names, and what follows it."""
        if len(name) >= 2 and name[0] == "repositories" and name[1].isdigit():
            found, rest = self.world.by_id(int(name[1])), name[2:]
        elif len(name) >= 3 and name[0] == "repos":
            found, rest = self._named(name[1] + "/" + name[2], asked, links), name[3:]
        else:
            raise not_found()
        if found is None or (found.private and asked.credential not in self.tokens):
            raise not_found()
        return found, rest

    def _named(self, full_name: str, asked: Asked, links: Links) -> Repository | None:
        try:
            return self.world[full_name]
        except KeyError:
            moved = self.world.moved(full_name)
        if moved is None:
            return None
        prefix = _prefix(asked)
        beyond = asked.path.removeprefix(prefix).split("/", 4)[4:]
        url = "/".join((f"{links.api_url}{prefix}/repositories/{moved.id}", *beyond))
        url += f"?{asked.query_string}" if asked.query_string else ""
        raise Refused(301, "Moved Permanently", headers={"location": url}, url=url)

    def _answer(self, asked: Asked, links: Links, fault: Fault | None, budget: Budget) -> Answer:
        token = self.authorise(asked)
        prefix = _prefix(asked)
        segments = Asked(**{**_fields(asked), "path": asked.path.removeprefix(prefix)}).segments
        if segments == ("rate_limit",):
            return json_answer(self._rate_limit(token, links))
        self.limits.check_secondary()
        self.limits.check_primary(budget, "user ID 1000" if token else "127.0.0.1")
        version = _version(asked)
        if asked.method not in {"GET", "HEAD"} or asked.path.endswith("/"):
            raise not_found()
        here = Links(links.api_url, links.web_url, version)
        repository, rest = self.find(segments, asked, here)
        call = Call(asked, here, self.world, self.storage, repository, rest, fault, prefix)
        from .routes import answer_repository

        body = answer_repository(call)
        answer = body if isinstance(body, Answer) else json_answer(body)
        answer.headers.update(call.headers)
        return self._validated(answer, asked, budget)

    def _validated(self, answer: Answer, asked: Asked, budget: Budget) -> Answer:
        """Return 304 where the caller has it already; free of charge only for a known token."""
        if answer.status != 200:
            self.limits.spend(budget)
            return answer
        parts = (answer.body, (asked.credential or "").encode(), asked.headers.get("accept", "").encode())
        etag = f'W/"{hashlib.sha256(b"|".join(parts)).hexdigest()}"'
        answer.headers |= {
            "etag": etag,
            "vary": "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With",
            "cache-control": f"{'private' if asked.credential else 'public'}, max-age=60, s-maxage=60",
        }
        known = {tag.strip().removeprefix("W/") for tag in asked.headers.get("if-none-match", "").split(",")}
        since = asked.headers.get("if-modified-since")
        is_same = etag.removeprefix("W/") in known
        # Without If-None-Match GitHub believes the date, which is how added files are overlooked.
        is_old = "if-none-match" not in asked.headers and since == answer.headers.get("last-modified", "")
        if is_same or is_old:
            if asked.credential is None:
                self.limits.spend(budget)
            return Answer(304, b"", answer.headers)
        self.limits.spend(budget)
        return answer

    def _rate_limit(self, token: str | None, links: Links) -> dict[str, Any]:
        resources = {name: self.limits.budget(token, name) for name in ("core", "graphql", "search")}
        shown = {
            name: {"limit": one.limit, "remaining": one.remaining, "reset": one.reset, "used": one.used}
            for name, one in resources.items()
        }
        return {"resources": shown, **({} if links.is_newer else {"rate": shown["core"]})}


def _version(asked: Asked) -> str:
    version = asked.headers.get("x-github-api-version", VERSIONS[0])
    if version in RETIRED_VERSIONS:
        raise Refused(410, f"The API version {version} is no longer supported.")
    if version not in VERSIONS:
        raise Refused(400, f"Version {version} is not a supported API version; use one of {', '.join(VERSIONS)}.")
    return version


def _prefix(asked: Asked) -> str:
    """Return the part of the path that an enterprise server has before all others."""
    return "/api/v3" if asked.path.startswith("/api/v3/") else ""


def _fields(asked: Asked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in Asked.__slots__}


def _number(asked: Asked, name: str, default: int, most: int) -> int:
    text = asked.query.get(name, "")
    return max(1, min(int(text), most)) if text.isdigit() else default
