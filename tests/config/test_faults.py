"""What is wrong with tracker.toml is told all at once, and without any secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.config import Config, read_config
from tracker.errors import ConfigError
from tracker.passes.workplace import open_workplace
from tracker.settings import SecretPlace

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "ghp_0123456789abcdefghij"  # noqa: S105 - stands for one


def refused(directory: Path, text: str) -> str:
    path = directory / "tracker.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        open_workplace(read_config(path))
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_all_errors_of_a_file_are_told_together(tmp_path: Path) -> None:
    told = refused(tmp_path, 'lanes = 2\n[smoke]\nlanes = "two"\nspare_job = 1\n[network]\noffline = "no"\n')

    assert "4 errors" in told
    assert "lanes = 2: unknown key 'lanes' (it stands in [smoke])" in told
    assert "smoke.lanes = 'two': must be a whole number from 0 to 1000000" in told
    assert "smoke.spare_job = 1: unknown key 'smoke.spare_job' (did you mean 'spare_jobs'?)" in told
    assert "network.offline = 'no': must be true or false" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[host]\nplatform = "window"', ["host.platform = 'window'", "linux, windows", "did you mean 'windows'?"]),
        ('profile = "linux-containers"\n[sources.githb]\n', ["sources.githb", "did you mean 'github'?"]),
        (
            'profile = "linux-containers"\n[sources.debian]\nsuites = "sid"\ncheck_valid_until = 1\n[pins]\nrunx = "1"',
            [
                "3 errors",
                "sources.debian.suites = 'sid': must be a list",
                "sources.debian.check_valid_until = 1: must be true or false",
                "pins.runx = '1': unknown key 'pins.runx' (did you mean",
            ],
        ),
        (
            'profile = "linux-containers"\n[sources.git]\ntime_limit_seconds = 0\ncache_mb = 1.5',
            ["sources.git.time_limit_seconds = 0: must be a number from 0.001 to 86400", "cache_mb = 1.5"],
        ),
        (
            'profile = "linux-containers"\n[plugins]\ndisabled = ["debain"]',
            ["plugins.disabled[0] = 'debain'", "did you mean 'debian'?"],
        ),
    ],
)
def test_what_plugins_know_is_checked_with_its_nearest_match(tmp_path: Path, text: str, words: list[str]) -> None:
    told = refused(tmp_path, text)

    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    "line",
    [
        f'token = "{SECRET}"',
        f'token = {{ envv = "{SECRET}" }}',
        f'token = {{ env = "{SECRET}-" }}',
        f'tokn = "{SECRET}"',
        f'api_url = "https://me:{SECRET}@github.example"',
        f'full_look_hours = "{SECRET}"',
        f'password = "{SECRET}"',
        f'attestations = ["{SECRET}"]',
    ],
)
def test_a_secret_that_stands_in_the_wrong_place_is_refused_and_not_shown(tmp_path: Path, line: str) -> None:
    told = refused(tmp_path, f'profile = "windows-containers"\n[sources.github]\n{line}\n')

    assert "sources.github." in told
    assert SECRET not in told


def test_a_secret_that_is_written_out_is_refused_with_the_reason_and_both_ways_to_say_it(tmp_path: Path) -> None:
    told = refused(tmp_path, f'profile = "windows-containers"\n[sources.github]\ntoken = "{SECRET}"\n')

    assert '{ env = "NAME" } or { file = "PATH" }' in told
    assert "Never write a secret into tracker.toml" in told


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('{ env = "MY_TOKEN" }', SecretPlace(env="MY_TOKEN")),
        ("{}", None),
    ],
)
def test_the_place_of_a_secret_is_read_and_not_looked_at(tmp_path: Path, value: str, place: SecretPlace | None) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text(f'profile = "windows-containers"\n[sources.github]\ntoken = {value}\n', encoding="utf-8")

    assert open_workplace(read_config(path)).config.sources["github"]["token"] == place


def test_a_secret_is_looked_for_beside_the_settings_and_only_there(tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text(
        'profile = "windows-containers"\n[sources.github]\ntoken = { file = "github-token" }\n', encoding="utf-8"
    )
    place = open_workplace(read_config(path))
    (target, *_) = place.registry.sources["github"].targets(
        [one for one in place.registry.components.values() if one.source == "github"],
        place.config.sources["github"],
    )

    assert target.credential is not None
    assert target.credential.file == str(tmp_path / "github-token")
    assert (target.credential.environment, target.credential.command) == ((), ())


def test_a_place_that_holds_no_secret_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").touch(mode=0o600)

    for place in (SecretPlace(env="NONE_AT_ALL"), SecretPlace(file=tmp_path / "empty")):
        with pytest.raises(ConfigError, match="holds no secret"):
            place.reveal({})
    assert SecretPlace(env="ONE").reveal({"ONE": f" {SECRET}\n"}) == SECRET


def test_settings_that_come_from_no_file_name_none(tmp_path: Path) -> None:
    config = Config(home=tmp_path, site_dir=tmp_path, profile="linux-containers", pins={"runx": "1"})

    with pytest.raises(ConfigError, match=r"^pins\.runx = '1': unknown key"):
        open_workplace(config)
