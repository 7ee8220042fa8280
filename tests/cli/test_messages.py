"""What a person is told when something is wrong: one message, the right exit code, no traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.cli.app import COMMANDS

if TYPE_CHECKING:
    from conftest import Box


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(empty_box: Box, command: str) -> None:
    answered = empty_box.tracker(command, "--help")

    assert answered.exit_code == 0
    assert f"Example: tracker {command}" in answered.stdout


@pytest.mark.parametrize("words", [["matrix"], ["check", "containerd=1"], ["runs"], ["releases", "runc"], ["status"]])
def test_before_the_first_pass_the_reader_is_told_to_make_one(empty_box: Box, words: list[str]) -> None:
    answered = empty_box.tracker(*words)

    assert answered.exit_code == 3
    assert "tracker up" in answered.stderr
    assert not empty_box.home.exists()


def test_an_unknown_key_in_the_settings_is_named_with_the_nearest_one(empty_box: Box) -> None:
    (empty_box.directory / "tracker.toml").write_text('profil = "x"\n', encoding="utf-8")

    answered = empty_box.tracker("up")

    assert answered.exit_code == 2
    assert "unknown key 'profil' (did you mean 'profile'?)" in answered.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('profile = "linux-container"', "did you mean 'linux-containers'?"),
        ('profile = "linux-containers"\n[sources.debain]\nsuites = []', "did you mean 'debian'?"),
        ('profile = "linux-containers"\n[sources.debian]\nsuits = []', "did you mean 'suites'?"),
        ('profile = "linux-containers"\n[pins]\ncontainer = "1"', "did you mean 'containerd'?"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_one(empty_box: Box, text: str, told: str) -> None:
    (empty_box.directory / "tracker.toml").write_text(text, encoding="utf-8")

    answered = empty_box.tracker("poll")

    assert answered.exit_code == 2
    assert told in answered.stderr


def test_check_without_pins_says_how_to_name_them(empty_box: Box) -> None:
    answered = empty_box.tracker("check")

    assert answered.exit_code == 2
    assert "no pins to check" in answered.stderr


def test_init_writes_settings_that_are_read_again(empty_box: Box) -> None:
    assert empty_box.tracker("init", "--profile", "linux-containers").exit_code == 0
    assert empty_box.tracker("matrix").exit_code == 3

    again = empty_box.tracker("init", "--profile", "linux-containers")

    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_an_unplugged_mirror_is_told_and_nothing_is_lost(empty_box: Box) -> None:
    (empty_box.directory / "tracker.toml").write_text(
        'profile = "linux-containers"\n'
        '[sources.debian]\nmirror = "http://127.0.0.1:9/debian"\nsuites = ["stable"]\n'
        "[network]\ntimeout_seconds = 2\n",
        encoding="utf-8",
    )

    answered = empty_box.tracker("up")

    assert answered.exit_code == 3
    assert "could not look" in answered.stderr
    assert "127.0.0.1:9" in answered.stderr


def test_offline_it_asks_nobody_and_that_is_no_error(empty_box: Box) -> None:
    (empty_box.directory / "tracker.toml").write_text(
        'profile = "linux-containers"\n'
        '[sources.debian]\nmirror = "http://127.0.0.1:9/debian"\nsuites = ["stable"]\n'
        "[network]\noffline = true\n",
        encoding="utf-8",
    )

    polled = empty_box.tracker("poll", "--json")

    assert polled.exit_code == 0, polled.stderr
    assert [look["result"] for look in polled.json["looks"]] == ["not asked: offline"]
    assert "offline" in polled.json["looks"][0]["message"]


def test_a_home_that_cannot_be_written_is_told(empty_box: Box) -> None:
    (empty_box.directory / "tracker-data").write_text("a file in the way", encoding="utf-8")

    answered = empty_box.tracker("poll")

    assert answered.exit_code == 3
    assert "paths.home" in answered.stderr
