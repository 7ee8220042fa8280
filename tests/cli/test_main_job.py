"""The main job on real input: this machine's archive, real runtimes, real containers."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from conftest import Box

pytestmark = [pytest.mark.machine, pytest.mark.archive]


def rows(box: Box) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = box.tracker("matrix", "--json").json["rows"]
    return found


def pins(row: dict[str, Any]) -> list[str]:
    return [
        f"{value['factor']}={value['component']}@{value['version']}"
        if value["alternative"]
        else f"{value['factor']}={value['version']}"
        for value in row["combination"]
    ]


def a_row(box: Box, capability: str, verdict: str) -> dict[str, Any]:
    for row in rows(box):
        if row["verdicts"][capability]["verdict"] == verdict:
            return row
    pytest.skip(f"on this machine no combination is {verdict} for {capability}")


def site_files(box: Box) -> dict[str, tuple[int, int]]:
    root = box.home / "site"
    found = {path: path.stat() for path in root.rglob("*") if path.is_file()}
    return {str(path.relative_to(root)): (stat.st_mtime_ns, stat.st_ino) for path, stat in found.items()}


def test_every_factor_has_versions_and_every_pair_of_live_values_met(box: Box) -> None:
    matrix = box.tracker("matrix", "--json").json
    live = [value for value in matrix["values"] if value["live"]]
    runs = [{(one["factor"], one["component"], one["version"]) for one in row["combination"]} for row in matrix["rows"]]

    names = {factor["name"] for factor in matrix["factors"]}
    assert {value["factor"] for value in live} == names
    for one in live:
        for other in live:
            if one["factor"] < other["factor"]:
                pair = {(value["factor"], value["component"], value["version"]) for value in (one, other)}
                assert any(pair <= run for run in runs), pair


def test_a_second_pass_runs_nothing_and_rewrites_nothing(box: Box) -> None:
    box.tracker("site")
    before = site_files(box)

    again = box.tracker("up", "--json")

    assert again.exit_code == 0
    assert again.json["runs"] == []
    assert again.json["written"] == 0
    assert site_files(box) == before


def test_nothing_is_left_to_plan(box: Box) -> None:
    assert box.tracker("plan", "--json").json["jobs"] == []


def test_check_says_that_a_working_set_works(box: Box) -> None:
    row = a_row(box, "networks", "works")

    answered = box.tracker("check", *pins(row), "--json")

    assert answered.exit_code == 0
    assert answered.json["verdict"] == "works"
    assert answered.json["evidence"]["runs"]


def test_check_says_why_a_set_is_broken_and_what_works_instead(box: Box) -> None:
    row = a_row(box, "networks", "broken")

    answered = box.tracker("check", *pins(row), "--json")

    assert answered.exit_code == 1
    assert answered.json["verdict"] == "broken"
    assert answered.json["cause"]
    good = answered.json["nearest_good"]
    if good:
        assert box.tracker("check", *[f"{name}={value}" for name, value in good.items()]).exit_code == 0


def test_check_does_not_know_a_set_that_was_never_run(box: Box) -> None:
    matrix = box.tracker("matrix", "--json").json
    ran = {row["key"] for row in matrix["rows"]}
    for row in matrix["rows"]:
        for value in matrix["values"]:
            if value["factor"] == "cni-spec":
                changed = [pin for pin in pins(row) if not pin.startswith("cni-spec=")] + [
                    f"cni-spec={value['version']}"
                ]
                if " ".join(sorted(changed)) not in ran:
                    answered = box.tracker("check", *changed, "--json")
                    assert (answered.exit_code, answered.json["verdict"]) in {
                        (4, "likely"),
                        (4, "untested"),
                        (1, "broken"),  # by inference from what two of its parts do elsewhere
                    }
                    assert answered.exit_code == 4 or "by inference" in answered.json["sentence"]
                    return
    pytest.skip("on this machine everything was run")


def test_a_capability_that_is_not_needed_does_not_count(box: Box) -> None:
    row = a_row(box, "networks", "broken")
    if row["verdicts"]["installs"]["verdict"] != "works":
        row = next((one for one in rows(box) if one["verdicts"]["installs"]["verdict"] == "works"), row)

    assert box.tracker("check", *pins(row), "--need", "installs").exit_code == 0


def test_the_site_names_the_newest_working_combination(box: Box) -> None:
    newest = box.tracker("up", "--json").json["newest_working"]["networks"]
    front = (box.home / "site" / "index.md").read_text(encoding="utf-8")

    assert newest is not None
    assert all(value.split("@")[-1].split("+")[0].split("~")[0] in front for value in newest.values())


def test_why_shows_the_runs_and_runs_show_their_logs(box: Box) -> None:
    row = a_row(box, "networks", "broken")

    why = box.tracker("why", *pins(row), "--json").json
    run = box.tracker("runs", str(why["runs"][0]["id"]), "--json").json["runs"][0]

    assert why["verdicts"]["networks"]["verdict"] == "broken"
    assert run["outcome"] == "FAIL"
    failed = next(step for step in run["steps"] if step["outcome"] == "FAIL")
    assert failed["cause"]
    assert failed["log"]
    assert run["artifacts"]


def test_a_first_look_is_history_and_no_news(box: Box) -> None:
    assert box.tracker("changes", "--json").json["changes"] == []
    history = box.tracker("changes", "--history", "--json").json["changes"]
    assert history
    assert all(change["is_baseline"] for change in history)


def test_releases_carry_digests_and_plain_versions(box: Box) -> None:
    releases = box.tracker("releases", "runc", "--json").json["releases"]

    assert releases
    for release in releases:
        assert release["assets"][0]["digest"].startswith("sha256:")
        assert release["version"].startswith(release["upstream_version"])


def test_a_named_combination_is_run_again(box: Box) -> None:
    row = a_row(box, "networks", "works")

    answered = box.tracker("smoke", *pins(row), "--json")

    assert answered.exit_code == 0
    assert answered.json["outcome"] == "PASS"
    assert {step["capability"] for step in answered.json["steps"]} == {"installs", "starts", "runs", "networks"}


def test_a_file_of_this_machine_is_run_as_a_version_of_its_own(box: Box) -> None:
    named = dict(pin.split("=", 1) for pin in pins(a_row(box, "networks", "works")))
    runtime, _, version = named.pop("runtime").partition("@")
    known = box.tracker("releases", runtime, "--json").json["releases"]
    (asset,) = [
        asset for one in known if one["version"] == version for asset in one["assets"] if asset["role"] == "main"
    ]
    digest = asset["digest"].removeprefix("sha256:")
    built = box.directory / "built here.deb"
    built.write_bytes((box.home / "cache" / "sha256" / digest[:2] / digest).read_bytes())
    others = [f"{factor}={value}" for factor, value in named.items()]

    run = box.tracker("smoke", f"runtime={runtime}@file:{built}", *others, "--json")

    assert run.exit_code == 0, run.stderr
    assert run.json["combination"]["runtime"] == f"{runtime}@file:{digest[:12]}"
    assert box.tracker("check", f"runtime={runtime}@file:{built}", *others).exit_code == 0
    assert "file:" not in json.dumps(box.tracker("plan", "--json").json)


def test_doctor_finds_nothing_missing_where_the_main_job_ran(box: Box) -> None:
    answered = box.tracker("doctor", "--json")

    assert answered.exit_code == 0, answered.stdout


def test_without_root_the_rest_is_skipped_and_made_up_for_as_soon_as_root_comes(open_box: Box) -> None:
    # Another user, who may read what these tests are made of wherever it lies, and has no other right of root's.
    another_user = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    reading = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")

    answered = open_box.tracker("up", prefix=(*another_user, *reading, "env", f"HOME={open_box.directory}"))

    assert answered.exit_code == 3, answered.stderr
    assert "needs root" in answered.stderr
    kinds = [row["verdicts"] for row in rows(open_box)]
    assert any(verdicts["installs"]["verdict"] == "works" for verdicts in kinds)
    assert all(verdicts["starts"]["verdict"] in {"untested", "broken"} for verdicts in kinds)

    with_root = open_box.tracker("up", "--json")

    assert with_root.exit_code == 0, with_root.stderr
    assert with_root.json["newest_working"]["networks"]
    assert open_box.tracker("plan", "--json").json["jobs"] == []


def test_the_daemon_makes_a_pass_and_stops_cleanly_when_asked(box: Box) -> None:
    command = [sys.executable, "-m", "tracker", "daemon"]
    log = box.directory / "daemon.log"
    with log.open("w", encoding="utf-8") as stderr:
        daemon = subprocess.Popen(command, cwd=box.directory, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            deadline = time.monotonic() + 120
            while "site:" not in log.read_text(encoding="utf-8") and time.monotonic() < deadline:
                time.sleep(0.1)
            daemon.send_signal(signal.SIGTERM)
            exit_code = daemon.wait(timeout=60)
        finally:
            daemon.kill()
            daemon.wait()

    told = log.read_text(encoding="utf-8")
    assert exit_code == 0, told
    assert "looked at" in told
    assert told.rstrip().endswith("stopped")


def test_two_passes_at_once_do_not_meet(box: Box) -> None:
    with FileLock(box.home / "lock"):
        answered = box.tracker("up")

    assert answered.exit_code == 3
    assert "another tracker is at work" in answered.stderr


def test_nothing_of_the_runs_is_left_on_the_machine(box: Box) -> None:
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _is_readable(path)]

    assert box.home.exists()
    assert not [command for command in commands if str(box.home).encode() in command]
    assert str(box.home) not in Path("/proc/mounts").read_text(encoding="utf-8")
    own = hashlib.sha256(str(box.home / "runs").encode()).hexdigest()[:8]
    assert not list(Path("/sys/fs/cgroup").rglob(f"tracker-{own}*"))
    assert not list((box.home / "runs").glob("*/workspace"))


def _is_readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True
