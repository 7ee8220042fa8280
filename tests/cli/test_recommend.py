"""What `tracker recommend` says: on this machine's own archive, and of worlds of which the truth is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence.world import MAX_AGE, Fault, World, axis, pick
from tracker.cli.recommendation import document, tell
from tracker.evidence.recommend import Recommendation, recommend
from tracker.model import Asset, Value
from tracker.passes.recommending import Download

if TYPE_CHECKING:
    from conftest import Box

AXES = (axis("engine", "3", "2", "1"), axis("plugin", "b", "a"))
EXERCISES = {"runs": frozenset({"engine", "plugin"})}
FACTORS = [one.factor for one in AXES]


def value(name: str, text: str) -> Value:
    return next(one for axis in AXES for one in axis.values if one.factor == name and one.text == text)


def world(*faults: frozenset[Value]) -> World:
    return World(
        axes=AXES,
        exercises=EXERCISES,
        faults=[Fault(capability="runs", values=values, is_deterministic=True) for values in faults],
    )


def told(capsys: pytest.CaptureFixture[str], found: Recommendation, **options: Any) -> str:  # noqa: ANN401
    tell(found, options.pop("files", ()), FACTORS, host_key="windows 26100", **options)
    return capsys.readouterr().out


def test_the_set_its_evidence_its_files_and_what_is_newer_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    made = world()
    made.run(pick(AXES, engine="2"))
    files = [
        Download(value=value("engine", "2"), asset=Asset(name="e", url="https://x.test/e", digest="sha256:ab")),
        Download(value=value("plugin", "b"), asset=Asset(name="p", url="https://x.test/p")),
    ]

    text = told(capsys, recommend(AXES, made.judge(), ["runs"]), files=files)

    assert text.startswith("The newest set that works for runs on windows 26100:\n  engine=2 plugin=b\nWorks: 1 run")
    assert "Evidence: run 1. Fresh until 2027-02-21.\n" in text
    assert "Newer live versions that it leaves out: engine 1.\n" in text
    assert "How to install it: tracker recipe engine=2 plugin=b\n" in text
    assert "engine=2: https://x.test/e\n  sha256:ab\n" in text
    assert "plugin=b: https://x.test/p\n  no digest is published\n" in text
    assert "engine=3  yes       the rest of it  Untested: never run" in text
    assert "1 of them may still turn out to work" in text


def test_the_newest_of_all_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    made = world()
    made.run(pick(AXES))

    text = told(capsys, recommend(AXES, made.judge(), ["runs"]))

    assert "Every part of it is the newest." in text
    assert "NEWER" not in text


def test_what_else_a_newer_value_would_change_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    made = world(frozenset({value("engine", "3"), value("plugin", "a")}))
    for row in ({"engine": "2", "plugin": "a"}, {"plugin": "a"}, {"engine": "2", "plugin": "a"}):
        made.run(pick(AXES, **row))

    found = recommend(AXES, made.judge(), ["runs"])
    text = told(capsys, found)

    assert found.best == pick(AXES, engine="2", plugin="a")
    assert "engine=3  yes       plugin=b        Untested" in text


def test_the_smallest_change_is_told_or_that_none_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    made = world()
    made.run(pick(AXES, engine="1"))

    change = told(capsys, recommend(AXES, made.judge(), ["runs"], given=[value("engine", "2")]))
    none = told(capsys, recommend(AXES, made.judge(), ["runs"], given=[value("plugin", "b")]))

    assert "Smallest change of what is used now: engine=2 -> 1\n  engine=1 plugin=b\n" in change
    assert "What is used now works: engine=1 plugin=b\n" in none


def test_where_nothing_works_it_says_so_and_what_once_did(capsys: pytest.CaptureFixture[str]) -> None:
    made = world()
    made.run(pick(AXES))
    judgement = made.judge(now=made.now + MAX_AGE + timedelta(days=1))

    text = told(capsys, recommend(AXES, judgement, ["runs"]))
    held = told(capsys, recommend(AXES, judgement, ["runs"], held=[value("engine", "1")]), held=[value("engine", "1")])

    assert text.splitlines() == [
        "No set is known to work for runs on windows 26100.",
        "What once worked, with older files, an older test or long ago: engine=3 plugin=b",
    ]
    assert held.splitlines() == [
        "No set is known to work for runs on windows 26100 with engine=1.",
        "Why: tracker check engine=1",
    ]


def test_the_document_says_as_much_as_the_text() -> None:
    made = world(frozenset({value("engine", "3")}))
    made.settle(most_jobs=200)
    given = [value("engine", "3")]
    found = recommend(AXES, made.judge(), ["runs"], given=given)

    told_to_machines = document(found, (), host_key="h", given=given)

    assert told_to_machines["best"] == {"engine": "2", "plugin": "b"}
    assert told_to_machines["is_newest_of_all"] is True
    assert told_to_machines["change"] == {
        "combination": {"engine": "2", "plugin": "b"},
        "replaced": [{"factor": "engine", "given": "3", "instead": "2"}],
    }
    (newer,) = told_to_machines["newer"]
    assert (newer["value"], newer["verdict"], newer["is_open"]) == ("3", "broken", False)


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        pytest.param(["--need", "flies"], 2, "there is no capability 'flies'", id="a capability that is not there"),
        pytest.param([], 3, "tracker up", id="before the first pass"),
    ],
)
def test_what_cannot_be_answered_is_said(empty_box: Box, words: list[str], exit_code: int, said: str) -> None:
    (empty_box.directory / "tracker.toml").write_text('profile = "linux-containers"\n', encoding="utf-8")

    answered = empty_box.tracker("recommend", *words)

    assert answered.exit_code == exit_code
    assert said in answered.stderr
    assert not empty_box.home.exists()


@pytest.mark.machine
@pytest.mark.archive
def test_check_agrees_with_what_is_recommended(box: Box) -> None:
    answered = box.tracker("recommend", "--json")
    best = answered.json["best"]

    assert answered.exit_code == 0
    assert box.tracker("check", *(f"{name}={text}" for name, text in best.items())).exit_code == 0
    assert {one["factor"] for one in answered.json["downloads"]} == {"containerd", "runtime", "cni-plugins"}
    assert all(one["digest"].startswith("sha256:") for one in answered.json["downloads"])


@pytest.mark.machine
@pytest.mark.archive
def test_it_names_what_the_main_job_names_and_nothing_is_left_to_climb(box: Box) -> None:
    newest = box.tracker("up", "--json").json["newest_working"]["networks"]
    answered = box.tracker("recommend", "--json").json

    assert answered["best"] == newest
    assert all(one["sentence"] for one in answered["newer"])


@pytest.mark.machine
@pytest.mark.archive
def test_a_pin_that_does_not_work_is_led_to_the_nearest_set_that_does(box: Box) -> None:
    broken = next((one for one in box.tracker("recommend", "--json").json["newer"] if one["verdict"] == "broken"), None)
    if broken is None:
        pytest.skip("on this machine nothing that is newer is broken")

    answered = box.tracker("recommend", f"{broken['factor']}={broken['value']}", "--json").json

    assert [(one["factor"], one["given"]) for one in answered["change"]["replaced"]] == [
        (broken["factor"], broken["value"])
    ]
