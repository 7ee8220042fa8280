"""Which versions Stevedore, an installer for Windows, ships together: shipped is not tested."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import Condition, Declaration, DeclarationKind, DeclaredView, Expectation, hookimpl

from .declared_facts import read_facts
from .names import CONTAINERD, NERDCTL, WCN

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Row(msgspec.Struct):
    containerd: str
    nerdctl: str
    wcn: str
    said_on: date
    tags: tuple[str, ...]
    commit: str


class _File(msgspec.Struct):
    rows: list[_Row]


class StevedoreSets:
    """Tells each set of versions once, with all releases of the installer that held it."""

    name = "stevedore-sets"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:  # noqa: ARG002 - Stevedore is not watched
        """Yield one declaration for each set."""
        for row in read_facts("stevedore_sets", _File).rows:
            yield Declaration(
                id=f"stevedore-sets:{row.tags[0]}",
                kind=DeclarationKind.SHIPPED,
                expectation=Expectation.WORKS,
                conditions=(
                    Condition(name=CONTAINERD, any_of=(row.containerd,)),
                    Condition(name=NERDCTL, any_of=(row.nerdctl,)),
                    Condition(name=WCN, any_of=(row.wcn,)),
                ),
                sentence=(
                    f"Stevedore {', '.join(row.tags)} ships containerd {row.containerd}, nerdctl {row.nerdctl} and "
                    f"windows-container-networking {row.wcn}"
                ),
                reason="Shipped is not tested.",
                provenance=f"github.com/slonopotamus/stevedore@{row.commit}:build.rs",
                confidence="build script read",
                said_on=row.said_on,
            )


@hookimpl
def tracker_declared_evidence() -> tuple[StevedoreSets, ...]:
    """Return the reader of Stevedore's sets."""
    return (StevedoreSets(),)
