"""Two factors across: every cell tells its verdict by shape and letter, how old it is, and leads to the evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.render.misfit_world import fault, misfit_world
from tracker.bundle import site_dir
from tracker.evidence.inference import infer
from tracker.model import Axis, Exclusion
from tracker.render import build, places, words
from tracker.render.html import PageRenderer
from tracker.render.knowledge import Knowledge
from tracker.render.pages import pairs

if TYPE_CHECKING:
    from tracker.render import Snapshot
    from tracker.render.document import Page

CELL = re.compile(r'\[([^\]]+)\]\(([^ )]+) "([^"]+)"\)')


def _page(snapshot: Snapshot, one: str, other: str) -> Page:
    return next(page for page in pairs.pages(Knowledge(snapshot)) if page.path == places.pair(one, other))


def _rows(page: Page, capability: str) -> list[str]:
    table = page.body.split(f"\n## {capability}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in table.splitlines() if line.startswith("| ")][2:]


def test_every_pair_of_factors_has_a_page_with_a_permanent_address(snapshot: Snapshot) -> None:
    found = {page.path for page in pairs.pages(Knowledge(snapshot))}

    assert "matrix/containerd-x-runtime" in found
    assert len(found) == 6
    matrix = next(page.body for page in build.pages(snapshot) if page.path == "matrix")
    assert all(f"]({path}.md)" in matrix for path in found)


def test_a_cell_tells_shape_letter_and_day_and_leads_to_its_evidence(snapshot: Snapshot) -> None:
    page = _page(snapshot, "containerd", "runtime")
    best = snapshot.newest_working["networks"]
    newest = next(row for row in _rows(page, "networks") if "`2.1.9`" in row)

    cells = {target: (label, told) for label, target, told in CELL.findall(newest)}
    label, told = cells[f"../{places.combination(best)}.md#networks"]
    assert label == "✓ W 11-23"
    assert told == "works, newest run 2026-11-23"
    assert all(re.match(r"\S [A-Z]i?(\\\\\\*)?( |$)", label) for label, _ in cells.values())


def test_a_pair_that_works_beside_other_parts_alone_has_a_star(snapshot: Snapshot) -> None:
    row = next(row for row in _rows(_page(snapshot, "containerd", "runtime"), "networks") if "`1.6.20`" in row)

    starred = [(target, told) for label, target, told in CELL.findall(row) if label.startswith("✓ W\\*")]
    assert [told for _, told in starred] == ["works, newest run 2026-11-23, with other parts"]
    working = {f"../{places.combination(one)}.md#networks" for one in snapshot.verdicts}
    assert starred[0][0] in working


def test_an_older_year_is_told(snapshot: Snapshot) -> None:
    best = snapshot.newest_working["networks"]
    verdict = snapshot.verdicts[best]["networks"]
    assert verdict.observed_at is not None
    old = replace(verdict, observed_at=verdict.observed_at.replace(year=2024))
    known = replace(snapshot, verdicts={**snapshot.verdicts, best: {**snapshot.verdicts[best], "networks": old}})

    assert "[✓ W 2024-11](" in _page(known, "containerd", "runtime").body


def test_values_that_never_meet_have_no_verdict(snapshot: Snapshot) -> None:
    never = Exclusion(one="containerd", other="runtime", reason="they never meet")
    known = replace(snapshot, profile=replace(snapshot.profile, exclusions=(never,)))

    assert all(row.count("| never meet ") == 6 for row in _rows(_page(known, "containerd", "runtime"), "networks"))


def test_an_inferred_cell_without_a_page_leads_to_the_proof() -> None:
    world = misfit_world(fault("runtime=b"))
    (culprit,) = world.culprits
    known = Knowledge(world)
    base = pairs.base_of(known)
    combination = base.replace(culprit.values[0])
    inferred = infer(combination, culprit.capability, world.culprits)
    assert inferred is not None
    fewer = {one: own for one, own in world.verdicts.items() if one != combination}
    told = replace(world, verdicts=fewer, cells={combination: {culprit.capability: inferred}})

    body = _page(told, "engine", "runtime").body

    assert f"](../{places.misfit(culprit.key)}.md#proof " in body
    assert "[✗ Bi 11-" in body


def test_fifty_by_fifty_cells_are_one_table_with_headings_that_stay(snapshot: Snapshot) -> None:
    wide = tuple(
        Axis(factor=axis.factor, values=tuple(axis.factor.value(f"1.{n}") for n in range(60)))
        for axis in snapshot.axes[:1] + snapshot.axes[2:3]
    )
    world = replace(snapshot, axes=(wide[0], *snapshot.axes[1:2], wide[1], *snapshot.axes[3:]))
    page = _page(world, "containerd", "cni-plugins")

    rows = _rows(page, "networks")
    html = PageRenderer(site_dir(), site_title="t", navigation=build.navigation(world)).html(page)

    assert len(rows) == pairs.MOST_VALUES
    assert all(len(CELL.findall(row)) == pairs.MOST_VALUES for row in rows)
    assert "\n## runs\n" not in page.body
    assert "10 older values not shown." in page.body
    assert '<div class="wide grid" role="group" tabindex="0"' in html
    assert html.count('<th scope="row">') == pairs.MOST_VALUES


@pytest.mark.parametrize("word", sorted(words.LETTERS))
def test_a_narrow_cell_has_the_colour_of_its_verdict(word: str) -> None:
    assert words.style_of(f"{words.SHAPES[word]} {words.LETTERS[word]} 11-23") == words.anchor(word)
    assert words.style_of(f"{words.SHAPES[word]} {words.LETTERS[word]}* 2024-11") == words.anchor(word)
