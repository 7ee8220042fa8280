"""The one thing that a sort key must be able to do."""

from __future__ import annotations

from typing import Any, Protocol


class Comparable(Protocol):
    """Anything that ``sorted`` can order."""

    def __lt__(self, other: Any, /) -> bool:  # noqa: ANN401 - keys of one scheme only are ever compared
        """Whether this one sorts before ``other``."""
