"""Environments are complete or do not count, and runs of another closure are history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tracker.errors import SmokeError
from tracker.evidence.closures import latest_closures, with_closure
from tracker.http import Client
from tracker.model import Combination, EvidenceKey, Factor, Outcome, Trial
from tracker.protocols import EnvironmentRequest, NetworkSettings, Part, Resolution
from tracker.smoke.environments import Environments, Wanted, closure_digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.model import Release

COMBINATION = Combination.of([Factor(name="tool", title="", variants=("1",)).value("1")])
START = datetime(2026, 11, 30, tzinfo=UTC)


class Writer:
    """Writes one file into an environment, or breaks off after it did."""

    name = "writer"
    option_names: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.made = 0
        self.breaks = False

    def select(self, release: Release, combination: Combination, options: Mapping[str, object]) -> Release:
        assert (combination, options) == (COMBINATION, {})
        return release

    def resolve(self, request: EnvironmentRequest) -> Resolution:
        raise AssertionError(request)

    def fill(self, request: EnvironmentRequest, resolution: Resolution, prefix: Path) -> None:
        assert request.combination == COMBINATION
        self.made += 1
        (prefix / "file").write_text(resolution.parts[0].version, encoding="utf-8")
        if self.breaks:
            message = "the network went away"
            raise SmokeError(message)


def _wanted(builder: Writer, version: str, tmp_path: Path) -> Wanted:
    part = Part(name="lib", version=version, file=f"lib-{version}", url="file:///lib", digest=f"sha256:{version * 64}")
    request = EnvironmentRequest(
        members=(),
        combination=COMBINATION,
        options={},
        cache_dir=tmp_path / "cache",
        network=NetworkSettings(),
        http=Client(NetworkSettings()),
    )
    return Wanted(builder=builder, request=request, resolution=Resolution(parts=(part,), exercises=frozenset()))


def test_an_environment_is_made_once_for_what_it_comes_to(tmp_path: Path) -> None:
    builder, environments = Writer(), Environments(tmp_path)

    one = environments.ensure(_wanted(builder, "1", tmp_path))
    again = Environments(tmp_path).ensure(_wanted(builder, "1", tmp_path))
    other = environments.ensure(_wanted(builder, "2", tmp_path))

    assert one == again != other
    assert builder.made == 2


def test_one_that_broke_off_leaves_nothing_and_is_made_anew(tmp_path: Path) -> None:
    builder, environments = Writer(), Environments(tmp_path)
    builder.breaks = True
    wanted = _wanted(builder, "1", tmp_path)

    with pytest.raises(SmokeError, match="went away"):
        environments.ensure(wanted)
    assert not environments.path_of(wanted).exists()

    builder.breaks = False
    assert (environments.ensure(wanted) / "file").read_text(encoding="utf-8") == "1"


def test_one_that_a_killed_process_left_half_made_is_made_anew(tmp_path: Path) -> None:
    builder, environments = Writer(), Environments(tmp_path)
    wanted = _wanted(builder, "1", tmp_path)
    left = environments.path_of(wanted)
    left.mkdir(parents=True)
    (left / "half").write_text("", encoding="utf-8")

    path = environments.ensure(wanted)

    assert not (path / "half").exists()
    assert builder.made == 1


def test_what_came_to_be_another_version_is_told_once(tmp_path: Path) -> None:
    builder, environments = Writer(), Environments(tmp_path)

    told = [environments.moved(_wanted(builder, version, tmp_path)) for version in ("1", "1", "2", "2")]

    assert told == [(), (), ("lib 1 -> 2",), ()]


def test_the_closure_changes_with_every_part_and_with_the_interpreter(tmp_path: Path) -> None:
    one, two = (_wanted(Writer(), version, tmp_path).resolution for version in "12")
    elsewhere = Resolution(parts=one.parts, exercises=frozenset(), facts={"python": "CPython 3.12.1"})

    assert closure_digest() == ""
    assert len({closure_digest(one), closure_digest(two), closure_digest(elsewhere)}) == 3


def _trial(run_id: int, closure: str, *, origin: str = "") -> Trial:
    key = EvidenceKey(scenario_digest="s", artifact_digest=with_closure("sha256:files", closure), host_key="h")
    at = START + timedelta(minutes=run_id)
    return Trial(
        run_id=run_id,
        combination=COMBINATION,
        capability="installs",
        outcome=Outcome.PASS,
        exercised=frozenset(),
        key=key,
        started_at=at,
        finished_at=at,
        origin=origin,
    )


def test_the_last_own_run_of_a_combination_says_what_its_environment_comes_to() -> None:
    trials = [_trial(2, "sha256:new"), _trial(1, "sha256:old"), _trial(3, "sha256:theirs", origin="another host")]

    assert latest_closures(trials) == {COMBINATION: "sha256:new"}
    assert latest_closures([*trials, _trial(4, "")]) == {COMBINATION: ""}
