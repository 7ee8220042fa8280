"""A page while it is being written: blocks of Markdown, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.render import ansi, escape, places
from tracker.render.escape import Md

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NOTHING = Md("\N{EN DASH}")
LOG = "log"
"""The language of a fenced block that holds a program's output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the site.

    Attributes:
        path: without suffix, relative to the site's root, with ``/``.
        title: plain text.
        parents: the pages above it, outermost first, as title and path; the front page is left out.
        body: Markdown; links to other pages are relative and end in ``.md``.
        coloured: the pieces of those fenced blocks that have colours, by what stands in the block.
        files: plain text that is published beside the page, by path relative to the site's root.
        scripts: files of the site that it runs, relative to the root; all others run none.
        uses_wasm: its scripts run WebAssembly and ask the site for files.
    """

    path: str
    title: str
    parents: tuple[tuple[str, str], ...] = ()
    body: str
    coloured: Mapping[str, tuple[ansi.Piece, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    uses_wasm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page that need not be made where it is published already, made from the same.

    Attributes:
        path: as that of the page.
        title: likewise.
        inputs: a text of all that the page is made from; the same in every process.
        make: makes the page of these, and of nothing else.
    """

    path: str
    title: str
    inputs: str
    make: Callable[[], Page]


class Document:
    """Collects the blocks of the page at ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._blocks: list[str] = []
        self._coloured: dict[str, tuple[ansi.Piece, ...]] = {}
        self._files: dict[str, str] = {}

    def link(self, label: Md, path: str, fragment: str = "") -> Md:
        """Return a link to another page of the site."""
        target = "" if path == self.path and fragment else places.relative(self.path, f"{path}.md")
        return Md(f"[{label}]({target}{f'#{fragment}' if fragment else ''})")

    def file_link(self, label: Md, name: str) -> Md:
        """Return a link to a file of the site that is no page."""
        return Md(f"[{label}]({places.relative(self.path, name)})")

    def heading(self, level: int, content: Md) -> None:
        """Add a heading."""
        self._blocks.append(f"{'#' * level} {content}")

    def paragraph(self, *sentences: Md) -> None:
        """Add a paragraph of ``sentences``; empty ones are left out, and no paragraph is added when all are."""
        content = " ".join(sentence for sentence in sentences if sentence)
        if content:
            self._blocks.append(content)

    def bullets(self, items: Iterable[Md]) -> None:
        """Add a list; nothing when it has no item."""
        content = "\n".join(f"- {item}" for item in items)
        if content:
            self._blocks.append(content)

    def table(self, header: Sequence[Md], rows: Iterable[Sequence[Md]]) -> None:
        """Add a table; empty cells show a dash."""
        lines = [header, ["---"] * len(header), *rows]
        self._blocks.append("\n".join(f"| {' | '.join(cell or NOTHING for cell in line)} |" for line in lines))

    def fence(self, words: str, language: str = "text") -> None:
        """Add hostile text as it is, in a fenced block."""
        self._blocks.append(escape.fence(words, language))

    def log(self, output: str) -> None:
        """Add a program's output: plain in the Markdown, in the colours of its escape sequences in the HTML."""
        pieces = ansi.pieces(output.strip("\n"))
        shown = "".join(piece.text for piece in pieces).strip("\n")
        self._blocks.append(escape.fence(shown, LOG))
        if any(piece.classes for piece in pieces):
            self._coloured[shown] = pieces

    def file(self, name: str, content: str) -> None:
        """Publish ``content`` as a file of plain text beside the page; ``name`` is relative to the site's root."""
        self._files[name] = content

    def page(self, title: str, *parents: tuple[str, str]) -> Page:
        """Return the finished page."""
        return Page(
            path=self.path,
            title=escape.one_line(title),
            parents=parents,
            body="\n\n".join(self._blocks) + "\n",
            coloured=self._coloured,
            files=self._files,
        )
