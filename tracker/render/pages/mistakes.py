"""Where a reader tells of a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.render.escape import Md, code, external_link

if TYPE_CHECKING:
    from tracker.render.document import Document


def section(document: Document, address: str) -> None:
    """Add the address under which a mistake is told; nothing where nobody named one."""
    if not address:
        return
    document.heading(2, Md("Is this wrong?"))
    way = external_link(Md("Say so there"), address) if address.startswith("http") else _mail(address)
    document.paragraph(
        way,
        Md("with the address of this page. A run that was our own fault is taken back, with all that rests on it."),
    )


def _mail(address: str) -> Md:
    return Md(f"Write to {code(address.removeprefix('mailto:'))}")
