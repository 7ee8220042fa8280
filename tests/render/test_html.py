"""What HTML adds to the Markdown of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.bundle import site_dir
from tracker.model import Outcome, VerdictKind
from tracker.render import words
from tracker.render.document import Page
from tracker.render.html import PageRenderer, parser

if TYPE_CHECKING:
    from pathlib import Path

MARKDOWN = parser()


def renderer(templates: Path | None = None, title: str = "Site") -> PageRenderer:
    return PageRenderer(templates or site_dir(), site_title=title, navigation=(("Today", "index"),))


@pytest.mark.parametrize("word", [*VerdictKind, *Outcome, words.INFERRED])
def test_a_mark_has_a_shape_a_word_and_a_class(word: str) -> None:
    html = MARKDOWN.render(f"[{words.mark(word)}](combinations/x.md#networks)")

    assert html == (
        f'<p><a href="combinations/x.html#networks" class="mark mark-{words.anchor(word)}">{words.mark(word)}</a></p>\n'
    )


def test_every_word_has_a_mark_of_its_own() -> None:
    assert len({words.mark(word) for word in words.SHAPES}) == len(words.SHAPES)
    assert len(set(words.MARKS.values())) == len(words.SHAPES)


@pytest.mark.parametrize("forged", ["`✓ works`", "text ✓ works", "[`✓ works`](releases/x.md)", "**✓ works**"])
def test_words_that_only_look_like_a_mark_get_no_colour(forged: str) -> None:
    assert "mark-works" not in MARKDOWN.render(forged)


def test_links_to_pages_lead_to_html_and_links_out_say_so() -> None:
    html = MARKDOWN.render("[in](../runs/1.md#steps) [file](health.json) [out](https://x.example/readme.md)")

    assert 'href="../runs/1.html#steps"' in html
    assert 'href="health.json"' in html
    assert 'href="https://x.example/readme.md" rel="external nofollow noopener noreferrer"' in html


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:x", "vbscript:x", "data:text/html,x", "file:///etc/x", "//x.example/y"],
)
def test_links_that_run_or_leave_secretly_are_no_links(target: str) -> None:
    assert "<a" not in MARKDOWN.render(f"[click]({target})")


def test_raw_html_and_images_are_shown_as_text() -> None:
    html = MARKDOWN.render("<b onclick=x>bold</b>\n\n![pixel](https://x.example/p.png)\n\n<script>x</script>")

    assert "<b" not in html
    assert "<img" not in html
    assert "<script" not in html


def test_headings_of_one_page_have_different_anchors() -> None:
    html = MARKDOWN.render("## runs\n\n## runs\n\n## A `b` c!\n\n## !\n")

    assert [part.split('"')[0] for part in html.split('id="')[1:]] == ["runs", "runs-1", "a-b-c", "section"]


def test_the_page_lets_nothing_run_and_escapes_its_titles() -> None:
    page = Page(path="runs/1", title="</title><script>x</script>", parents=(("<i>", "runs"),), body="text\n")

    html = renderer(title="<b>Site</b>").html(page)

    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert "unsafe" not in html
    assert 'href="../style.css"' in html
    assert 'href="1.md"' in html


def test_the_key_of_a_page_changes_with_everything_that_its_html_depends_on(tmp_path: Path) -> None:
    page = Page(path="runs/1", title="t", parents=(("Runs", "runs"),), body="text\n")
    template = (site_dir() / "page.html.j2").read_text(encoding="utf-8")
    (tmp_path / "page.html.j2").write_text(f"{template}<!-- other -->", encoding="utf-8")

    keys = {
        renderer().key(page),
        renderer(tmp_path).key(page),
        renderer(title="Other").key(page),
        renderer().key(Page(path="runs/1", title="t", parents=(("Runs", "runs"),), body="other\n")),
        renderer().key(Page(path="runs/1", title="u", parents=(("Runs", "runs"),), body="text\n")),
        renderer().key(Page(path="runs/1", title="t", body="text\n")),
    }

    assert len(keys) == 6
    assert renderer().key(page) in keys


def test_no_python_file_lies_in_the_directory_of_templates() -> None:
    assert not list(site_dir().rglob("*.py"))
