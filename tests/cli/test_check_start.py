"""`tracker check` starts with little, and is the same command as the one of the whole application."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Box
from tests.snapshot.small_world import small_world
from tracker.cli.app import app
from tracker.cli.check_options import OPTIONS, Given, quick_question
from tracker.snapshot import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {"alembic", "click", "cryptography", "httpx", "pluggy", "pydantic", "rich", "sqlalchemy", "typer"}
COMMAND: Any = typer.main.get_command(app)
CHECK = COMMAND.commands["check"]
WORDS = st.one_of(
    st.sampled_from([one.flag for one in OPTIONS]),
    st.sampled_from(["-", "--", "-x", "--nope", "--hos", "engine=2.0", "a file", "", "1.5", "-1", "inf", "é"]),
    st.sampled_from(["--need=runs", "--json=1", "--max-age=x", "--max-age=3", "--host=", "--from=a=b", "-h", "--help"]),
)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    write_snapshot(tmp_path / "tracker-data" / "verdicts.sqlite", small_world(now=datetime.now(UTC)))
    (tmp_path / "install.sh").write_text("ENGINE_VERSION=2.0\nDRIVER_VERSION=2.0\n")
    (tmp_path / "tracker.toml").write_text('schema = 1\n[paths]\nhome = "tracker-data"\n')
    return Box(tmp_path)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "engine=2.0", "driver=2.0"), 0),
        (("--config", "tracker.toml", "check", "install.sh", "--json"), 0),
        (("-c", "tracker.toml", "check", "engine=2.0", "driver=1.0"), 1),
    ],
)
def test_check_loads_no_library_besides_pythons_own(box: Box, words: tuple[str, ...], code: int) -> None:
    program = (
        f"import sys\nsys.argv = ['tracker', *{words!r}]\nfrom tracker.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    code = ended.code\n"
        "print(repr((code, sorted({name.partition('.')[0] for name in sys.modules}))))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=box.directory, capture_output=True, text=True, check=True
    )

    found, modules = ast.literal_eval(done.stdout.splitlines()[-1])
    assert (found, HEAVY & set(modules)) == (code, set())


@given(st.lists(WORDS, max_size=6))
@settings(max_examples=300)
def test_the_quick_reading_is_what_the_application_reads(words: list[str]) -> None:
    quick = quick_question(["check", *words])
    if quick is None:
        return

    context = CHECK.make_context("check", list(words))

    read: dict[str, Any] = {
        name: value or None if isinstance(value, list | tuple) else value for name, value in context.params.items()
    }
    config, own = quick
    assert config is None
    assert Given(**read) == own._replace(what=own.what or None, need=own.need or None, upgrade=own.upgrade or None)


@pytest.mark.parametrize("words", [["up"], [], ["--version"], ["--config"], ["--nope", "check"], ["check", "--help"]])
def test_everything_else_is_left_to_the_application(words: list[str]) -> None:
    assert quick_question(words) is None


def test_the_global_option_stands_before_the_word_in_every_spelling() -> None:
    for words in (["--config", "a", "check", "b=1"], ["-c", "a", "check", "b=1"], ["--config=a", "check", "b=1"]):
        found = quick_question(words)
        assert found is not None
        assert (found[0], found[1].what) == ("a", ["b=1"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--nope",), "No such option: --nope"),
        (("--max-age", "soon"), "Invalid value for '--max-age'"),
        (("--need",), "'--need' requires an argument"),
    ],
)
def test_a_wrong_option_is_refused_as_by_every_command(box: Box, words: tuple[str, ...], told: str) -> None:
    answered = box.tracker("check", *words)

    assert answered.exit_code == 2
    assert told in answered.stderr


def test_the_help_lists_every_option(box: Box) -> None:
    answered = box.tracker("check", "--help")

    assert answered.exit_code == 0
    assert [one.flag for one in OPTIONS if f"  {one.flag} " not in answered.stdout] == []


def test_a_reader_that_goes_away_changes_no_exit_code(box: Box) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "check", "engine=2.0", "driver=1.0"],
            cwd=box.directory,
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("package", ["tracker.model", "tracker.protocols", "tracker.settings", "tracker.snapshot"])
def test_a_package_hands_out_every_name_that_it_promises(package: str) -> None:
    module = import_module(package)

    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert not hasattr(module, "nothing_of_this_name")
