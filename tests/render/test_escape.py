"""Foreign words are shown as they are, and are never anything else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.render import escape
from tracker.render.document import Document
from tracker.render.escape import Md
from tracker.render.html import parser

MARKDOWN = parser()
HOSTILE = (
    "<script>alert(1)</script>",
    "</code></pre><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![](https://elsewhere.example/pixel.png)",
    "`code` ``two`` ```three```",
    "| a | b |",
    "a\\|b",
    "# heading #",
    "1. list",
    "- item",
    "> quote",
    "&lt;b&gt; &amp;",
    "<https://elsewhere.example>",
    "_a_ *b* **c** ~~d~~",
    "[a]: https://elsewhere.example",
    "trailing \\",
    "```\nout of the fence\n```",
    "\x1b[31mred\x1b[0m \x00 \u202egnp.exe",
    "    indented",
    "---",
    "===",
)
words = st.one_of(st.text(), st.sampled_from(HOSTILE), st.text(alphabet="`|\\<>[]()*_~#&!-=+:.1 \n\tab"))


class Reader(HTMLParser):
    """The tags and the text of a page, as a browser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@given(words)
def test_escaped_text_is_shown_as_it_is_and_makes_no_tag(foreign: str) -> None:
    for before, after in (("", ""), ("word ", " word")):
        read = Reader(MARKDOWN.render(f"{before}{escape.text(foreign)}{after}"))

        assert set(read.tags) <= {"p"}
        assert read.text.strip() == f"{before}{escape.one_line(foreign)}{after}".strip()


@given(words)
def test_a_code_span_shows_the_words_and_makes_no_other_tag(foreign: str) -> None:
    read = Reader(MARKDOWN.render(f"word {escape.code(foreign)} word"))

    assert set(read.tags) <= {"p", "code"}
    assert read.text.split() == ["word", *escape.one_line(foreign).split(), "word"]


@given(words)
def test_nothing_gets_out_of_a_fence(foreign: str) -> None:
    read = Reader(MARKDOWN.render(f"before\n\n{escape.fence(foreign)}\n\nafter"))

    assert read.tags == ["p", "pre", "code", "p"]
    assert read.text.split("\n", 1)[1].rsplit("\n", 2)[0].strip("\n") == escape.visible(foreign).strip("\n")


@given(words, words)
def test_cells_of_a_table_stay_cells(first: str, second: str) -> None:
    document = Document("page")
    document.table((Md("A"), Md("B"), Md("C")), [(escape.text(first), escape.code(second), Md("end"))])

    read = Reader(MARKDOWN.render(document.page("t").body))

    assert [tag for tag in read.tags if tag != "code"] == [
        "div", "table", "thead", "tr", "th", "th", "th", "tbody", "tr", "th", "td", "td",
    ]  # fmt: skip
    assert read.text.split()[-1] == "end"


@given(words)
def test_headings_of_foreign_words_have_no_tag_and_a_harmless_anchor(foreign: str) -> None:
    read = Reader(MARKDOWN.render(f"## {escape.text(foreign)}"))

    assert read.tags == ["h2"]
    assert read.text.strip() == escape.one_line(foreign)


@given(
    st.one_of(words, st.sampled_from(["javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "file:///x"]))
)
def test_only_web_addresses_become_links(address: str) -> None:
    read = Reader(MARKDOWN.render(f"see {escape.external_link(Md('label'), address)}"))

    targets = [value or "" for name, value in read.attributes if name == "href"]
    assert all(target.startswith(("http://", "https://")) for target in targets)
    assert "label" in read.text


@pytest.mark.parametrize(
    "address", ["https://host.example/a_(b)?q=<x>&y=1|2#z", "http://host.example/pool/c/x_1%3a2~ds1+b1.deb"]
)
def test_a_web_address_keeps_its_way(address: str) -> None:
    read = Reader(MARKDOWN.render(escape.external_link(escape.code("file"), address)))

    assert [name for name, _ in read.attributes] == ["href", "rel"]
    assert read.tags == ["p", "a", "code"]
    target = dict(read.attributes)["href"] or ""
    assert (
        target.replace("%3C", "<").replace("%3E", ">").replace("%7C", "|").replace("%28", "(").replace("%29", ")")
        == address
    )


def test_what_cannot_be_seen_is_made_visible() -> None:
    assert escape.visible("\x1b[31m\u202egnp\x00\r\nend") == "␛[31m\N{REPLACEMENT CHARACTER}gnp␀\nend"
