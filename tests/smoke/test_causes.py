"""The line that tells why, out of all the lines that tell what."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Cause
from tracker.smoke.causes import find_cause, read_line

_SPECIFIC = Cause(
    name="specific", pattern=r"no (?P<what>\w+) left", sentence="There is no {what}.", is_deterministic=True
)
_GENERAL = Cause(name="general", pattern="failed", sentence="It failed.", is_deterministic=False)


def test_the_more_specific_cause_wins_wherever_it_stands() -> None:
    found = find_cause((_SPECIFIC, _GENERAL), ("it failed\nstill failed", "client: failed\nno bread left"))

    assert (found.name, found.line, found.sentence) == ("specific", "no bread left", "There is no bread.")
    assert found.is_deterministic


def test_the_better_log_wins_for_one_cause() -> None:
    found = find_cause((_GENERAL,), ("daemon failed first", "client failed too"))

    assert found.line == "daemon failed first"
    assert not found.is_deterministic


def test_without_a_known_cause_the_last_grave_line_of_the_daemon_tells() -> None:
    daemon = 'level=info msg="fine"\nlevel=error msg="disk on fire" error="smoke"\nlevel=debug msg="bye"'

    found = find_cause((_SPECIFIC,), (daemon, "client: something went wrong"))

    assert (found.name, found.line) == ("", "disk on fire: smoke")


def test_without_any_grave_line_the_clients_last_words_are_kept() -> None:
    assert find_cause((), ("level=info msg=fine", "one\ntwo\n\n")).line == "two"


def test_without_any_output_there_is_no_line() -> None:
    assert find_cause((_GENERAL,), ("", "")).line == ""


@pytest.mark.parametrize(
    ("line", "read"),
    [
        pytest.param('time="t" level=error msg="a \\"b\\" c"', 'a "b" c', id="logfmt"),
        pytest.param('time="t" level=error msg=short error="why\\nnext"', "short: why next", id="logfmt with error"),
        pytest.param('{"level":"error","msg":"a \\"b\\"","time":"t"}', 'a "b"', id="json"),
        pytest.param('{"level":"error"}', '{"level":"error"}', id="json without words"),
        pytest.param("{broken", "{broken", id="no json"),
        pytest.param("x=1 y=2 plain words", "x=1 y=2 plain words", id="plain"),
        pytest.param("\x1b[31mred\x07", "[31mred", id="control signs"),
    ],
)
def test_log_lines_are_read_as_people_read_them(line: str, read: str) -> None:
    assert read_line(line) == read


def test_a_pattern_finds_what_a_log_has_escaped() -> None:
    cause = Cause(name="spec", pattern='config is "(?P<v>[^"]+)"', sentence="{v}", is_deterministic=True)
    line = 'level=error msg="failed" error="config is \\"1.1.0\\""'

    assert find_cause((cause,), (line,)).sentence == "1.1.0"


def test_a_very_long_line_is_cut_around_what_matters() -> None:
    found = find_cause((_SPECIFIC,), (f"{'x' * 5000} no milk left {'y' * 5000}",))

    assert "no milk left" in found.line
    assert len(found.line) < 700


@given(st.text(max_size=300))
def test_every_line_is_readable(text: str) -> None:
    assert "\n" not in read_line(text.replace("\n", " "))
    find_cause((_SPECIFIC, _GENERAL), (text,))


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.text(), st.integers(), st.none()), max_size=5))
def test_every_json_line_is_readable(fields: dict[str, object]) -> None:
    assert isinstance(read_line(json.dumps(fields)), str)
