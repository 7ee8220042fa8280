"""The page of what does not fit: the proof, run by run, in fair words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tests.render.misfit_world import fault, misfit_world
from tracker.evidence.predictions import Prediction, Standing
from tracker.model import Condition, Declaration, DeclarationKind, Expectation, PullRequest, PullState, Waiver
from tracker.render import build, places
from tracker.render.document import NOTHING
from tracker.render.knowledge import Knowledge
from tracker.render.pages import misfit, misfits

if TYPE_CHECKING:
    from tracker.render.snapshot import Snapshot


def _list(snapshot: Snapshot) -> str:
    return misfits.page(Knowledge(snapshot)).body


def _body(snapshot: Snapshot) -> str:
    (page,) = misfit.pages(Knowledge(snapshot))
    return page.body


def test_a_proof_shows_both_failures_the_twin_and_what_clears_the_rest() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    body = _body(snapshot)

    assert body.startswith("# engine `3` with spec `z`\n")
    assert f"[engine `3` with spec `z`]({places.misfit(culprit.key)}.md)" in _list(snapshot)
    assert "**Proved.**" in body
    assert culprit.second is not None
    for witness in (culprit.failure, culprit.second):
        assert f"run {witness.runs[0]}" in body
    assert "which shares nothing else with the first" in body
    assert "The nearest combination that passes: run " in body
    assert "| engine `3` with runtime " in body


def test_a_part_alone_tells_with_how_many_it_was_tried() -> None:
    assert "Tried with 6 of 6 partners." in _body(misfit_world(fault("runtime=b")))


def test_where_all_fits_that_is_said() -> None:
    assert "Nothing is known not to fit." in _list(misfit_world())


def test_the_lines_of_upstreams_cannot_write_on_the_page() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    hostile = replace(snapshot.culprits[0], cause="```\n<script>alert(1)</script>", sentence="<img src=x> [a](b)")
    body = _body(replace(snapshot, culprits=(hostile,)))

    assert "\\<img src=x" in body
    assert "[a](b)" not in body
    # The line of the log cannot end its own block: the fence around it is longer.
    assert "````text\n```\n<script>alert(1)</script>\n````" in body


def test_since_when_a_part_does_not_fit_is_two_clicks_from_the_front_page() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    page = places.misfit(culprit.key)

    pages = {one.path: one.body for one in build.pages(snapshot)}

    assert f"[engine `3` with spec `z`]({page}.md) | networks | {culprit.since:%Y-%m-%d} |" in pages["index"]
    for value in culprit.values:
        if value.component:
            assert f"(../{page}.md)" in pages[places.component(value.component)]
    assert f"(../{page}.md)" in pages[places.combination(culprit.failure.combination)]


def test_the_address_of_a_misfit_depends_on_nothing_but_what_does_not_fit() -> None:
    assert places.misfit("networks: engine=3 spec=z") == "misfits/networks__engine_3_spec_z-6e94c347"


def test_a_misfit_names_the_last_good_and_the_first_bad_version_with_what_lies_around() -> None:
    body = _body(misfit_world(fault("engine=3", "spec=z")))

    assert "Last good: `2`. First bad: `3`, the very next one." in body
    table = body.split("## Since which engine\n", 1)[1]
    assert f"(first bad) | {NOTHING} | [✗ broken](../combinations/" in table
    assert f"(last good) | {NOTHING} | [✓ works](../combinations/" in table


def test_the_block_for_upstream_has_versions_commits_the_compare_link_and_the_address_of_the_proof() -> None:
    snapshot = replace(misfit_world(fault("engine=3", "spec=z")), address="https://site.example/tracker/")
    (culprit,) = snapshot.culprits
    block = _body(snapshot).split("## Tell upstream\n", 1)[1]

    assert "`networks` does not work on a host" in block
    assert f"- engine 3 (commit {'33'.ljust(40, '0')})" in block
    assert "engine: last good 2, first bad 3." in block
    assert "https://forge.example/owner/engine/compare/v2...v3" in block
    assert f"https://site.example/tracker/{places.misfit(culprit.key)}.html" in block


def test_what_is_known_upstream_is_linked_with_its_state() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    declared = Declaration(
        id="d",
        kind=DeclarationKind.RULE,
        expectation=Expectation.FAILS,
        conditions=(Condition(name="engine", any_of=("3",)),),
        capability="networks",
        sentence="engine 3 writes what nobody reads.",
        provenance="owner/engine#7",
    )
    pull = PullRequest(
        component="engine",
        repository="owner/engine",
        number=7,
        title="Read it",
        state=PullState.OPEN,
        head="a" * 40,
        url="https://forge.example/owner/engine/pull/7",
    )
    told = Prediction(declaration=declared, standing=Standing.CONFIRMED, agreeing=culprit.failure.runs)

    body = _body(replace(snapshot, predictions=(told,), sightings=(pull,)))

    assert "engine 3 writes what nobody reads. predicted by a rule: owner/engine\\#7" in body
    assert "](<https://forge.example/owner/engine/pull/7>) (open)" in body


def test_a_reader_is_told_where_a_mistake_is_reported() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))

    assert "Is this wrong?" not in _body(snapshot)
    assert "[Say so there](<https://site.example/issues>)" in _body(
        replace(snapshot, report="https://site.example/issues")
    )
    assert "Write to `us@site.example`" in _body(replace(snapshot, report="mailto:us@site.example"))


def test_a_waiver_stands_beside_the_verdict() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    waiver = Waiver(values=culprit.values, reason="we know", until=date(2027, 1, 1))

    pages = {one.path: one.body for one in build.pages(replace(snapshot, waivers=(waiver,)))}

    for page in (places.misfit(culprit.key), places.combination(culprit.failure.combination)):
        assert "Accepted by a person until 2027-01-01: we know" in pages[page]
    assert "we know" in pages["corrections"]


def test_the_short_reproduction_of_a_scenario_stands_below_its_own_heading() -> None:
    snapshot = misfit_world(fault("engine=3", "spec=z"))
    (culprit,) = snapshot.culprits
    told = "# Fails\n\n```sh\n# a comment\nrun it\n```\n"

    body = _body(replace(snapshot, reproductions={culprit.key: told}))

    assert "\n### Fails\n\n```sh\n# a comment\nrun it\n```" in body
