"""All files of the site, made from a snapshot; nothing is read or written here but the templates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tracker.errors import RenderError
from tracker.render import escape, places
from tracker.render.document import Draft, Page
from tracker.render.knowledge import Knowledge
from tracker.render.machine.badges import badges as badges_of
from tracker.render.pages import (
    changes,
    combinations,
    components,
    contents,
    corrections,
    declared,
    embedding,
    front,
    health,
    hosts,
    matrix,
    method,
    misfit,
    misfits,
    pairs,
    pulls,
    releases,
    runs,
    search,
    timelines,
)
from tracker.render.snapshot import PluginView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.protocols import SitePage
    from tracker.render.machine.badges import Badge
    from tracker.render.snapshot import Snapshot

NAVIGATION = (
    ("Today", places.FRONT),
    ("Matrix", places.MATRIX),
    ("Misfits", places.MISFITS),
    ("Components", places.COMPONENTS),
    ("Runs", places.RUNS),
    ("Changes", places.CHANGES),
    ("Health", places.HEALTH),
    ("How to read this", places.METHOD),
)
_PLUGIN_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_OTHER_NAMES = frozenset(
    {"badges", "combinations", "contents", "corrections", "declared", "hosts", "misfits", "pagefind", "pulls"}
    | {"releases", "schemas", "search", "style", "icon"}
)


def pages(
    snapshot: Snapshot,
    *,
    known: Knowledge | None = None,
    badges: Sequence[Badge] | None = None,
    can_search: bool = False,
) -> tuple[Page, ...]:
    """Return every page, by path; the arguments and errors are those of ``drafts``."""
    found = drafts(snapshot, known=known, badges=badges, can_search=can_search)
    return tuple(one.make() if isinstance(one, Draft) else one for one in found)


def drafts(
    snapshot: Snapshot,
    *,
    known: Knowledge | None = None,
    badges: Sequence[Badge] | None = None,
    can_search: bool = False,
) -> tuple[Page | Draft, ...]:
    """Return every page, by path, some of them yet to be made.

    Args:
        snapshot: what is known.
        known: the same with its look-ups, where somebody made them already.
        badges: those of the snapshot, likewise.
        can_search: whether there is an index to search.

    Raises:
        RenderError: a page failed; the message names the page, and the plugin where it is one's.
    """
    known = known or Knowledge(snapshot)
    made: list[Page | Draft] = [
        *(one(known) for one in (front.page, matrix.page, components.index, runs.index, changes.page, declared.page)),
        *(one(known) for one in (health.page, method.page, misfits.page)),
        *(one(known) for one in (corrections.page, hosts.index, pulls.index)),
        *(page for many in (components, releases, combinations, runs) for page in many.pages(known)),
        *(page for many in (misfit, pairs, hosts, pulls) for page in many.pages(known)),
        *runs.lists(known),
        contents.page(known),
        *([search.page(known)] if can_search else []),
        *_plugin_pages(snapshot),
    ]
    paths = frozenset(page.path for page in made)
    made.append(embedding.page(known, badges_of(known) if badges is None else badges, paths))
    return tuple(sorted(made, key=lambda page: page.path))


def navigation(snapshot: Snapshot, *, can_search: bool = False) -> tuple[tuple[str, str], ...]:
    """Return title and path of the pages that every page links to; those of plugins by name."""
    own = (*NAVIGATION, *((("Search", places.SEARCH),) if can_search else ()))
    added = sorted((page.name, escape.one_line(page.title)) for page in snapshot.plugin_pages)
    return (*own, *((title, name) for name, title in added))


def matrix_json(snapshot: Snapshot) -> bytes:
    """Return ``matrix.json``.

    Raises:
        RenderError: the verdict document holds what JSON cannot say.
    """
    try:
        return (json.dumps(snapshot.matrix, indent=1, sort_keys=True, allow_nan=False) + "\n").encode("ascii")
    except (TypeError, ValueError) as error:
        message = f"matrix.json: the verdict document is no JSON: {error}"
        raise RenderError(message) from error


def drawings(known: Knowledge) -> dict[str, bytes]:
    """Return the pictures that pages show, by name."""
    return timelines.drawings(known)


def with_neighbours(page: Page) -> str:
    """Return the page's Markdown file: the page, then links to its HTML twin and to the main pages."""
    twin = f"[As HTML]({places.relative(page.path, f'{page.path}.html')})"
    others = [
        f"[{title}]({places.relative(page.path, f'{path}.md')})" for title, path in NAVIGATION if path != page.path
    ]
    return f"{page.body}\n---\n\n{' · '.join([twin, *others])}\n"


def _plugin_pages(snapshot: Snapshot) -> Iterable[Page]:
    view = PluginView.of(snapshot)
    taken = {path for _, path in NAVIGATION} | _OTHER_NAMES
    for page in sorted(snapshot.plugin_pages, key=lambda page: page.name):
        if not _PLUGIN_NAME.fullmatch(page.name) or page.name in taken:
            message = f"{_owner(page)}: a page cannot be called {page.name!r}"
            raise RenderError(message, hint=f"Use a-z, 0-9 and '-', and none of: {', '.join(sorted(taken))}.")
        taken.add(page.name)
        yield _plugin_page(page, view)


def _plugin_page(page: SitePage, view: PluginView) -> Page:
    hint = f"Switch the plugin off ([plugins] disabled) to publish without it; its page is '{page.name}'."
    try:
        body = page.markdown(view)
    except Exception as error:
        message = f"{_owner(page)}: its page '{page.name}' failed: {type(error).__name__}: {error}"
        raise RenderError(message, hint=hint) from error
    if not isinstance(body, str):
        message = f"{_owner(page)}: its page '{page.name}' is no text but {type(body).__name__}"
        raise RenderError(message, hint=hint)
    heading = f"# {escape.text(page.title)}\n\n"
    return Page(path=page.name, title=escape.one_line(page.title), body=f"{heading}{escape.visible(body).strip()}\n")


def _owner(page: SitePage) -> str:
    return f"plugin {type(page).__module__.removeprefix('tracker.plugins.')}"
