"""All files of the site that are no pages and made from what is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.render import places
from tracker.render.machine import atom, choices, component_document, feeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.render.knowledge import Knowledge
    from tracker.render.machine.badges import Badge


def files(known: Knowledge, badges: Sequence[Badge]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file: documents of components, feeds, badges."""
    for name, component in sorted(known.snapshot.components.items()):
        document = component_document.document(known, component)
        yield component_document.path(name), (json.dumps(document, indent=1, sort_keys=True) + "\n").encode("ascii")
    for feed in feeds.feeds(known):
        yield feed.name, atom.write(feed, known.snapshot.address)
    yield places.CELLS, choices.script(known)
    for badge in badges:
        yield badge.name, badge.content
