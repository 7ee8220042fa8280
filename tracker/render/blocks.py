"""How tables and blocks of text become HTML: in boxes that scroll by themselves and say what they are.

A page never scrolls sideways. A box that does can be focused, and is announced with the heading that it stands under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import escapeHtml

from tracker.render.document import LOG

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

    from tracker.render.ansi import Piece

COLOURED = "coloured"
"""Where the pieces of coloured blocks lie in the parser's environment."""
IS_GRID = "is_grid"
"""Whether the page is a matrix of two factors, in the same place."""
_KINDS = {LOG: "Log", "sh": "Commands", "powershell": "Commands"}


def add_to(markdown: MarkdownIt) -> None:
    """Make ``markdown`` render tables and blocks in boxes; the meta data of their tokens names the heading above."""
    markdown.core.ruler.push("row-headers", _mark_headers)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    markdown.add_render_rule("fence", _block)
    markdown.add_render_rule("code_block", _block)


def _mark_headers(state: StateCore) -> None:
    """The first cell of a row says what the row is about."""
    closing = None
    for position, token in enumerate(state.tokens):
        if token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and state.tokens[position - 1].type == "tr_open":
            token.tag = "th"
            token.attrSet("scope", "row")
            closing = "td_close"
        elif token.type == closing:
            token.tag, closing = "th", None


def _box(kind: str, token: Token) -> str:
    heading = str(token.meta.get("heading", ""))
    label = f"{kind}: {heading}" if heading else kind
    return f'role="group" tabindex="0" aria-label="{escapeHtml(label)}"'


def _table_open(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    kind = "wide grid" if env.get(IS_GRID) else "wide"
    return f'<div class="{kind}" {_box("Table", tokens[idx])}>{self.renderToken(tokens, idx, options, env)}'


def _table_close(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return f"{self.renderToken(tokens, idx, options, env).rstrip()}</div>\n"


def _block(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    del self, options
    token = tokens[idx]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else "text"
    pieces = env.get(COLOURED, {}).get(token.content.strip("\n")) if language == LOG else None
    content = _coloured(pieces) if pieces else escapeHtml(token.content)
    kind = _KINDS.get(language, "Text")
    return f'<pre class="block block-{kind.lower()}" {_box(kind, token)}><code>{content}</code></pre>\n'


def _coloured(pieces: Iterable[Piece]) -> str:
    return "".join(
        f'<span class="{" ".join(piece.classes)}">{escapeHtml(piece.text)}</span>'
        if piece.classes
        else escapeHtml(piece.text)
        for piece in pieces
    )
