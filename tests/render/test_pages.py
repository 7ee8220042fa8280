"""What the pages say of a known world."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker.errors import RenderError
from tracker.model import Outcome, VerdictKind
from tracker.render import SiteLook, Snapshot, build, places, words
from tracker.render.knowledge import Knowledge

if TYPE_CHECKING:
    from tests.render.conftest import World
    from tracker.protocols.site_page import SiteView


@pytest.fixture(scope="module")
def bodies(snapshot: Snapshot) -> dict[str, str]:
    return {page.path: page.body for page in build.pages(snapshot)}


def section(body: str, title: str) -> str:
    return body.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_front_page_names_the_newest_set_that_does_everything(bodies: dict[str, str]) -> None:
    today = section(bodies["index"], "What to install today")

    for version in ("2.1.9+ds1-5", "runc@1.1.5+ds1-1+deb12u1", "1.9.1+ds1-1", "1.1.0"):
        assert f"`{version}`" in today
    assert "last on 2026-11-23" in today


def test_the_front_page_says_for_each_need_how_sure_and_how_fresh(bodies: dict[str, str], snapshot: Snapshot) -> None:
    table = section(bodies["index"], "For each need")

    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    needs = [need for row in rows for need in row.split(" | ")[0].removeprefix("| ").split(", ")]
    assert needs == list(reversed(snapshot.profile.required))
    assert all("[✓ works](combinations/" in row for row in rows)
    assert all(row.endswith("| 2026-11-23 | 2027-02-21 |") for row in rows)


def test_the_front_page_says_which_versions_tell_failing_sets_from_working_ones(bodies: dict[str, str]) -> None:
    table = section(bodies["index"], "What does not work, and why")

    assert "runtime `runc@1.4.3` or `runc@1.1.15` or `crun@1.28` or `crun@1.21` | 12 |" in table
    assert "containerd `1.7.24` or `1.6.20`, cni-plugins `1.9.1`, cni-spec `1.1.0` |" in table
    assert '`unsupported CNI result version "1.1.0"`' in table
    assert "cni-plugins `1.1.1+ds1-3+b17` or `1.1.1+ds1-3+b2`, cni-spec `1.1.0` |" in table


def test_failures_with_the_same_registered_cause_are_one_row(bodies: dict[str, str]) -> None:
    table = section(bodies["index"], "What does not work, and why")

    assert table.count("GLIBC_2.38") == 1


def test_upstreams_that_could_not_be_looked_at_are_named_with_a_way_to_the_health_page(bodies: dict[str, str]) -> None:
    told = section(bodies["index"], "New in the last week")

    named = next(line for line in told.splitlines() if "Could not be looked at" in line)
    assert "Debian sid" in named
    assert "Debian bookworm" not in named
    assert "(health.md)" in named


def test_the_matrix_has_a_cell_for_every_live_combination_and_capability(
    bodies: dict[str, str], snapshot: Snapshot
) -> None:
    known = Knowledge(snapshot)
    for combination, capability in (
        (combination, capability) for combination in snapshot.verdicts for capability in snapshot.profile.capabilities
    ):
        mark = words.mark(known.word(known.verdict(combination, capability)))
        cell = f"| [{mark}](combinations/{combination.slug}.md#{capability}) "
        assert cell in section(bodies["matrix"], capability)


def test_what_was_never_tried_is_visibly_untested(bodies: dict[str, str]) -> None:
    assert "[○ untested](combinations/" in bodies["matrix"]


def test_live_combinations_beyond_the_bound_are_shown_untested(snapshot: Snapshot) -> None:
    few = replace(snapshot, verdicts=dict(list(snapshot.verdicts.items())[:3]))

    body = next(page.body for page in build.pages(few) if page.path == "matrix")

    assert "[○ untested](method.md#untested)" in body
    assert "162 live combinations" in body


def test_a_failed_run_says_its_cause_before_anything_else(bodies: dict[str, str], snapshot: Snapshot) -> None:
    run = next(run for run in snapshot.runs if run.outcome is Outcome.FAIL and len(run.logs) == 1)
    cause = next(step.cause for step in run.steps if step.cause)
    body = bodies[places.run(run.id)]

    assert body.index(cause) < body.index("## Steps")
    assert all(step.name in body and step.log.strip() in body for step in run.steps)
    assert run.logs["containerd"].strip() in section(body, "Logs")
    assert all(digest in body for digest in (*run.artifacts.values(), run.key.scenario_digest, run.key.host_key))
    assert "| `kernel` | `6.18.5` |" in body


def test_a_step_that_was_not_reached_says_so(bodies: dict[str, str], snapshot: Snapshot) -> None:
    run = next(run for run in snapshot.runs if run.steps[0].outcome is Outcome.FAIL)

    assert bodies[places.run(run.id)].count("[○ not reached](../method.md#not-reached)") == 3


def test_a_combination_gives_its_evidence_and_commands_that_a_shell_takes_as_they_are(
    bodies: dict[str, str], snapshot: Snapshot
) -> None:
    combination = snapshot.newest_working["networks"]
    body = bodies[places.combination(combination)]
    recipe = next(line for line in body.splitlines() if line.startswith("tracker recipe "))

    assert set(shlex.split(recipe)[2:]) == {str(value) for value in combination}
    assert f"tracker check {recipe.removeprefix('tracker recipe ')}" in body
    for capability in snapshot.profile.capabilities:
        verdict = snapshot.verdicts[combination][capability]
        told = section(body, capability)
        assert verdict.kind is VerdictKind.WORKS
        assert verdict.sentence.replace("#", "\\#") in told
        assert verdict.would_change in told
        assert f"[run {verdict.runs[0]}](../runs/{verdict.runs[0]}.md)" in told


def test_a_release_shows_its_files_with_digests_and_what_it_was_tested_with(
    bodies: dict[str, str], snapshot: Snapshot
) -> None:
    release = snapshot.releases[0].release
    body = bodies[places.release(release.component, release.version)]

    assert release.assets[0].digest is not None
    assert release.assets[0].digest in body
    assert release.assets[0].url in body
    assert "26.1 MiB (27,400,212 B)" in body
    assert "First seen here 2026-11-23 21:04 UTC." in body
    assert "[✓ works](../combinations/" in section(body, "Tested with")


def test_a_component_shows_what_each_line_offers(bodies: dict[str, str]) -> None:
    body = bodies[places.component("containerd")]

    assert "| sid | [`2.1.9+ds1-5`](../releases/containerd@2.1.9+ds1-5.md) | 2.1.9 | sid | 2026-11-23 |" in body


def test_a_version_that_is_no_longer_offered_keeps_its_page(snapshot: Snapshot) -> None:
    first, *rest = snapshot.releases
    gone = replace(snapshot, releases=(replace(first, offers=()), *rest))

    found = {page.path: page.body for page in build.pages(gone)}

    assert first.release.version in section(found[places.component(first.release.component)], "No longer offered")
    assert places.release(first.release.component, first.release.version) in found


def test_only_the_health_page_knows_when_upstreams_were_looked_at(snapshot: Snapshot) -> None:
    later = replace(
        snapshot,
        looks=tuple(replace(look, looked_at=look.looked_at.replace(year=2031)) for look in snapshot.looks),
    )

    before = {page.path: page.body for page in build.pages(snapshot)}
    after = {page.path: page.body for page in build.pages(later)}

    assert [path for path in before if before[path] != after[path]] == ["health"]


def test_pages_are_the_same_whatever_the_order_in_which_verdicts_and_facts_are_given(snapshot: Snapshot) -> None:
    turned = replace(
        snapshot,
        verdicts=dict(reversed(list(snapshot.verdicts.items()))),
        host_facts=dict(reversed(list(snapshot.host_facts.items()))),
        components=dict(reversed(list(snapshot.components.items()))),
        plugin_pages=tuple(reversed(snapshot.plugin_pages)),
    )

    assert build.pages(turned) == build.pages(snapshot)


def test_news_and_what_the_first_look_found_are_told_apart(bodies: dict[str, str]) -> None:
    news, found = bodies["changes"].split("## Found by the first look")

    assert news.count(" released |") == 1
    assert found.count(" released |") == 12


def test_a_verdict_that_rests_on_other_combinations_is_called_inferred(snapshot: Snapshot) -> None:
    one, other = next(
        (one, other)
        for one, kinds in snapshot.verdicts.items()
        for other, others in snapshot.verdicts.items()
        if kinds["installs"].kind is VerdictKind.BROKEN and others["installs"].kind is VerdictKind.UNTESTED
    )
    inferred = replace(snapshot.verdicts[one]["installs"], combination=other, inferred_from=other.values[:1])
    known = Knowledge(replace(snapshot, verdicts={**snapshot.verdicts, other: {"installs": inferred}}))

    assert known.word(known.verdict(other, "installs")) == words.INFERRED
    assert known.word(known.verdict(one, "installs")) == VerdictKind.BROKEN


def test_an_empty_world_has_a_whole_site(snapshot: Snapshot) -> None:
    empty = Snapshot(
        title="Nothing yet",
        profile=snapshot.profile,
        components=snapshot.components,
        axes=tuple(replace(axis, values=()) for axis in snapshot.axes),
        host_key=snapshot.host_key,
        host_title=snapshot.host_title,
    )

    paths = {page.path for page in build.pages(empty)}

    assert {path for _, path in build.NAVIGATION} <= paths


def test_the_world_grows_only_what_a_run_concerns(world: World) -> None:
    before = {page.path: page.body for page in build.pages(world.snapshot(len(world.runs) - 1))}
    after = {page.path: page.body for page in build.pages(world.snapshot())}

    changed = {path for path in after if before.get(path) != after[path]}

    run = world.runs[-1]
    assert {places.run(run.id), places.combination(run.combination), "runs", "index", "matrix"} <= changed
    assert not any(path.startswith("runs/") for path in changed - {places.run(run.id)})


class Added:
    name = "support"
    title = "Support <table>"

    def markdown(self, view: SiteView) -> str:
        return f"{len(view.releases)} releases, {len(view.verdicts)} verdicts <script>x</script>\n"


class Broken(Added):
    def markdown(self, view: SiteView) -> str:
        return str(view.releases[len(view.releases)].version)


class Intruder(Added):
    name = "index"


class Escaping(Added):
    name = "../outside"


def test_a_plugin_adds_a_page_to_every_navigation(snapshot: Snapshot) -> None:
    added = replace(snapshot, plugin_pages=(Added(),))

    page = next(page for page in build.pages(added) if page.path == "support")

    assert page.body.startswith("# Support \\<table\\>\n\n12 releases, 648 verdicts")
    assert ("Support <table>", "support") in build.navigation(added)


@pytest.mark.parametrize("page", [Broken(), Intruder(), Escaping()], ids=["raises", "taken name", "path as a name"])
def test_a_plugin_page_that_cannot_be_made_fails_the_build_and_is_named(snapshot: Snapshot, page: Added) -> None:
    with pytest.raises(RenderError, match=r"plugin .*test_pages") as caught:
        build.pages(replace(snapshot, plugin_pages=(page,)))

    assert caught.value.hint


def test_hostile_names_versions_notes_and_logs_stay_text(snapshot: Snapshot) -> None:
    nasty = "<img src=x onerror=alert(1)>|`[a](javascript:x)`\n# heading ``` \x1b[2J"
    first, *rest = snapshot.releases
    hostile = replace(
        first, release=replace(first.release, version=nasty, upstream_version=nasty, notes=nasty, url=nasty, line=nasty)
    )
    step = replace(snapshot.runs[0].steps[0], name=nasty, reason=nasty, cause=nasty, log=nasty, outcome=Outcome.FAIL)
    run = replace(snapshot.runs[0], steps=(step,), environment={nasty: nasty}, artifacts={nasty: nasty}, reason=nasty)
    look = SiteLook(
        source=nasty, target=nasty, title=nasty, looked_at=snapshot.looks[0].looked_at, result="x", message=nasty
    )
    world = replace(
        snapshot,
        title=nasty,
        host_title=nasty,
        releases=(hostile, *rest),
        runs=(replace(run, logs={nasty: nasty}), *snapshot.runs[1:]),
        looks=(look,),
    )

    from tracker.bundle import site_dir
    from tracker.render.html import PageRenderer

    renderer = PageRenderer(site_dir(), site_title=world.title, navigation=build.navigation(world))
    for page in build.pages(world):
        html = renderer.html(page)
        assert re.findall(r'<img (?!class="drawing" src="[a-z-]+\.svg" alt="[^"]*">|src="[./]*icon\.svg")', html) == []
        assert 'javascript:x"' not in html
        assert "\x1b" not in html
