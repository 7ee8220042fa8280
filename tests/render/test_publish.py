"""Publication: whole at every instant, nothing rewritten without need, repaired after a kill."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tracker.errors import RenderError
from tracker.render import Published, Snapshot, manifest, publish

if TYPE_CHECKING:
    from tests.render.conftest import World
    from tracker.protocols.site_page import SiteView

HTML_LINK = r'href="([^"]*)"'
MARKDOWN_LINK = r"\]\(<?([^)>]*)>?\)"


def content(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def pages(site: Path) -> dict[str, bytes]:
    return {name: octets for name, octets in content(site).items() if not name.startswith(".")}


def times(site: Path) -> dict[str, int]:
    return {path.as_posix(): path.stat().st_mtime_ns for path in site.rglob("*")}


def links(name: str, text: str) -> list[tuple[str, str, str]]:
    """Return the links of a page that stay in the site: as written, the file, the fragment."""
    found = []
    for target in re.findall(HTML_LINK if name.endswith(".html") else MARKDOWN_LINK, text):
        parts = urlsplit(target)
        if not parts.scheme:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            found.append((target, file if parts.path else name, parts.fragment))
    return found


def broken_links(site: Path) -> list[str]:
    """Return the links that a reader can come by from the front pages, in HTML or Markdown, and that lead nowhere."""
    files = pages(site)
    anchors = {name: set(re.findall(r' id="([^"]*)"', octets.decode())) for name, octets in files.items()}
    seen: set[str] = set()
    broken: list[str] = []
    waiting = ["index.html", "index.md"]
    while waiting:
        name = waiting.pop()
        if name in seen or not name.endswith((".html", ".md")):
            continue
        seen.add(name)
        for target, file, fragment in links(name, files[name].decode()):
            waiting += [file] if file in files else []
            html = f"{file.removesuffix('.md')}.html" if file.endswith(".md") else file
            if file not in files or (fragment and html in files and fragment not in anchors[html]):
                broken.append(f"{name}: {target}")
    return broken


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot) -> Path:
    directory = tmp_path_factory.mktemp("published") / "site"
    publish(snapshot, directory)
    return directory


def test_all_links_lead_somewhere_in_html_and_in_markdown(site: Path) -> None:
    assert broken_links(site) == []


def test_every_page_is_there_as_html_and_as_markdown_and_they_know_each_other(site: Path) -> None:
    files = pages(site)
    html = {name.removesuffix(".html") for name in files if name.endswith(".html")}
    markdown = {name.removesuffix(".md") for name in files if name.endswith(".md")}

    assert html == markdown
    for name in html:
        twin = posixpath.basename(name)
        assert f'href="{twin}.md"' in files[f"{name}.html"].decode()
        assert f"[As HTML]({twin}.html)" in files[f"{name}.md"].decode()


def test_publishing_the_same_again_touches_no_file(tmp_path: Path, snapshot: Snapshot) -> None:
    first = publish(snapshot, tmp_path)
    before, when = content(tmp_path), times(tmp_path)

    again = publish(snapshot, tmp_path)

    assert again == Published(written=0, unchanged=first.written, removed=0)
    assert content(tmp_path) == before
    assert times(tmp_path) == when


def test_two_sites_of_the_same_snapshot_have_the_same_bytes(tmp_path: Path, site: Path, snapshot: Snapshot) -> None:
    publish(snapshot, tmp_path)

    assert pages(tmp_path) == pages(site)


def test_a_look_that_found_nothing_new_touches_no_file(tmp_path: Path, snapshot: Snapshot) -> None:
    publish(snapshot, tmp_path)
    when = times(tmp_path)
    later = tuple(replace(look, looked_at=look.looked_at.replace(minute=40)) for look in snapshot.looks)
    told = replace(later[0], result="no news")

    publish(replace(snapshot, looks=(told, *later[1:])), tmp_path)

    assert times(tmp_path) == when


def test_a_watcher_that_is_alive_renews_the_health_files_alone(tmp_path: Path, snapshot: Snapshot) -> None:
    publish(snapshot, tmp_path)
    before = pages(tmp_path)
    later = tuple(replace(look, looked_at=look.looked_at.replace(hour=23)) for look in snapshot.looks)

    published = publish(replace(snapshot, looks=later), tmp_path)

    assert published.written == 3
    after = pages(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"health.html", "health.json", "health.md"}


def test_a_new_run_writes_what_it_concerns_and_nothing_else(tmp_path: Path, world: World) -> None:
    publish(world.snapshot(len(world.runs) - 1), tmp_path)
    before, when = pages(tmp_path), times(tmp_path)

    published = publish(world.snapshot(), tmp_path)

    after = pages(tmp_path)
    changed = {name for name in after if after[name] != before.get(name)}
    assert published.written == len(changed)
    assert published.unchanged > len(changed)
    assert all(
        times(tmp_path)[(tmp_path / name).as_posix()] == when[(tmp_path / name).as_posix()]
        for name in after
        if name not in changed
    )


def test_pages_that_vanish_from_the_snapshot_vanish_from_the_site(tmp_path: Path, small_world: World) -> None:
    publish(small_world.snapshot(), tmp_path)

    published = publish(small_world.snapshot(0), tmp_path)

    assert published.removed == 2 * len(small_world.runs)
    assert not (tmp_path / "runs").exists()
    assert broken_links(tmp_path) == []


def test_files_that_are_not_ours_stay(tmp_path: Path, small_world: World) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "own.txt").write_text("mine", encoding="utf-8")
    publish(small_world.snapshot(), tmp_path)

    publish(small_world.snapshot(0), tmp_path)

    assert (tmp_path / "runs" / "own.txt").read_text(encoding="utf-8") == "mine"


class Failing:
    name = "failing"
    title = "Failing"

    def markdown(self, view: SiteView) -> str:
        message = f"cannot say anything of {len(view.releases)} releases"
        raise LookupError(message)


def test_a_page_that_fails_leaves_the_published_site_untouched(tmp_path: Path, small_world: World) -> None:
    publish(small_world.snapshot(2), tmp_path)
    before, when = content(tmp_path), times(tmp_path)

    with pytest.raises(RenderError, match="cannot say anything of 12 releases"):
        publish(replace(small_world.snapshot(), plugin_pages=(Failing(),)), tmp_path)

    assert content(tmp_path) == before
    assert times(tmp_path) == when


def test_a_file_that_cannot_be_replaced_is_named_and_the_next_publication_completes(
    tmp_path: Path, small_world: World
) -> None:
    publish(small_world.snapshot(2), tmp_path)
    obstacle = tmp_path / "runs" / "4.html"
    (obstacle / "inside").mkdir(parents=True)

    with pytest.raises(RenderError, match="cannot be written"):
        publish(small_world.snapshot(), tmp_path)

    (obstacle / "inside").rmdir()
    obstacle.rmdir()
    publish(small_world.snapshot(), tmp_path)
    publish(small_world.snapshot(), tmp_path / "fresh")
    fresh = pages(tmp_path / "fresh")
    assert {name: octets for name, octets in pages(tmp_path).items() if not name.startswith("fresh/")} == fresh


@pytest.mark.parametrize(
    "damage",
    [
        lambda site: (site / "index.html").write_bytes(b""),
        lambda site: (site / "matrix.md").write_bytes(b"half a pag"),
        lambda site: (site / "health.json").write_bytes(b'{"looks": ['),
        lambda site: (site / "style.css").unlink(),
        lambda site: (site / manifest.NAME).write_bytes(b"{"),
        lambda site: (site / manifest.NAME).unlink(),
        lambda site: (site / ".tracker-staging" / "runs").mkdir(parents=True),
    ],
    ids=["emptied", "cut off", "health cut off", "removed", "manifest cut off", "no manifest", "leftover staging"],
)
def test_whatever_was_damaged_is_repaired(tmp_path: Path, small_world: World, damage: object) -> None:
    snapshot = small_world.snapshot()
    publish(snapshot, tmp_path)
    whole = content(tmp_path)
    damage(tmp_path)  # type: ignore[operator]

    publish(snapshot, tmp_path)

    assert pages(tmp_path) == {name: octets for name, octets in whole.items() if not name.startswith(".")}
    assert not (tmp_path / ".tracker-staging").exists()
    assert publish(snapshot, tmp_path).written == 0


def test_a_manifest_that_names_files_elsewhere_removes_none_of_them(tmp_path: Path, small_world: World) -> None:
    snapshot = small_world.snapshot()
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    site = tmp_path / "site"
    publish(snapshot, site)
    entry = manifest.Entry("", 4, 0)
    forged = dict.fromkeys(("../outside.txt", str(outside), "a/../../outside.txt", "..\\outside.txt"), entry)
    (site / manifest.NAME).write_bytes(manifest.Manifest(forged).encode())

    assert publish(snapshot, site).removed == 0
    assert outside.read_text(encoding="utf-8") == "mine"


KILLER = """
import importlib.util, os, shutil, signal, sys
from pathlib import Path
from tracker.render import publish

conftest, before, after, runs = sys.argv[1:]
spec = importlib.util.spec_from_file_location("world_of_tests", conftest)
module = importlib.util.module_from_spec(spec)
sys.modules["world_of_tests"] = module
spec.loader.exec_module(module)
snapshot = module.build_world(4).snapshot(int(runs))
left = [-1]

def die(event, arguments):
    if event in {"os.rename", "os.remove"} and left[0] >= 0:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
instant, killed = 0, True
while killed:
    site = Path(after, str(instant))
    shutil.copytree(before, site)
    child = os.fork()
    if not child:
        left[0] = instant
        publish(snapshot, site)
        os._exit(0)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    instant += 1
"""


@pytest.mark.parametrize(("runs", "then"), [(2, 4), (4, 2)], ids=["the site grows", "the site shrinks"])
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_killed_at_any_instant_every_file_is_whole_and_every_link_leads_somewhere(
    tmp_path: Path, small_world: World, runs: int, then: int
) -> None:
    publish(small_world.snapshot(runs), tmp_path / "before")
    publish(small_world.snapshot(then), tmp_path / "after")
    old, new = pages(tmp_path / "before"), pages(tmp_path / "after")
    conftest = Path(__file__).with_name("conftest.py")
    arguments = [str(conftest), str(tmp_path / "before"), str(tmp_path / "killed"), str(then)]

    subprocess.run([sys.executable, "-c", KILLER, *arguments], check=True, timeout=120)

    sites = list((tmp_path / "killed").iterdir())
    assert len(sites) > sum(old.get(name) != octets for name, octets in new.items())
    for site in sites:
        assert all(octets in (old.get(name), new.get(name)) for name, octets in pages(site).items())
        assert broken_links(site) == []
    for site in sites[::3]:
        publish(small_world.snapshot(then), site)
        assert pages(site) == new
