"""The order in which a person would put any texts: numbers by their size, all else by its letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from natsort import natsort_keygen

from tracker.api import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.api import Comparable, VersionScheme

_KEY = natsort_keygen()
# Python refuses to read numbers of thousands of digits; of such a run, each piece counts as a number of its own.
_RUN = re.compile(r"(\d{1000})(?=\d)")


class NaturalScheme:
    """Orders whatever there is; ``1.0-rc1`` is after ``1.0``, since nothing is known of pre-releases."""

    name = "natural"

    def key(self, version: str) -> Comparable:
        """Return a sort key; every text has one, and different texts have different ones."""
        return _KEY(_RUN.sub(r"\1 ", version)), version

    def upstream(self, version: str) -> str:
        """Return the version itself."""
        return version


@hookimpl
def tracker_version_schemes() -> Iterable[VersionScheme]:
    """Register the natural order."""
    return (NaturalScheme(),)
