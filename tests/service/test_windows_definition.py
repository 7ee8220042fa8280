"""What Windows is told of a service; that Windows does it was not tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import UsageError
from tracker.passes.part import Part
from tracker.service.definition import ServiceDefinition, as_installed
from tracker.service.windows import account_of, command_line, grant_argv, revoke_argv, words_of
from tracker.windows_service import read_arguments


def _service(part: Part, account: str = "") -> ServiceDefinition:
    return ServiceDefinition(
        name=f"tracker-{part}",
        title="tracker",
        part=part,
        python=Path("/Program Files/tracker/python.exe"),
        config=Path("/tracker/tracker.toml"),
        home=Path("/tracker/data"),
        site_dir=Path("/inetpub/site"),
        account=account,
    )


def test_who_watches_has_an_account_without_rights_and_who_runs_has_the_systems() -> None:
    assert account_of(_service(Part.WATCH)) == "NT SERVICE\\tracker-watch"
    assert account_of(_service(Part.SMOKE)) == "LocalSystem"
    assert account_of(_service(Part.WATCH, "CORP\\builds$")) == "CORP\\builds$"


def test_the_process_that_windows_starts_reads_back_what_it_was_installed_with() -> None:
    service = _service(Part.SMOKE)

    words = words_of(command_line(service))
    arguments = read_arguments(words[3:])

    assert words[:3] == ["/Program Files/tracker/python.exe", "-m", "tracker.windows_service"]
    assert (arguments.name, arguments.part) == ("tracker-smoke", Part.SMOKE)
    assert (arguments.config, arguments.log_file) == (service.config, service.log_file)


def test_the_right_that_is_given_is_the_right_that_is_taken_back() -> None:
    given, taken = grant_argv("D:\\data", "NT SERVICE\\x"), revoke_argv("D:\\data", "NT SERVICE\\x")

    assert given[:3] == ["icacls", "D:\\data", "/grant"]
    assert given[3] == "NT SERVICE\\x:(OI)(CI)M"
    assert taken[:4] == ["icacls", "D:\\data", "/remove:g", "NT SERVICE\\x"]


def test_a_name_alone_tells_who_runs_an_installed_service_and_which_log_it_writes() -> None:
    asked, installed = _service(Part.ALL), _service(Part.WATCH, "CORP\\builds$")

    found = as_installed(asked, words_of(command_line(installed)), "CORP\\builds$")

    assert (found.name, found.part, found.log_file) == ("tracker-all", Part.WATCH, installed.log_file)
    assert account_of(found) == "CORP\\builds$"


def test_words_with_blanks_and_backslashes_are_read_back() -> None:
    line = '"C:\\Program Files\\tracker\\python.exe" -m tracker.windows_service --config C:\\tracker\\tracker.toml'

    assert words_of(line)[0] == "C:\\Program Files\\tracker\\python.exe"
    assert words_of(line)[3:] == ["--config", "C:\\tracker\\tracker.toml"]


@pytest.mark.parametrize(
    "line", ["C:\\Windows\\System32\\svchost.exe -k netsvcs", "", '"C:\\x\\python.exe" -m other --part all']
)
def test_a_service_of_somebody_else_is_not_touched(line: str) -> None:
    with pytest.raises(UsageError, match="tracker-all is no service of tracker"):
        as_installed(_service(Part.ALL), words_of(line), "LocalSystem")
