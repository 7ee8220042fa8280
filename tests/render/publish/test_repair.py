"""Failures, damage and kills: the published site stays whole, and the next publication repairs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.errors import RenderError
from tracker.render import manifest, publish

if TYPE_CHECKING:
    from tests.render.conftest import World
    from tests.render.publish.conftest import Inspector
    from tracker.protocols.site_page import SiteView


class Failing:
    name = "failing"
    title = "Failing"

    def markdown(self, view: SiteView) -> str:
        message = f"cannot say anything of {len(view.releases)} releases"
        raise LookupError(message)


def test_a_page_that_fails_leaves_the_published_site_untouched(
    inspect: Inspector, tmp_path: Path, small_world: World
) -> None:
    publish(small_world.snapshot(2), tmp_path)
    before, when = inspect.content(tmp_path), inspect.times(tmp_path)

    with pytest.raises(RenderError, match="cannot say anything of 12 releases"):
        publish(replace(small_world.snapshot(), plugin_pages=(Failing(),)), tmp_path)

    assert inspect.content(tmp_path) == before
    assert inspect.times(tmp_path) == when


def test_a_file_that_cannot_be_replaced_is_named_and_the_next_publication_completes(
    inspect: Inspector, tmp_path: Path, small_world: World
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
    fresh = inspect.pages(tmp_path / "fresh")
    assert {name: octets for name, octets in inspect.pages(tmp_path).items() if not name.startswith("fresh/")} == fresh


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
def test_whatever_was_damaged_is_repaired(
    inspect: Inspector, tmp_path: Path, small_world: World, damage: object
) -> None:
    snapshot = small_world.snapshot()
    publish(snapshot, tmp_path)
    whole = inspect.content(tmp_path)
    damage(tmp_path)  # type: ignore[operator]

    publish(snapshot, tmp_path)

    assert inspect.pages(tmp_path) == {name: octets for name, octets in whole.items() if not name.startswith(".")}
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
    inspect: Inspector, tmp_path: Path, small_world: World, runs: int, then: int
) -> None:
    publish(small_world.snapshot(runs), tmp_path / "before")
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    publish(small_world.snapshot(then), tmp_path / "after")
    old, new = inspect.pages(tmp_path / "before"), inspect.pages(tmp_path / "after")
    conftest = Path(__file__).parent.parent / "conftest.py"
    arguments = [str(conftest), str(tmp_path / "before"), str(tmp_path / "killed"), str(then)]

    subprocess.run([sys.executable, "-c", KILLER, *arguments], check=True, timeout=300)

    sites = list((tmp_path / "killed").iterdir())
    assert len(sites) > sum(old.get(name) != octets for name, octets in new.items())
    for site in sites:
        assert all(octets in (old.get(name), new.get(name)) for name, octets in inspect.pages(site).items())
        assert inspect.broken_links(site) == []
    for site in sites[::3]:
        publish(small_world.snapshot(then), site)
        assert inspect.pages(site) == new
