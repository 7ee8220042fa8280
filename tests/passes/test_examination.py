"""What doctor says of the host, by plugins and by the launcher."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config, HostConfig
from tracker.errors import StoreError
from tracker.http import Client
from tracker.passes.examination import examine
from tracker.passes.finding import Finding, guarded
from tracker.passes.host_examination import host_findings
from tracker.passes.workplace import Workplace, open_workplace
from tracker.protocols import LauncherState, NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.protocols import Launched
    from tracker.protocols.facts import Check


@dataclass
class Examiner:
    """A gatherer that examines, too."""

    facts: Mapping[str, str]
    found: Sequence[Check] = ()
    asked: list[tuple[Mapping[str, str], Path]] = field(default_factory=list)
    name: str = "examiner"

    def gather(self) -> Mapping[str, str]:
        return self.facts

    def checks(self, facts: Mapping[str, str], home: Path) -> Sequence[Check]:
        self.asked.append((facts, home))
        return self.found


class Broken(Examiner):
    """A gatherer whose examination fails."""

    def checks(self, facts: Mapping[str, str], home: Path) -> Sequence[Check]:
        message = f"no registry among {len(facts)} facts of {home.name}"
        raise OSError(message)


@dataclass
class Layer:
    """A launcher that only says how it is."""

    reason: str
    name: str = "layer"
    platform: str = "windows"

    def state(self) -> LauncherState:
        return LauncherState(facts={"launcher": "layer 1"}, reason=self.reason)

    def prepare(self, cache_dir: Path) -> None:
        raise NotImplementedError

    def open(self, cache_dir: Path, workspace: Path) -> Launched:
        raise NotImplementedError

    def clean(self, workspace: Path) -> tuple[str, ...]:
        raise NotImplementedError


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """Return the profile for Windows with no gatherer of facts at all."""
    offline = NetworkSettings(offline=True)
    config = Config(profile="windows-containers", home=tmp_path / "home", site_dir=tmp_path / "site", network=offline)
    opened = open_workplace(config)
    return replace(opened, registry=replace(opened.registry, host_facts={}, launchers={}))


def with_gatherers(place: Workplace, *gatherers: Examiner) -> Workplace:
    registry = replace(place.registry, host_facts={one.name: one for one in gatherers})
    return replace(place, registry=registry)


def test_a_gatherer_of_the_profiles_facts_is_asked_what_it_examined(place: Workplace) -> None:
    missing = Finding(name="long paths", is_good=False, found="disabled", remedy="Set-ItemProperty ...")
    examiner = Examiner({"windows.build": "10.0.20348"}, [missing])

    found = host_findings(with_gatherers(place, examiner), {"arch": "x"})

    assert found == (missing,)
    assert examiner.asked == [({"arch": "x"}, place.config.home)]


def test_a_gatherer_that_tells_nothing_of_what_the_profile_needs_is_not_asked(place: Workplace) -> None:
    elsewhere, other = Examiner({}), Examiner({"libc": "2.36"}, name="other")

    assert host_findings(with_gatherers(place, elsewhere, other), {}) == ()
    assert elsewhere.asked == other.asked == []


def test_an_examination_that_fails_hides_no_other(place: Workplace) -> None:
    good = Finding(name="Windows", is_good=True, found="10.0.20348")
    broken = Broken({"windows.build": "1"}, name="broken")

    first, second = host_findings(with_gatherers(place, broken, Examiner({"windows.build": "1"}, [good])), {})

    assert (first.name, first.is_good) == ("host (broken)", False)
    assert "no registry among 0 facts of home" in first.found
    assert second == good


@pytest.mark.parametrize(
    ("reason", "is_good", "found"),
    [
        ("", True, "layer 1 runs programs for windows"),
        ("apt-get install layer", False, "apt-get install layer"),
    ],
)
def test_the_launcher_says_whether_it_can_be_used(place: Workplace, reason: str, *, is_good: bool, found: str) -> None:
    host = HostConfig(platform="windows", launcher="layer")
    config = replace(place.config, host=host)
    launched = replace(place, config=config, registry=replace(place.registry, launchers={"layer": Layer(reason)}))

    assert host_findings(launched, {}) == (Finding(name="launcher layer", is_good=is_good, found=found),)


def test_without_a_launcher_nothing_is_said_of_one(place: Workplace) -> None:
    assert host_findings(place, {}) == ()


def test_an_error_of_ours_is_a_finding_with_its_hint() -> None:
    def look() -> Finding:
        message = "is torn"
        raise StoreError(message, hint="Mend it.")

    assert guarded("store", look) == Finding(name="store", is_good=False, found="is torn", remedy="Mend it.")


def test_doctor_examines_the_whole_host_and_names_every_upstream(place: Workplace) -> None:
    with closing(Client(place.config.network)) as http:
        names = [one.name for one in examine(place.config, http)]

    assert names[:5] == ["settings", "profile", "plugin API", "store", "disk"]
    assert "host" in names
    assert sum(name.startswith("upstream ") for name in names) > 5
