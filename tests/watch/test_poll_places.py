"""Further places of a component, follow-ups, tokens and surveys."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.watch.ledger import pull, ref
from tests.watch.world import START, Numbers, observed, release
from tracker.errors import RateLimitedError, SourceError
from tracker.http import Client
from tracker.model import Component, Factor, Profile, PullState, Watch
from tracker.protocols import CredentialHint, NoNews, Observed, PollRequest, Target
from tracker.registry import build_registry
from tracker.store import LookResult, Store
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.watch.world import World
    from tracker.store import Look

_REPOSITORY = {"repository": "owner/wcn"}


@dataclass
class Forge:
    """A source with one target for each repository; it answers what a test tells it."""

    name: str
    follows_up: bool = False
    credential: CredentialHint | None = None
    says: dict[str, Observed | Exception] = field(default_factory=dict)
    asks: str = ""
    option_names: frozenset[str] = frozenset()
    requests: list[PollRequest] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        del options
        return tuple(
            Target(
                name=one.options["repository"],
                title=one.options["repository"],
                components=(one,),
                credential=self.credential,
                is_follow_up=self.follows_up,
            )
            for one in components
        )

    def poll(self, request: PollRequest) -> NoNews | Observed:
        self.requests.append(request)
        if self.asks:
            self.heard.append(request.http.get(self.asks).body.decode())
        said = self.says.get(request.target.name, observed())
        if isinstance(said, Exception):
            raise said
        return said


@dataclass
class Surveyor(Forge):
    """The same with a survey."""

    surveys: list[list[str]] = field(default_factory=list)
    finds: Mapping[str, str] | Exception = field(default_factory=dict)

    def survey(self, requests: Sequence[PollRequest]) -> Mapping[str, str]:
        self.surveys.append([request.target.name for request in requests])
        if isinstance(self.finds, Exception):
            raise self.finds
        return self.finds


@dataclass
class Places:
    """A component ``wcn`` that a forge and git watch, with the real store."""

    world: World
    forge: Forge = field(default_factory=lambda: Forge("forge"))
    git: Forge = field(default_factory=lambda: Forge("git", follows_up=True))
    watches: tuple[Watch, ...] = (Watch(source="git", options=_REPOSITORY),)
    now: datetime = START

    @property
    def store(self) -> Store:
        return self.world.store

    def look(self) -> list[Look]:
        self.now += timedelta(minutes=1)
        wcn = Component(
            name="wcn",
            title="",
            source="forge",
            scheme="numbers",
            installer="",
            options=_REPOSITORY,
            watches=self.watches,
        )
        profile = Profile(
            name="p",
            title="",
            factors=(Factor(name="wcn", title="", components=("wcn",)),),
            scenario="",
            capabilities=(),
            required=(),
            host_key=(),
            asset_platforms=("windows/amd64",),
        )
        registry = replace(
            build_registry(),
            components={"wcn": wcn},
            sources={one.name: one for one in (self.forge, self.git) if one.name},
            version_schemes={"numbers": Numbers()},
        )
        with Client(self.world.config.network) as http:
            return list(
                poll_all(
                    registry,
                    profile,
                    self.world.config,
                    self.store,
                    http,
                    now=lambda: self.now,
                    on_event=self.world.events.append,
                )
            )


@pytest.fixture
def places(world: World) -> Places:
    return Places(world)


def _shown(*sightings: object) -> Observed:
    return Observed(releases=(), cursor="", sightings=tuple(sightings), keeps_old=True)  # type: ignore[arg-type]


def test_a_further_place_is_asked_with_its_own_options(places: Places) -> None:
    places.watches += (Watch(source="forge", options={"repository": "fork/wcn", "branches": "main"}),)
    places.forge.says = {"owner/wcn": observed(release("wcn", "1.0"))}

    looks = places.look()

    assert [(look.source, look.target) for look in looks] == [
        ("forge", "owner/wcn"),
        ("forge", "fork/wcn"),
        ("git", "owner/wcn"),
    ]
    fork = places.forge.requests[1]
    (asked,) = fork.target.components
    assert (asked.name, asked.options["branches"]) == ("wcn", "main")
    assert fork.platforms == ("windows/amd64",)
    assert fork.network == places.world.config.network


def test_a_further_place_without_its_plugin_could_not_be_looked_at(places: Places) -> None:
    places.git.name = ""
    places.forge.says = {"owner/wcn": observed(release("wcn", "1.0"))}

    looks = places.look()

    failed = next(look for look in looks if look.source == "git")
    assert failed.result is LookResult.COULD_NOT_LOOK
    assert "no plugin provides the source 'git'" in failed.message
    assert len(places.store.releases()) == 1


def test_a_follow_up_is_asked_last_about_heads_and_merges_that_others_just_showed(places: Places) -> None:
    by_git = ref(101, head="stale")
    places.git.says = {"owner/wcn": _shown(by_git)}
    places.forge.says = {
        "owner/wcn": _shown(pull(96, PullState.CLOSED), pull(101, PullState.MERGED), pull(107, head="other")),
    }
    places.watches += (Watch(source="forge", options={"repository": "fork/wcn"}),)
    places.forge.says["fork/wcn"] = _shown(replace(pull(5), repository="fork/wcn"))

    places.look()
    places.look()

    wanted = (("head of #96", "head one"), ("#101", "merge one"), ("head of #107", "other"))
    assert [request.commits for request in places.git.requests] == [wanted, wanted]
    assert all(request.commits == () for request in places.forge.requests)


def test_what_two_places_tell_of_one_pull_request_is_told_once(places: Places) -> None:
    places.forge.says = {"owner/wcn": _shown(pull())}
    places.git.says = {"owner/wcn": _shown(ref())}
    places.look()
    places.forge.says = {"owner/wcn": _shown(pull(head="two"))}
    places.git.says = {"owner/wcn": _shown(ref(head="two"))}
    places.look()

    entries = [(one.kind.value, one.is_baseline) for one in reversed(places.store.changes())]
    assert entries == [("pull request opened", True), ("pull request pushed", False)]
    assert places.store.sightings("wcn") == (pull(head="two"), ref(head="two"))


def test_a_partial_answer_is_recorded_as_one(places: Places) -> None:
    places.forge.says = {"owner/wcn": replace(observed(release("wcn", "1.0")), unknown=("assets",), reason="No token.")}

    look = places.look()[0]

    assert (look.result, look.is_complete) == (LookResult.LOOKED_IN_PART, False)
    assert places.store.last_looks()[0] == look
    assert look.message == "could not see assets: No token"


def test_a_repository_that_is_named_no_more_shows_nothing_any_more(places: Places) -> None:
    places.git.says = {"owner/wcn": _shown(ref())}
    places.look()
    places.watches = (Watch(source="git", options={"repository": "other/wcn"}),)

    places.look()

    assert places.store.sightings() == ()


def test_a_limit_is_told_with_its_end_and_is_no_look_without_news(places: Places) -> None:
    until = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
    places.forge.says = {"owner/wcn": RateLimitedError("api.example: 403", retry_at=until, hint="Use a token.")}

    look = places.look()[0]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert look.message == "api.example: 403; not to be asked before 2026-11-24 13:05:00 UTC. Use a token."


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        said = self.headers.get("Authorization", "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_token_goes_with_the_requests_of_its_target_alone(
    places: Places, echo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "s3cret")
    places.forge.credential = CredentialHint(origin=echo, environment=("SOME_TOKEN",))
    places.forge.asks = places.git.asks = f"{echo}/"

    places.look()

    assert places.forge.heard == ["Bearer s3cret"]
    assert places.git.heard == ["nobody"]
    assert [one.is_authorized for one in (*places.forge.requests, *places.git.requests)] == [True, False]


def test_without_a_token_the_target_is_asked_without_one(places: Places, echo: str) -> None:
    places.forge.credential = CredentialHint(origin=echo, environment=("NO_SUCH_TOKEN",))

    assert places.look()[0].result is LookResult.NO_NEWS
    assert not places.forge.requests[0].is_authorized


def test_a_token_that_cannot_be_read_fails_its_targets_alone(places: Places, echo: str) -> None:
    places.forge.credential = CredentialHint(origin=echo, file=str(places.world.config.home / "no such file"))

    forge, git = places.look()

    assert (forge.result, git.result) == (LookResult.COULD_NOT_LOOK, LookResult.NO_NEWS)
    assert "no such file" in forge.message
    assert places.forge.requests == []


@pytest.mark.parametrize("finds", [{"owner/wcn": "etag"}, SourceError("no"), RuntimeError("oops")])
def test_a_survey_asks_for_all_targets_of_one_credential_and_its_failure_costs_a_hint_alone(
    places: Places, finds: Mapping[str, str] | Exception
) -> None:
    surveyor = Surveyor("forge", finds=finds)
    places.forge = surveyor
    places.watches += (Watch(source="forge", options={"repository": "fork/wcn"}),)

    looks = places.look()

    assert surveyor.surveys == [["owner/wcn", "fork/wcn"]]
    hint = "etag" if isinstance(finds, dict) else ""
    assert {one.target.name: one.hint for one in surveyor.requests} == {"owner/wcn": hint, "fork/wcn": ""}
    assert {look.result for look in looks} == {LookResult.NO_NEWS}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_shown(replace(pull(), component="other")), "it tells of other, which it was not asked about"),
        (_shown(pull(), pull(title="again")), "it tells of pull request wcn owner/wcn 96 twice"),
        (_shown(pull(opened_at=datetime(2026, 1, 1))), "it tells a time without a zone"),  # noqa: DTZ001 - the fault
        (_shown(pull(title="\ud800")), "failed: UnicodeEncodeError"),
    ],
)
def test_sightings_against_the_contract_are_the_plugins_fault_and_stop_nobody(
    places: Places, answer: Observed, said: str
) -> None:
    places.forge.says = {"owner/wcn": answer}

    forge, git = places.look()

    assert (forge.result, git.result) == (LookResult.COULD_NOT_LOOK, LookResult.NO_NEWS)
    assert said in forge.message
    assert places.store.sightings() == ()
