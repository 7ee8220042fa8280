"""The daemon as a unit of systemd: what is written, that systemd reads it, and that nothing is left of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tracker.config import read_config
from tracker.errors import SmokeError, UsageError
from tracker.passes.part import Part
from tracker.service.definition import ServiceDefinition, define_service
from tracker.service.logs import purge_logs
from tracker.service.systemd import Systemd, unit_text

if TYPE_CHECKING:
    from pathlib import Path

SYSTEMCTL = """#!/bin/sh
echo "$@" >>{log}
case "$1" in
  is-active) echo active ;;
  start) echo "Failed to start $2: Unit not found." >&2; exit 5 ;;
esac
"""


def _service(directory: Path, part: Part = Part.WATCH, account: str = "") -> ServiceDefinition:
    path = directory / "tracker.toml"
    path.write_text("schema = 1\n", encoding="utf-8")
    return define_service(read_config(path), part, directory / "python", account=account)


@pytest.fixture
def systemctl(tmp_path: Path) -> Path:
    """A systemctl that writes down how it was called; it stands for a running systemd, which tests do not have."""
    program = tmp_path / "systemctl"
    program.write_text(SYSTEMCTL.format(log=tmp_path / "calls"), encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("part", list(Part))
def test_systemd_reads_the_unit_without_a_complaint(tmp_path: Path, part: Part) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("not installed: systemd-analyze")
    service = _service(tmp_path, part)
    service.python.symlink_to(sys.executable)
    unit = tmp_path / f"{service.name}.service"
    unit.write_text(unit_text(service), encoding="utf-8")

    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)

    complaints = [line for line in done.stderr.splitlines() if service.name in line]
    assert complaints == []


def test_who_only_watches_may_write_nothing_but_its_own_directories(tmp_path: Path) -> None:
    service = _service(tmp_path, account="tracker")

    text = unit_text(service)

    assert "ProtectSystem=strict" in text
    assert f'ReadWritePaths="{service.home}" "{service.site_dir}"' in text
    assert "CapabilityBoundingSet=\n" in text
    assert "User=tracker" in text


def test_who_runs_things_keeps_the_rights_that_runs_need(tmp_path: Path) -> None:
    text = unit_text(_service(tmp_path, Part.SMOKE))

    assert "ProtectSystem" not in text
    assert "CapabilityBoundingSet" not in text


def test_signs_of_systemd_in_a_path_stay_signs(tmp_path: Path) -> None:
    directory = tmp_path / "100% $HOME"
    directory.mkdir()

    text = unit_text(_service(directory))

    assert "100%% $$HOME/tracker.toml" in text


def test_what_is_installed_is_gone_when_it_is_removed(tmp_path: Path, systemctl: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    service, manager = _service(tmp_path), Systemd(units, str(systemctl))

    manager.install(service)
    installed = manager.state(service.name)
    left = manager.remove(service)

    assert (installed.is_installed, installed.state) == (True, "active")
    assert list(units.iterdir()) == []
    assert manager.state(service.name).is_installed is False
    assert any(str(service.home) in line for line in left)
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert "enable tracker-watch.service" in calls
    assert "disable --now tracker-watch.service" in calls


def test_what_systemd_refuses_is_told_in_its_own_words(tmp_path: Path, systemctl: Path) -> None:
    with pytest.raises(SmokeError, match=r"Failed to start tracker-watch\.service: Unit not found"):
        Systemd(tmp_path, str(systemctl)).start("tracker-watch")


def test_what_is_not_installed_cannot_be_removed(tmp_path: Path, systemctl: Path) -> None:
    with pytest.raises(SmokeError, match="there is no service tracker-watch"):
        Systemd(tmp_path, str(systemctl)).remove(_service(tmp_path))


def test_a_service_needs_settings_of_its_own_and_a_name(tmp_path: Path) -> None:
    path = tmp_path / "tracker.toml"
    path.write_text("schema = 1\n", encoding="utf-8")

    with pytest.raises(UsageError, match="cannot be the name of a service"):
        define_service(read_config(path), Part.ALL, tmp_path, name="a b")


def test_a_name_alone_tells_what_was_installed(tmp_path: Path, systemctl: Path) -> None:
    directory = tmp_path / '100% of "$HOME"'
    directory.mkdir()
    manager = Systemd(tmp_path, str(systemctl))
    path = directory / "tracker.toml"
    path.write_text("schema = 1\n", encoding="utf-8")
    config = read_config(path)
    service = define_service(config, Part.SMOKE, directory / "python", name="boxes", account="builder")
    manager.install(service)

    found = manager.installed(define_service(config, Part.ALL, directory / "python", name="boxes"))

    assert found == service


def test_a_unit_of_somebody_else_is_neither_replaced_nor_removed(tmp_path: Path, systemctl: Path) -> None:
    unit = tmp_path / "tracker-watch.service"
    unit.write_text('[Service]\nExecStart="/usr/bin/something" "else"\n', encoding="utf-8")
    service, manager = _service(tmp_path), Systemd(tmp_path, str(systemctl))

    with pytest.raises(SmokeError, match="there is a service tracker-watch already"):
        manager.install(service)
    with pytest.raises(UsageError, match="tracker-watch is no service of tracker"):
        manager.installed(service)

    assert "something" in unit.read_text(encoding="utf-8")


def test_a_service_of_another_home_is_not_taken_for_this_one(tmp_path: Path, systemctl: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    manager = Systemd(tmp_path, str(systemctl))
    manager.install(_service(other))

    with pytest.raises(UsageError, match=r"tracker-watch works with .*other"):
        manager.installed(_service(tmp_path))


def test_what_systemd_does_not_take_leaves_no_unit(tmp_path: Path, systemctl: Path) -> None:
    systemctl.write_text("#!/bin/sh\necho 'Access denied' >&2; exit 1\n", encoding="utf-8")
    units = tmp_path / "units"
    units.mkdir()

    with pytest.raises(SmokeError, match="Access denied"):
        Systemd(units, str(systemctl)).install(_service(tmp_path))

    assert list(units.iterdir()) == []


def test_the_logs_of_one_service_go_and_those_of_others_stay(tmp_path: Path) -> None:
    service = _service(tmp_path)
    service.log_file.parent.mkdir(parents=True)
    for name in ("tracker-watch.log", "tracker-watch.log.4", "tracker-watch.log.mine", "tracker-smoke.log"):
        (service.log_file.parent / name).touch()

    purge_logs(service)

    assert sorted(one.name for one in service.log_file.parent.iterdir()) == [
        "tracker-smoke.log",
        "tracker-watch.log.mine",
    ]
