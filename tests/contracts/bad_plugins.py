"""Plugins with one fault each, held against the suites; every class names the one test that must find it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tracker.api import (
    Asset,
    Component,
    Factor,
    IsolationNeeds,
    Observed,
    Profile,
    Release,
    SourceError,
    Step,
    StepSaid,
    Target,
)
from tracker.testing import (
    BrokenBench,
    FakeHttp,
    InstallerContract,
    ScenarioContract,
    SitePageContract,
    SourceContract,
    VersionSchemeContract,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.protocols import HttpClient, InstallRequest, PollRequest

URL = "https://upstream.invalid/versions"
COMPONENT = Component(name="thing", title="", source="lines", scheme="", installer="")


class Lines:
    """A source without a fault: one version a line, and a last line that says so."""

    name = "lines"
    option_names: frozenset[str] = frozenset()

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        del options
        return tuple(Target(name=one.name, title=URL, components=(one,)) for one in components)

    def poll(self, request: PollRequest) -> Any:  # noqa: ANN401 - some of them answer with what is no answer
        body = request.http.get(URL).body
        lines = body.decode("ascii", errors="replace").splitlines()
        if lines[-1:] != ["end"]:
            message = f"{URL}: has no end"
            raise SourceError(message)
        return Observed(releases=tuple(release(line) for line in lines[:-1]), cursor="1")


def release(version: str) -> Release:
    return Release(component="thing", version=version, upstream_version=version, line="1", channel="lines")


class Watched(SourceContract):
    source = Lines()

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        return (COMPONENT,)

    @pytest.fixture
    def http(self) -> HttpClient:
        return FakeHttp({URL: b"1.0\n1.1\nend\n"})


class TestNoFault(Watched):
    finds = ""


class _TakesAnything(Lines):
    def poll(self, request: PollRequest) -> Any:  # noqa: ANN401 - as above
        body = request.http.get(URL).body
        lines = [line for line in body.decode("ascii", errors="replace").splitlines() if line[:1].isdigit()]
        return Observed(releases=tuple(map(release, lines)), cursor="1")


class TestTakesAnythingForTheTruth(Watched):
    source = _TakesAnything()
    finds = "test_trouble_is_told_and_never_taken_for_the_truth"


class _Swallows(Lines):
    def poll(self, request: PollRequest) -> Any:  # noqa: ANN401 - as above
        try:
            return super().poll(request)
        except SourceError:
            return Observed(releases=(), cursor="")


class TestSwallowsErrors(Watched):
    source = _Swallows()
    finds = "test_trouble_is_told_and_never_taken_for_the_truth"


class _Counts(Lines):
    def __init__(self) -> None:
        self.count = 0

    def targets(self, components: Sequence[Component], options: Mapping[str, object]) -> tuple[Target, ...]:
        self.count += 1
        return tuple(replace(one, name=f"{one.name}-{self.count}") for one in super().targets(components, options))


class TestRenamesItsTargets(Watched):
    source = _Counts()
    finds = "test_its_targets_have_names_of_their_own_that_stay"


class _ShowsProxy(Lines):
    def poll(self, request: PollRequest) -> Any:  # noqa: ANN401 - as above
        try:
            return super().poll(request)
        except SourceError as error:
            message = f"{error} through {request.network.proxy}"
            raise SourceError(message) from error


class TestShowsTheProxy(Watched):
    source = _ShowsProxy()
    finds = "test_no_error_shows_the_password_of_the_proxy"


class _Orders:
    name = "texts"

    def key(self, version: str) -> str:
        return version

    def upstream(self, version: str) -> str:
        return version


class TestOrdersByLetters(VersionSchemeContract):
    scheme = _Orders()
    ascending = ("1.0", "1.2", "1.9", "1.10")
    finds = "test_it_orders_versions_as_their_author_does"


class _Installs:
    name = "bare"
    fetches = False

    def install(self, request: InstallRequest) -> None:
        (path,) = request.files.values()
        (request.staging / "thing").write_bytes(path.read_bytes())
        (request.staging / "thing").chmod(0o755)


class _Scatters(_Installs):
    def install(self, request: InstallRequest) -> None:
        super().install(request)
        (request.staging.parent.parent / "left-over").touch()


class Installed(InstallerContract):
    archives: ClassVar[tuple[str, ...]] = ()

    @pytest.fixture
    def component(self) -> Component:
        return replace(COMPONENT, binaries={"thing": ("thing",)})

    @pytest.fixture
    def files(self, tmp_path: Path) -> Sequence[Path]:
        (tmp_path / "thing-1").write_bytes(b"#!/bin/sh\n")
        return (tmp_path / "thing-1",)


class TestScatters(Installed):
    installer = _Scatters()
    finds = "test_it_fills_its_staging_directory_and_nothing_else"


class TestTakesHostileArchives(Installed):
    installer = _Installs()
    archives = ("tar",)
    finds = "test_a_hostile_archive_is_refused"


def _blames(bench: BrokenBench) -> StepSaid:
    try:
        bench.run(["thing"])
    except Exception:  # noqa: BLE001 - that is the fault
        return StepSaid.failed("it does not run")
    return StepSaid.passed()


class _Blames:
    name = "blames"
    title = "blames"
    steps = (
        Step(name="run", capability="runs", exercises=frozenset({"thing"}), time_limit_seconds=1.0, run=_blames),  # type: ignore[arg-type]
    )
    causes = ()
    isolation = IsolationNeeds()
    installers = ()

    def self_test(self, bench: BrokenBench) -> StepSaid:
        bench.run(["sh"])
        return StepSaid.passed()

    def cause_logs(self, bench: object) -> Sequence[str]:
        del bench
        return ()

    def finish(self, bench: object) -> None:
        del bench

    def recipe(self, *_: object, form: str = "script") -> str:
        return form


class TestBlamesTheSoftware(ScenarioContract):
    scenario = _Blames()  # type: ignore[assignment]
    profile = Profile(
        name="p",
        title="",
        factors=(Factor(name="thing", title="", components=("thing",)),),
        scenario="blames",
        capabilities=("runs",),
        required=("runs",),
        host_key=(),
    )
    finds = "test_a_machine_that_starts_no_program_is_not_held_against_the_software"


class _Counting:
    name = "counting"
    title = "Counting"
    count = 0

    def markdown(self, view: object) -> str:
        del view
        self.count += 1
        return f"# {self.count}"


class TestPageChanges(SitePageContract):
    page = _Counting()
    finds = "test_the_same_knowledge_gives_the_same_bytes"

    @pytest.fixture
    def view(self) -> View:
        return View(releases=(replace(release("1.0"), assets=(Asset(name="a", url="https://a.invalid/a"),)),))
