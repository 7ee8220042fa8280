"""Runs that other hosts made, as they came in, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.model.correction import Retraction
    from tracker.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRun:
    """A finished run that another store recorded.

    Attributes:
        run: as it was told; its id is that of the other store.
        scenario: name of the scenario that was run.
        origin: what its host is called by whoever exported it first.
        digest: ``"sha256:..."`` over all that it says, without ids and whose it is: the same run has the same one.
        retraction: set where it was taken back there; its run id is that of the other store.
    """

    run: Run
    scenario: str
    origin: str
    digest: str
    retraction: Retraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whose an imported run is.

    Attributes:
        origin: what its host is called.
        keys: public keys under which it came in signed; none where it only ever came unsigned.
    """

    origin: str
    keys: frozenset[str] = frozenset()
