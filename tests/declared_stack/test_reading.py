"""A stack in tracker.toml becomes what plugins would register, and a mistake in it is told with what would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.config import read_config
from tracker.errors import ConfigError
from tracker.passes.workplace import open_workplace

if TYPE_CHECKING:
    from pathlib import Path

STACK = """
profile = "greetings"
[host]
key = ["platform"]
asset_platforms = ["linux/amd64"]
[components.greet]
source = "url"
scheme = "natural"
installer = "archive"
options = { url = "http://localhost/greet", kind = "listing", pattern = '(?P<version>\\d+)' }
programs = ["bin/greet", "usr/bin/greet"]
line = '\\d+'
live_lines = 2
assets = [{ platform = "linux/amd64", pattern = "greet-{version}" }]
[factors.greet]
components = ["greet"]
[factors.language]
values = ["de", "en"]
[scenario]
title = "greet greets"
[[scenario.steps]]
name = "greet"
capability = "greets"
run = "greet $TRACKER_VERSION_LANGUAGE"
[[scenario.causes]]
name = "unknown-language"
pattern = "unknown language (?P<language>.*)"
sentence = "It does not know {language}."
deterministic = true
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tracker.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_declared_stack_is_a_profile_like_any_other(tmp_path: Path) -> None:
    place = open_workplace(read_config(_file(tmp_path, STACK)))

    profile, component = place.profile, place.registry.components["greet"]
    assert (profile.name, profile.title, profile.scenario) == ("greetings", "greet greets", "greetings")
    assert profile.capabilities == profile.required == ("greets",)
    assert profile.asset_platforms == ("linux/amd64",)
    assert profile.factor("language").variants == ("de", "en")
    assert component.binaries == {"greet": ("bin/greet", "usr/bin/greet")}
    assert component.live_lines == 2
    assert component.tags is not None
    assert component.tags.line == r"\d+"
    (step,) = place.registry.scenarios["greetings"].steps
    assert step.exercises == {"greet", "language"}
    assert place.registry.scenarios["greetings"].causes[0].is_deterministic


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('source = "url"', 'source = "ulr"', r"components.greet.source: unknown name 'ulr' \(did you mean 'url'\?\)"),
        ('scheme = "natural"', 'scheme = "natrual"', r"components.greet.scheme: .*did you mean 'natural'"),
        ('installer = "archive"', 'installer = "archives"', r"components.greet.installer: .*did you mean 'archive'"),
        ('scheme = "natural"\n', "", r"components.greet.scheme = None: must be text"),
        ("live_lines = 2", "live_lines = -1", r"components.greet.live_lines = -1: must be a whole number"),
        ("live_lines = 2", "live_line = 2", r"unknown key 'components.greet.live_line' \(did you mean 'live_lines'"),
        ("line = '\\d+'", "line = '('", r"components.greet.line = '\(': is no regular expression"),
        ("line = '\\d+'", "tag = 'v.*'", r"components.greet.tag = 'v.\*': must have a group called version"),
        ('pattern = "greet-{version}"', 'pattern = ""', r"components.greet.assets\[0\].pattern = ''"),
        ("[components.greet]", "[components.Greet]", "'Greet' is no name"),
        ('components = ["greet"]', 'components = ["gret"]', r"factors.greet.components: .*did you mean 'greet'"),
        ('components = ["greet"]', 'values = ["1"]', "components.greet: no factor has it"),
        ('values = ["de", "en"]', "", "factors.language: must have either components or values"),
        ('key = ["platform"]\n', "", "host.key is not set"),
        ('key = ["platform"]', 'key = ["platfrom"]', r"host.key: .*did you mean 'platform'"),
        ('profile = "greetings"\n', "", "profile = None: must be the name of the stack"),
        ('profile = "greetings"', 'profile = "linux-containers"', "is the name of a plugin's profile"),
        ('capability = "greets"\n', "", r"scenario.steps\[0\].capability = None"),
        ('run = "greet', 'exercises = ["langauge"]\nrun = "greet', r"steps\[0\].exercises: .*did you mean 'language'"),
        ('run = "greet', 'start = "true"\nrun = "greet', r"steps\[0\]: must have either run or start"),
        ('run = "greet $', 'start = "greet $', r"steps\[0\]: start and ready belong together"),
        ('run = "greet $TRACKER_VERSION_LANGUAGE"', "run = []", r"steps\[0\].run: must be a text for the shell, or"),
        ('title = "greet greets"', 'network = "mine"', "network = 'mine': must be one of own, host"),
        ('title = "greet greets"', 'required = ["greet"]', r"scenario.required: .*did you mean 'greets'"),
        ('title = "greet greets"', 'capabilities = ["greets", "more"]', "no step demonstrates 'more'"),
        ('title = "greet greets"', 'capabilities = ["installs", "greets"]', "no step demonstrates 'installs'"),
        ('title = "greet greets"', 'tools = ["busybox"]', "scenario.tools: unknown name 'busybox'"),
        ('title = "greet greets"', 'tools = ["greet"]', "scenario.tools: 'greet' is the component of a factor"),
        ("know {language}", "know {langauge}", r"causes\[0\].sentence: .*did you mean 'language'"),
        ('pattern = "unknown language (?P<language>.*)"', 'pattern = "("', r"causes\[0\].pattern = '\(': is no"),
    ],
)
def test_a_mistake_is_told_with_its_key_its_value_and_what_would_do(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert before in STACK
    path = _file(tmp_path, STACK.replace(before, after, 1))

    with pytest.raises(ConfigError, match=told) as caught:
        open_workplace(read_config(path))

    assert str(path) in caught.value.message


@pytest.mark.parametrize("table", ["components", "factors", "scenario"])
def test_a_stack_of_which_a_table_is_missing_is_told_which(tmp_path: Path, table: str) -> None:
    parts = STACK.split("\n[")
    text = "\n[".join(part for part in parts if not part.lstrip("[").startswith(table))

    with pytest.raises(ConfigError, match=rf"declares a stack, but \[{table}\] is not there"):
        read_config(_file(tmp_path, text))


def test_a_host_key_without_a_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has a meaning only where the file declares a stack"):
        read_config(_file(tmp_path, '[host]\nkey = ["os"]\n'))


def test_an_option_that_no_builder_of_environments_has_is_refused(tmp_path: Path) -> None:
    text = STACK + '[environments.virtual-environment]\npyhton = "python3"\n'

    with pytest.raises(ConfigError, match=r"environments.virtual-environment: unknown name 'pyhton'.*'python'"):
        open_workplace(read_config(_file(tmp_path, text)))


def test_another_command_is_another_test_and_another_comment_is_not(tmp_path: Path) -> None:
    def content(text: str) -> str:
        stack = read_config(_file(tmp_path, text)).stack
        assert stack is not None
        return stack.scenario.content

    assert content(STACK) == content(f"# greetings\n{STACK}")
    assert content(STACK) != content(STACK.replace("greet $", "greet --now $"))
    assert content(STACK) != content(STACK.replace("know {", "speak {"))
