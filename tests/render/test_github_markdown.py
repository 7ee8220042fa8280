"""The published Markdown in GitHub's own renderer: foreign words become no tag, and no link that is not ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

from tests.render.hostile import ADDRESSES, WORDS
from tests.render.test_escape import HOSTILE, Reader
from tracker.render import escape
from tracker.render.document import Document
from tracker.render.escape import Md

words = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.sampled_from((*HOSTILE, *WORDS, *ADDRESSES)),
    st.text(alphabet="`|\\\\<>[]()*_~#&!-=+:.@/1^$ \n\tabhtpsw"),
)


def rendered(markdown: str) -> Reader:
    """What GitHub shows; raw HTML is let through, so that the test sees it."""
    text = markdown.encode("utf-8", "replace").decode()
    return Reader(
        github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES)
    )


def check(read: Reader, *ours: str) -> None:
    """Tags are ours; an address of mail is the one thing that GitHub links whatever is done about it."""
    targets = [value or "" for name, value in read.attributes if name == "href"]
    assert all(urlsplit(target).scheme in {"mailto", "xmpp"} for target in targets), targets
    assert set(read.tags) <= {*ours, *(["a"] if targets else [])}


@given(words)
@example("https://elsewhere.invalid www.elsewhere.invalid WWW.elsewhere.invalid ftp://elsewhere.invalid")
def test_text_is_text(foreign: str) -> None:
    for before, after in (("", ""), ("word ", " word"), ("- ", ""), ("## ", "")):
        read = rendered(f"{before}{escape.text(foreign)}{after}")

        check(read, "p", "ul", "li", "h2")
        assert read.text.split() == [*before.strip("-# ").split(), *_seen(foreign), *after.split()]


@given(words)
def test_code_and_fences_are_code(foreign: str) -> None:
    check(rendered(f"word {escape.code(foreign)} word"), "p", "code")
    check(rendered(f"before\n\n{escape.fence(foreign)}\n\nafter"), "p", "pre", "code")


@given(words, words)
def test_cells_stay_cells(first: str, second: str) -> None:
    document = Document("page")
    document.table((Md("A"), Md("B"), Md("C")), [(escape.text(first), escape.code(second), Md("end"))])

    read = rendered(document.page("t").body)

    check(read, "table", "thead", "tbody", "tr", "th", "td", "code")
    assert read.tags.count("td") == 3


@given(words)
def test_only_web_addresses_are_linked(address: str) -> None:
    read = rendered(f"see {escape.external_link(Md('label'), address)} end")

    targets = [value or "" for name, value in read.attributes if name == "href"]
    assert all(target.startswith(("http://", "https://")) for target in targets), targets
    assert set(read.tags) <= {"p", "a", "code"}


@given(words)
def test_the_output_of_programs_stays_in_its_block(log: str) -> None:
    document = Document("page")
    document.paragraph(Md("before"))
    document.log(log)
    document.paragraph(Md("after"))

    assert rendered(document.page("t").body).tags == ["p", "pre", "code", "p"]


def _seen(foreign: str) -> list[str]:
    return escape.one_line(foreign).encode("utf-8", "replace").decode().split()
