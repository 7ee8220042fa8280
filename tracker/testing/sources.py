"""What every source must do."""

from __future__ import annotations

import re
import socket
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tracker.errors import ConfigError, SourceError
from tracker.passes.known_names import option_table
from tracker.protocols import ExplainedSource, NetworkSettings, NoNews, Observed, PollRequest
from tracker.settings import Faults, Place
from tracker.testing.http import Fault, Interrupted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tracker.model import Component, Release
    from tracker.protocols import HttpClient, Source, Target

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_NAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
_DIGEST = re.compile(r"[a-z0-9]+:[0-9a-f]{32,}")
_PASSWORD = "sesame-9f2b"  # noqa: S105 - stands for one; whatever shows it shows a real one


class SourceContract:
    """Derive from it, and say:

    - ``source``: the object that the plugin registers;
    - fixture ``components``: what is to be watched, at least one component with something to find;
    - fixture ``options``: the source's table of tracker.toml, by default empty;
    - fixture ``http``: answers as the upstream does on a good day: a ``FakeHttp``, or the host's client and a server
      on loopback;
    - fixture ``ways_to_break``: for a source that asks by other means than ``http`` (a program, files), context
      managers that break the upstream for a while, by what they do;
    - ``platforms`` and ``now``: what a ``PollRequest`` has, where it matters;
    - ``missing_is_an_answer``: each thing has an address of its own there, so that a 404 says that it was taken away.
    """  # noqa: D415 - a list follows

    source: ClassVar[Source]
    missing_is_an_answer: ClassVar[bool] = False
    platforms: ClassVar[tuple[str, ...]] = ()
    now: ClassVar[datetime] = NOW

    @pytest.fixture
    def components(self) -> Sequence[Component]:
        """Return what is watched."""
        raise NotImplementedError

    @pytest.fixture
    def options(self) -> Mapping[str, object]:
        """Return the options."""
        return {}

    @pytest.fixture
    def http(self) -> HttpClient:
        """Return the upstream on a good day."""
        raise NotImplementedError

    @pytest.fixture
    def ways_to_break(self) -> Mapping[str, AbstractContextManager[object]]:
        """Return how the upstream breaks where it is not asked by ``http``."""
        return {}

    @pytest.fixture
    def look(self, components: Sequence[Component], options: Mapping[str, object], tmp_path: Path) -> _Looking:
        """Return how to look once, at all targets."""
        return _Looking(self.source, components, options, tmp_path / "caches", self)

    def test_its_name_can_stand_in_settings(self) -> None:
        assert _NAME.fullmatch(self.source.name)
        assert all(_NAME.fullmatch(name.replace("_", "-")) for name in self.source.option_names)

    def test_it_describes_all_its_options_or_none(self) -> None:
        if isinstance(self.source, ExplainedSource):
            assert {key.name for key in self.source.options} == set(self.source.option_names)
            assert all(key.sentence for key in self.source.options)

    def test_an_option_that_it_does_not_know_is_refused(self, tmp_path: Path) -> None:
        faults = Faults(tmp_path / "tracker.toml")

        option_table(self.source).given({"no_such_option": 1}, Place(faults=faults, base=tmp_path))

        with pytest.raises(ConfigError, match="no_such_option"):
            faults.check()

    def test_its_targets_have_names_of_their_own_that_stay(self, look: _Looking) -> None:
        names = [target.name for target in look.targets()]

        assert names
        assert len(set(names)) == len(names)
        assert [target.name for target in look.targets()] == names
        assert sorted(target.name for target in look.targets(is_reversed=True)) == sorted(names)

    def test_a_first_look_tells_the_whole_truth(self, look: _Looking, http: HttpClient) -> None:
        seen = look(http)

        assert any(said.releases or said.sightings for _, said in seen)
        for target, said in seen:
            assert not said.unknown, said.reason
            watched = {component.name for component in target.components}
            assert {release.component for release in said.releases} <= watched
            releases = [_identity(release) for release in said.releases]
            assert len(set(releases)) == len(releases)
            for release in said.releases:
                _check_release(release)

    def test_the_same_upstream_is_told_the_same_way_twice(self, look: _Looking, http: HttpClient) -> None:
        assert _truth(look(http)) == _truth(look(http))

    def test_with_its_own_cursor_it_tells_no_news_or_the_same_again(self, look: _Looking, http: HttpClient) -> None:
        first = look(http, cache="one")

        for target, said in first:
            again = look.at(target, http, cursor=said.cursor, cache="one")
            if isinstance(again, NoNews):
                assert isinstance(again.cursor, str)
            else:
                assert _truth([(target, again)]) == _truth([(target, said)])

    def test_with_a_cursor_of_another_version_of_itself_it_tells_everything(
        self, look: _Looking, http: HttpClient
    ) -> None:
        first = look(http)

        for target, said in first:
            again = look.at(target, http, cursor='{"written": "by another version"}')
            assert isinstance(again, Observed)
            assert _truth([(target, again)]) == _truth([(target, said)])

    @pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
    def test_trouble_is_told_and_never_taken_for_the_truth(
        self, look: _Looking, http: HttpClient, fault: Fault
    ) -> None:
        good = look(http)
        for target, said in good:
            if self.missing_is_an_answer and fault in {Fault.NOT_FOUND, Fault.GONE}:
                continue
            counted = Interrupted(http)
            look.at(target, counted)
            for at in (*range(counted.count), -1):
                if counted.count:
                    _check_trouble(look, target, Interrupted(http, fault, at), said)

    def test_every_way_to_break_the_upstream_is_told(
        self, look: _Looking, http: HttpClient, ways_to_break: Mapping[str, AbstractContextManager[object]]
    ) -> None:
        good = look(http)
        counted = Interrupted(http)
        look(counted)
        assert counted.count or ways_to_break, "nothing is asked by http: the fixture ways_to_break must say how"
        for way in ways_to_break.values():
            with way:
                for target, said in good:
                    _check_trouble(look, target, http, said)

    def test_no_error_shows_the_password_of_the_proxy(self, look: _Looking, http: HttpClient) -> None:
        network = NetworkSettings(proxy=f"http://somebody:{_PASSWORD}@127.0.0.1:9", timeout_seconds=1)
        for target in look.targets():
            for fault in (None, Fault.CUT_OFF):
                try:
                    look.at(target, Interrupted(http, fault), network=network)
                except SourceError as error:
                    assert _PASSWORD not in "".join(traceback.format_exception(error))
                    assert _PASSWORD not in error.hint

    def test_it_opens_no_connection_around_the_client(
        self, look: _Looking, http: HttpClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watched, around = Interrupted(http), []
        connect = socket.socket.connect

        def seen(this: socket.socket, address: Any) -> None:  # noqa: ANN401 - whatever the family has
            if not watched.is_inside:
                around.append(address)
            connect(this, address)

        monkeypatch.setattr(socket.socket, "connect", seen)
        look(watched)

        assert around == []


class _Looking:
    """Looks at targets, each time with a cache of its own unless one is named."""

    def __init__(
        self,
        source: Source,
        components: Sequence[Component],
        options: Mapping[str, object],
        caches: Path,
        suite: SourceContract,
    ) -> None:
        self._source = source
        self._components = components
        self._options = options
        self._caches = caches
        self._suite = suite
        self._count = 0

    def targets(self, *, is_reversed: bool = False) -> tuple[Target, ...]:
        components = list(self._components)[:: -1 if is_reversed else 1]
        return tuple(self._source.targets(components, self._options))

    def __call__(self, http: HttpClient, *, cache: str = "") -> list[tuple[Target, Observed]]:
        """Look at everything for the first time."""
        seen: list[tuple[Target, Observed]] = []
        for target in self.targets():
            said = self.at(target, http, cache=cache)
            assert isinstance(said, Observed), f"{target.name}: a first look is answered with {said!r}"
            seen.append((target, said))
        return seen

    def at(
        self,
        target: Target,
        http: HttpClient,
        *,
        cursor: str = "",
        cache: str = "",
        network: NetworkSettings | None = None,
    ) -> NoNews | Observed:
        """Look at one target."""
        self._count += 1
        directory = self._caches / (cache or f"look-{self._count}")
        directory.mkdir(parents=True, exist_ok=True)
        return self._source.poll(
            PollRequest(
                target=target,
                http=http,
                cursor=cursor,
                options=self._options,
                cache_dir=directory,
                now=self._suite.now,
                network=network or NetworkSettings(),
                platforms=self._suite.platforms,
            )
        )


def _check_trouble(look: _Looking, target: Target, http: HttpClient, good: Observed) -> None:
    """Return when the look raises a ``SourceError``, says what it could not see, or tells all releases as before."""
    try:
        said = look.at(target, http)
    except SourceError as error:
        assert error.message
        return
    assert isinstance(said, Observed), f"{target.name}: trouble at a first look is answered with {said!r}"
    if not said.unknown:
        lost = {_identity(one) for one in good.releases} - {_identity(one) for one in said.releases}
        assert not lost, f"{target.name}: releases are lost without a word: {sorted(lost)}"


def _check_release(release: Release) -> None:
    assert release.version
    assert release.line or release.channel
    assert release.published_at is None or release.published_at.utcoffset() is not None, "a time without a time zone"
    for asset in release.assets:
        assert asset.name
        assert not asset.digest or _DIGEST.fullmatch(asset.digest), asset.digest
        assert "@" not in asset.url.partition("://")[2].partition("/")[0], "an address with a user's name"


def _identity(release: Release) -> tuple[str, str, str, str]:
    return release.component, release.version, release.line, release.channel


def _truth(seen: Sequence[tuple[Target, Observed]]) -> list[object]:
    return [
        (
            target.name,
            sorted(repr(release) for release in said.releases),
            sorted(repr(sighting) for sighting in said.sightings),
            said.keeps_old,
            said.unknown,
        )
        for target, said in seen
    ]
