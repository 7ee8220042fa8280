from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.config import Config, Superseded, find_config, read_config
from tracker.errors import ConfigError, ExitCode
from tracker.model import Basis, Succession


def write(directory: Path, text: str) -> Path:
    path = directory / "tracker.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_lies_in_the_working_directory(tmp_path: Path) -> None:
    config = find_config(None, cwd=tmp_path, environ={})

    assert config.path is None
    assert config.home == tmp_path / "tracker-data"
    assert config.site_dir == tmp_path / "tracker-data" / "site"


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[paths]\nhome = "data"\nsite = "../public"\n')

    config = read_config(path)

    assert config.home == tmp_path / "data"
    assert config.site_dir == (tmp_path.parent / "public")


def test_the_environment_names_a_file_and_the_command_line_wins(tmp_path: Path) -> None:
    named = write(tmp_path, 'profile = "one"\n')
    other = tmp_path / "other.toml"
    other.write_text('profile = "two"\n', encoding="utf-8")

    assert find_config(None, cwd=tmp_path, environ={"TRACKER_CONFIG": str(named)}).profile == "one"
    assert find_config(other, cwd=tmp_path, environ={"TRACKER_CONFIG": str(named)}).profile == "two"


def test_what_a_file_does_not_say_has_a_default(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, ""))

    assert config == Config(path=tmp_path / "tracker.toml", home=config.home, site_dir=config.site_dir)


def test_a_person_may_say_which_pull_request_took_the_place_of_another(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [watch]
        minimum_age_days = 1.5
        [[watch.superseded]]
        repository = "owner/name"
        number = 96
        by = 101
        reason = "It makes the same change."
        """,
    )

    config = read_config(path)

    succession = Succession(number=101, basis=Basis.PERSON, reason="It makes the same change.")
    assert config.minimum_age_days == 1.5
    assert config.superseded == (Superseded(repository="owner/name", number=96, succession=succession),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('profil = "x"', ["unknown key 'profil'", "did you mean 'profile'?"], id="misspelt key"),
        pytest.param("[smok]\nlanes = 1", ["unknown key 'smok'", "'smoke'"], id="misspelt table"),
        pytest.param("[smoke]\nlane = 1", ["unknown key 'smoke.lane'", "lanes"], id="misspelt key in a table"),
        pytest.param(
            '[smoke]\nlanes = "two"', ["smoke.lanes = 'two'", "a whole number from 0"], id="text for a number"
        ),
        pytest.param("[smoke]\nlanes = -1", ["smoke.lanes = -1", "from 0"], id="number too small"),
        pytest.param("[smoke]\nlanes = true", ["smoke.lanes = True", "a whole number"], id="truth for a number"),
        pytest.param("[network]\noffline = 1", ["network.offline = 1", "true or false"], id="number for truth"),
        pytest.param(
            '[network]\nca_file = "no.pem"', ["network.ca_file = 'no.pem'", "no such file"], id="missing file"
        ),
        pytest.param("[pins]\ncontainerd = 1.7", ["pins.containerd = 1.7", "text in quotes"], id="number for text"),
        pytest.param('[plugins]\ndisabled = "a"', ["plugins.disabled = 'a'", "a list"], id="text for a list"),
        pytest.param("sources = 3", ["sources = 3", "a table"], id="number for a table"),
        pytest.param("[sources]\ndebian = 3", ["sources.debian = 3", "a table"], id="number for a source"),
        pytest.param("[watch]\nminimum_age = 1", ["watch.minimum_age'", "minimum_age_days"], id="misspelt age"),
        pytest.param("[watch]\nminimum_age_days = -1", ["watch.minimum_age_days = -1", "from 0"], id="negative age"),
        pytest.param("[watch]\nsuperseded = 3", ["watch.superseded = 3", "[[watch.superseded]]"], id="no list"),
        pytest.param("[watch]\nsuperseded = [3]", ["watch.superseded[0] = 3", "a table"], id="no table in a list"),
        pytest.param(
            "[[watch.superseded]]\nrepository = 'o/n'\nnumber = 96\nby = 1.5\nreason = 'r'",
            ["watch.superseded[0].by = 1.5", "a whole number"],
            id="number with a fraction",
        ),
        pytest.param(
            "[[watch.superseded]]\nrepository = 'o/n'\nnumber = 96\nby = 101",
            ["watch.superseded[0].reason is missing", "text in quotes"],
            id="no reason",
        ),
        pytest.param(
            "[[watch.superseded]]\nrepositry = 'o/n'", ["superseded[0].repositry'", "'repository'"], id="misspelt there"
        ),
        pytest.param(
            "[[waivers]]\nreason = 'known'\nuntil = 2026-12-31", ["without pins", "every failure"], id="waives all"
        ),
        pytest.param(
            "[[waivers]]\npins = { a = '1' }\nreason = 'known'\nuntil = 'soon'",
            ["waivers[0].until = 'soon'", "2026-12-31"],
            id="waived until no day",
        ),
        pytest.param(
            "[[waivers]]\npins = { a = 1 }\nreason = 'known'\nuntil = 2026-12-31", ["pins.a = 1", "text"], id="no text"
        ),
        pytest.param("schema = 2", ["schema = 2", "must be 1"], id="another schema"),
        pytest.param("a = ", ["no valid TOML"], id="broken TOML"),
    ],
)
def test_an_error_names_file_key_value_and_what_is_allowed(tmp_path: Path, text: str, words: list[str]) -> None:
    path = write(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        read_config(path)

    assert str(path) in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_named_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"(?s)cannot be read.*tracker init"):
        find_config(Path("gone.toml"), cwd=tmp_path, environ={})


def test_a_file_that_a_source_names_counts_from_the_directory_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text('schema = 1\n[sources.github]\ntoken_file = "secrets/token"\n', encoding="utf-8")

    assert read_config(path).sources["github"]["token_file"] == str(tmp_path / "secrets" / "token")


def test_a_waiver_says_what_it_is_about_why_and_until_when(tmp_path: Path) -> None:
    text = """
        [[waivers]]
        pins = { containerd = "1.7.24", cni-spec = "1.1.0" }
        reason = "We do not use the two together."
        until = 2026-12-31
        """
    (waiver,) = read_config(write(tmp_path, text)).waivers

    assert waiver.pins == {"containerd": "1.7.24", "cni-spec": "1.1.0"}
    assert (waiver.until, waiver.capability, waiver.closes_after) == (date(2026, 12, 31), "", 3)


def test_the_site_tells_where_it_is_read_and_where_mistakes_are_told(tmp_path: Path) -> None:
    text = '[site]\naddress = "https://site.example/tracker"\nreport = "us@site.example"\n'

    config = read_config(write(tmp_path, text))

    assert (config.site_address, config.site_report) == ("https://site.example/tracker/", "us@site.example")


@pytest.mark.parametrize("line", ['address = "javascript:x"', 'report = "file:///etc"', 'address = "https://a b"'])
def test_an_address_that_no_reader_can_follow_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError):
        read_config(write(tmp_path, f"[site]\n{line}\n"))
