"""The page of what does not fit: the proof, run by run, in fair words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.evidence.test_rules import AXES, EXERCISES, fault
from tests.evidence.world import World
from tracker.render.knowledge import Knowledge
from tracker.render.pages import misfits
from tracker.render.snapshot import Snapshot

if TYPE_CHECKING:
    from tests.evidence.world import Fault


def _snapshot(*faults: Fault) -> Snapshot:
    world = World(axes=AXES, exercises=EXERCISES, faults=faults)
    world.settle(most_jobs=120)
    judgement = world.judge()
    return Snapshot(
        title="t",
        profile=world.profile,
        components={},
        axes=AXES,
        host_key="host=h",
        host_title="a host",
        verdicts=judgement.verdicts,
        culprits=judgement.culprits,
        suspicions=judgement.suspicions,
    )


def _body(snapshot: Snapshot) -> str:
    return misfits.page(Knowledge(snapshot)).body


def test_a_proof_shows_both_failures_the_twin_and_what_clears_the_rest() -> None:
    snapshot = _snapshot(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    body = _body(snapshot)

    assert "## engine `3` with spec `z`" in body
    assert "**Proved.**" in body
    assert culprit.second is not None
    for witness in (culprit.failure, culprit.second):
        assert f"run {witness.runs[0]}" in body
    assert "which shares nothing else with the first" in body
    assert "The nearest combination that passes: run " in body
    assert "| engine `3` with runtime " in body


def test_a_part_alone_tells_with_how_many_it_was_tried() -> None:
    assert "Tried with 6 of 6 partners." in _body(_snapshot(fault("runtime=b")))


def test_where_all_fits_that_is_said() -> None:
    assert "Nothing is known not to fit." in _body(_snapshot())


def test_the_lines_of_upstreams_cannot_write_on_the_page() -> None:
    snapshot = _snapshot(fault("engine=3", "spec=z"))
    hostile = replace(snapshot.culprits[0], cause="```\n<script>alert(1)</script>", sentence="<img src=x> [a](b)")
    body = _body(replace(snapshot, culprits=(hostile,)))

    assert "\\<img src=x" in body
    assert "[a](b)" not in body
    # The line of the log cannot end its own block: the fence around it is longer.
    assert "````text\n```\n<script>alert(1)</script>\n````" in body
