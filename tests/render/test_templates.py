"""A person's own templates and files take the place of shipped ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.errors import RenderError
from tracker.render import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World

OWN = """{% extends "shipped/page.html.j2" %}
{% block footer %}
<p>Ask {{ "<the team>" }}.</p>
{% endblock %}
"""


def test_a_template_of_ones_own_changes_a_part_and_keeps_the_rest(tmp_path: Path, small_world: World) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html.j2").write_text(OWN, encoding="utf-8")

    publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "own")

    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "<p>Ask &lt;the team&gt;.</p>" in page
    assert "Content-Security-Policy" in page
    assert "<h1" in page


def test_a_file_of_ones_own_wins_others_are_added_and_hidden_ones_stay_at_home(
    tmp_path: Path, small_world: World
) -> None:
    own = tmp_path / "own"
    (own / "fonts").mkdir(parents=True)
    (own / "style.css").write_text("p{}", encoding="utf-8")
    (own / "fonts" / "a.woff2").write_bytes(b"font")
    (own / ".git").mkdir()
    (own / ".git" / "config").write_text("secret", encoding="utf-8")

    publish(small_world.snapshot(), tmp_path / "site", templates=own)

    assert (tmp_path / "site" / "style.css").read_text(encoding="utf-8") == "p{}"
    assert (tmp_path / "site" / "fonts" / "a.woff2").read_bytes() == b"font"
    assert (tmp_path / "site" / "icon.svg").exists()
    assert not (tmp_path / "site" / ".git").exists()
    assert not (tmp_path / "site" / "page.html.j2").exists()


def test_a_template_that_changes_makes_every_page_anew(tmp_path: Path, small_world: World) -> None:
    (tmp_path / "own").mkdir()
    publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "own")
    (tmp_path / "own" / "page.html.j2").write_text(OWN, encoding="utf-8")

    publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "own")

    pages = list((tmp_path / "site").rglob("*.html"))
    assert [page for page in pages if "Ask &lt;" not in page.read_text(encoding="utf-8")] == []


def test_a_directory_that_is_not_there_and_a_template_with_a_mistake_are_told_and_publish_nothing(
    tmp_path: Path, small_world: World
) -> None:
    publish(small_world.snapshot(2), tmp_path / "site")
    before = (tmp_path / "site" / "index.html").read_bytes()

    with pytest.raises(RenderError, match="is no directory"):
        publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "nowhere")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html.j2").write_text("{% if %}\n{{ page.nothing }}", encoding="utf-8")
    with pytest.raises(RenderError, match=r"page\.html\.j2"):
        publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "own")
    (tmp_path / "own" / "page.html.j2").write_text("{{ page.nothing }}", encoding="utf-8")
    with pytest.raises(RenderError, match="nothing"):
        publish(small_world.snapshot(), tmp_path / "site", templates=tmp_path / "own")

    assert (tmp_path / "site" / "index.html").read_bytes() == before
