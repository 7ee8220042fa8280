"""Markdown to HTML, inside the site's template.

One parser for all pages. Raw HTML stays text, images are not loaded, links lead to web addresses or inside the site.
The meaning that HTML adds is put on the parsed tokens: classes for verdict marks, ``.html`` for links to pages,
identifiers for headings; a plain Markdown viewer shows the same page without them.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup

from tracker.render import blocks, escape, places, words
from tracker.render.assets import Assets
from tracker.render.blocks import COLOURED, IS_GRID
from tracker.render.document import Draft
from tracker.render.machine.feeds import for_page

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

    from tracker.render.document import Page

TEMPLATE = "page.html.j2"
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WEB = ("http://", "https://")
_PAGE_LINK = re.compile(r"\.md(?=#|$)")
_GRIDS = f"{places.MATRIX}/"
_PICTURE = re.compile(r"[\w.~+@/-]+\.svg")
_NO_ANCHOR = re.compile(r"[^\w\- ]")


class PageRenderer:
    """Renders pages of one build.

    Args:
        templates: directory of the template and of the files that pages load.
        site_title: shown on each page.
        navigation: title and path of the pages that every page links to.
        feeds: titles of the feeds that there are, by file.
    """

    def __init__(
        self,
        templates: Path | Assets,
        *,
        site_title: str,
        navigation: Sequence[tuple[str, str]],
        feeds: Mapping[str, str] | None = None,
    ) -> None:
        self._parser = parser()
        assets = templates if isinstance(templates, Assets) else Assets(templates)
        self._template = assets.environment().get_template(TEMPLATE)
        self._feeds = dict(feeds or {})
        self._site_title = escape.one_line(site_title)
        self._navigation = tuple(navigation)
        self._digest = f"{_digest_of_program()} {assets.digest()}"

    def key(self, page: Page | Draft) -> str:
        """Return a digest of everything that the page's files depend on."""
        around = (self._digest, self._site_title, self._navigation, for_page(page.path, self._feeds))
        if isinstance(page, Draft):
            content = repr((around, page.path, page.inputs))
            return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        own = (page.path, page.title, page.parents, page.body, sorted(page.coloured.items()), page.scripts)
        content = repr((around, own, page.uses_wasm))
        return hashlib.sha256(content.encode()).hexdigest()

    def html(self, page: Page) -> str:
        """Return the whole HTML file."""

        def link(file: str) -> str:
            return places.relative(page.path, file)

        section = page.parents[0][1] if page.parents else page.path
        return self._template.render(
            page=page,
            site_title=self._site_title,
            navigation=self._navigation,
            section=section,
            link=link,
            front=places.FRONT,
            feeds=for_page(page.path, self._feeds),
            content=Markup(self._parser.render(page.body, self._environment(page))),  # noqa: S704 - the parser escapes everything
        )

    @staticmethod
    def _environment(page: Page) -> dict[str, object]:
        return {COLOURED: page.coloured, IS_GRID: page.path.startswith(_GRIDS)}


def _digest_of_program() -> str:
    digest = hashlib.sha256()
    for library in ("markdown-it-py", "jinja2"):
        digest.update(f"{library} {version(library)}\n".encode())
    own = Path(__file__).parent
    for directory in (own, own.with_name("model")):
        for path in sorted(directory.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class _SafeMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Web addresses, and places inside the site; ``//host`` is neither."""
        flat = url.strip().lower()
        return flat.startswith(_WEB) or not (flat.startswith(("/", "\\")) or _SCHEME.match(flat))


def parser() -> MarkdownIt:
    """Return a parser for pages: CommonMark and tables, no raw HTML, no images but the site's own drawings."""
    markdown = _SafeMarkdown("commonmark", {"html": False}).enable("table")
    markdown.core.ruler.push("site", _annotate)
    markdown.add_render_rule("image", _image)
    blocks.add_to(markdown)
    return markdown


def _annotate(state: StateCore) -> None:
    taken: set[str] = set()
    heading = ""
    for position, token in enumerate(state.tokens):
        if token.type == "heading_open":
            children = state.tokens[position + 1].children or []
            heading = _shown(children)
            token.attrSet("id", _anchor(heading, taken))
        elif token.type in {"table_open", "fence", "code_block"}:
            token.meta["heading"] = heading
        elif token.type == "inline":
            _annotate_links(token.children or [])


def _shown(children: Sequence[Token]) -> str:
    return "".join(child.content for child in children if child.type in {"text", "code_inline", "text_special"})


def _anchor(heading: str, taken: set[str]) -> str:
    """As GitHub does it, so that fragments work in Markdown viewers too."""
    name = _NO_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-") or "section"
    anchor, number = name, 0
    while anchor in taken:
        number += 1
        anchor = f"{name}-{number}"
    taken.add(anchor)
    return anchor


def _annotate_links(children: Sequence[Token]) -> None:
    for position, token in enumerate(children):
        if token.type != "link_open":
            continue
        target = str(token.attrGet("href") or "")
        if _SCHEME.match(target):
            token.attrSet("rel", "external nofollow noopener noreferrer")
            continue
        token.attrSet("href", _PAGE_LINK.sub(".html", target))
        mark = _mark(children[position + 1 :])
        if mark:
            token.attrJoin("class", f"mark mark-{mark}")


def _mark(inside: Sequence[Token]) -> str:
    """Foreign words never stand in a link to a page as plain text: they are code there, so they cannot pose as one."""
    shown = list(takewhile(lambda token: token.type != "link_close", inside))
    if not shown or any(token.type not in {"text", "text_special"} for token in shown):
        return ""
    return words.style_of("".join(token.content for token in shown))


def _image(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """A drawing of the site's own; of any other picture the words alone."""
    words_of_it = self.renderInlineAsText(tokens[idx].children or [], options, env)
    source = str(tokens[idx].attrGet("src") or "")
    if not _PICTURE.fullmatch(source):
        return escapeHtml(words_of_it)
    return f'<img class="drawing" src="{escapeHtml(source)}" alt="{escapeHtml(words_of_it)}">'
