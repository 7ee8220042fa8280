"""A site of 5,000 pages, beside MkDocs on the same Markdown, and again after one new run.

Usage: ``python benchmarks/site_mkdocs.py [PAGES]`` (about 5,000 unless told otherwise).

The world is the one of the tests with more versions of containerd, each combination run twice. What is measured is the
engine: from the snapshot to the files on disk; judging has a benchmark of its own. MkDocs is installed into a scratch
environment, unless this one has it. It gets our Markdown files as they are, a navigation of the main pages, and no
search, so that both do the same: parse, put into a template, write. Times are processor seconds (user and system) of
the process and of what it starts. The budgets of ``design.md``: no slower than MkDocs; after one new run 20 times
faster than a full build, and nothing written but what changed.
"""

from __future__ import annotations

import gc
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
import venv
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.render.conftest import VERSIONS, World, _axes, _run
from tracker.model import Combination
from tracker.render import publish
from tracker.render.build import pages as pages_of
from tracker.render.knowledge import Knowledge
from tracker.render.search import index
from tracker.render.search.index import can_index
from tracker.render.search.records import records

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.render import Snapshot

FASTER = 20
_PER_CONTAINERD = 54 * 3  # combinations of one of its versions, with a page for each and for each of two runs


def build(count: int) -> World:
    """Return a world of about ``count`` pages; all its combinations were run twice."""
    wanted = max(4, count // _PER_CONTAINERD)
    known = VERSIONS["containerd"]
    known += [(f"2.0.{number}+ds1-1", f"2.0.{number}", "sid") for number in range(wanted - len(known), 0, -1)]
    rows = [Combination.of(row) for row in product(*(axis.values for axis in _axes()))]
    runs = tuple(_run(number, one) for number, one in enumerate([*rows, *rows], start=1))
    return World(tuple(rows), runs)


def measured(work: Callable[[], object]) -> tuple[float, object]:
    """Return the processor seconds that ``work`` and the processes that it starts take, and what it returns."""
    gc.collect()
    before = time.process_time() + _children()
    done = work()
    return time.process_time() + _children() - before, done


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def mkdocs(home: Path) -> list[str]:
    """Return how MkDocs is started."""
    if importlib.util.find_spec("mkdocs"):
        return [sys.executable, "-m", "mkdocs"]
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "mkdocs==1.6.1"], check=True)
    return [str(python), "-m", "mkdocs"]


def mkdocs_seconds(home: Path, site: Path) -> float:
    """Return what MkDocs takes for the Markdown of ``site``."""
    program = mkdocs(home)
    docs = home / "docs"
    for path in site.rglob("*.md"):
        target = docs / path.relative_to(site)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    main = "\n".join(f"  - {name}.md" for name in ("index", "matrix", "components", "runs", "changes", "health"))
    settings = "site_name: x\nplugins: []\nuse_directory_urls: false\nvalidation: {nav: {omitted_files: ignore}}\n"
    (home / "mkdocs.yml").write_text(f"{settings}nav:\n{main}\n", encoding="utf-8")
    command = [
        *program,
        "build",
        "--quiet",
        "--config-file",
        str(home / "mkdocs.yml"),
        "--site-dir",
        str(home / "made"),
    ]
    return measured(lambda: subprocess.run(command, check=True, cwd=home, capture_output=True))[0]


def states(site: Path) -> dict[str, tuple[int, int]]:
    """Return what tells a file that was written from one that was not."""
    stats = {path: path.stat() for path in site.rglob("*") if path.is_file()}
    return {path.relative_to(site).as_posix(): (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}


def costs(earlier: Snapshot, later: Snapshot, site: Path) -> tuple[float, float, int, int]:
    """Return the seconds of a full build and of one after a new run, how many files that wrote, and the pages."""
    full, _ = measured(lambda: publish(earlier, site))
    before = states(site)
    again, done = measured(lambda: publish(later, site))
    after = states(site)
    changed = sum(after[name] != before.get(name) for name in after if not name.startswith("."))
    if changed != done.written:  # type: ignore[attr-defined]
        message = f"{changed} files were touched, and {done.written} are told"  # type: ignore[attr-defined]
        raise SystemExit(message)
    return full, again, changed, sum(name.endswith(".html") for name in after)


def index_seconds(snapshot: Snapshot) -> float:
    """Return what an index of the whole site takes."""
    pages = {page.path: page for page in pages_of(snapshot, can_search=True)}
    found = records(Knowledge(snapshot), pages)
    return measured(lambda: index.make(found))[0]


def main() -> None:
    """Measure, print a table, and end with 1 when a budget is broken."""
    world = build(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    earlier, later = world.snapshot(len(world.runs) - 1), world.snapshot(len(world.runs))
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        full, again, changed, pages = costs(earlier, later, home / "site")
        unchanged, _ = measured(lambda: publish(later, home / "site"))
        yardstick = mkdocs_seconds(home, home / "site")
        print(f"{pages} pages                    processor seconds")
        print(f"MkDocs                     {yardstick:>8.2f}")
        print(f"full build                 {full:>8.2f}   {full / yardstick:.2f} of MkDocs")
        print(f"after one new run          {again:>8.2f}   {full / again:.1f} times faster; {changed} files written")
        print(f"nothing new                {unchanged:>8.2f}")
        if can_index():
            print(f"an index to search         {index_seconds(later):>8.2f}   made only when a name in it changes")
    sys.exit(0 if full <= yardstick and full / again >= FASTER else 1)


if __name__ == "__main__":
    main()
