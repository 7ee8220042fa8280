"""Has Pagefind make an index of records: a program without network that reads a directory and writes another.

It comes as a package (the extra ``search``). Its own way of being asked record by record waits for each answer, which
takes minutes for thousands; so it is given a directory of small pages.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from html import escape as markup
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.render.search.records import Record

FOLDER = "pagefind"
_PACKAGE = "pagefind-bin"
_SECONDS = 600
_NEEDED = ("pagefind-entry.json", "pagefind.js", "pagefind-worker.js")
_NEEDED_SUFFIXES = (".pagefind", ".pf_meta", ".pf_fragment", ".pf_index")


def can_index() -> bool:
    """Whether Pagefind is installed."""
    try:
        version(_PACKAGE)
    except PackageNotFoundError:
        return False
    return True


def key(records: Sequence[Record]) -> str:
    """Return a digest of everything that the index depends on."""
    content = repr((version(_PACKAGE), Path(__file__).read_bytes(), records))
    return hashlib.sha256(content.encode()).hexdigest()


def make(records: Sequence[Record]) -> Mapping[str, bytes]:
    """Return the files of the index, by path relative to the site's root; the same for the same records.

    Raises:
        RenderError: Pagefind failed or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="tracker-search-") as directory:
        pages, made = Path(directory, "pages"), Path(directory, "made")
        for record in records:
            path = pages / f"{record.page}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_page(record), encoding="utf-8")
        _run(pages, made)
        found = {path.relative_to(made).as_posix(): path for path in sorted(made.rglob("*")) if path.is_file()}
        return {
            f"{FOLDER}/{name}": path.read_bytes()
            for name, path in found.items()
            if name in _NEEDED or path.suffix in _NEEDED_SUFFIXES
        }


def _page(record: Record) -> str:
    title = markup(record.title)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{markup(record.content)}</p></body></html>"
    )


def _run(pages: Path, made: Path) -> None:
    from pagefind_bin import get_executable

    arguments = ["--site", str(pages), "--output-path", str(made), "--keep-index-url", "--force-language", "en"]
    hint = "Without the package pagefind-bin the site is published without a search."
    try:
        done = subprocess.run(
            [str(get_executable()), *arguments, "--quiet"],
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            cwd=pages,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"pagefind: the search index cannot be made: {error}"
        raise RenderError(message, hint=hint) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = f"pagefind: the search index cannot be made: {said[-1] if said else f'exit code {done.returncode}'}"
        raise RenderError(message, hint=hint)
