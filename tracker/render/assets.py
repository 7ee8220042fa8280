"""The templates and the files that pages load: shipped ones, and a person's own, which take their place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jinja2

from tracker.bundle import site_dir
from tracker.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TEMPLATE = ".j2"


@dataclass(frozen=True, slots=True)
class Assets:
    """Two directories of the same shape.

    Attributes:
        shipped: with everything that is needed.
        own: whose files win; ``None`` for none. Its templates find the shipped ones as ``shipped/NAME``.
    """

    shipped: Path
    own: Path | None = None

    @classmethod
    def of(cls, own: Path | None) -> Assets:
        """Return the shipped files with those of ``own`` in their place.

        Raises:
            RenderError: there is no such directory.
        """
        if own is not None and not own.is_dir():
            message = f"site.templates = '{own}': is no directory"
            raise RenderError(message, hint="Make it, or take the setting away.")
        return cls(site_dir(), own)

    def files(self) -> Mapping[str, bytes]:
        """Return the files that are published as they are, by path relative to the site's root."""
        return {name: path.read_bytes() for name, path in self._all().items() if path.suffix != _TEMPLATE}

    def digest(self) -> str:
        """Return a digest of all templates."""
        digest = hashlib.sha256()
        for where in filter(None, (self.shipped, self.own)):
            for name, path in _within(where).items():
                if path.suffix == _TEMPLATE:
                    digest.update(f"{name}\n".encode() + path.read_bytes())
        return digest.hexdigest()

    def environment(self) -> jinja2.Environment:
        """Return where templates are found."""
        ways = [jinja2.FileSystemLoader(where) for where in (self.own, self.shipped) if where]
        loader = jinja2.ChoiceLoader([*ways, jinja2.PrefixLoader({"shipped": jinja2.FileSystemLoader(self.shipped)})])
        return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)

    def _all(self) -> dict[str, Path]:
        return _within(self.shipped) | (_within(self.own) if self.own else {})


def _within(directory: Path) -> dict[str, Path]:
    """Return the files by name; what is hidden is an editor's or a version control's."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    names = {path.relative_to(directory).as_posix(): path for path in paths}
    return {name: path for name, path in names.items() if not any(part[0] == "." for part in name.split("/"))}
