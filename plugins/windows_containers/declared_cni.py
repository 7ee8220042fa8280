"""Which CNI versions each plugin release accepts in a configuration, by its code.

The number of a plugin's release and that of the specification are different things: windows-container-networking
0.3.1 refuses CNI 0.3.1.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import Condition, Declaration, DeclarationKind, DeclaredView, Expectation, hookimpl

from .declared_facts import read_facts
from .names import CNI_PLUGINS, CNI_SPEC, WCN

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = {
    WCN: ("microsoft/windows-container-networking", "cni/cni.go"),
    CNI_PLUGINS: ("containernetworking/plugins", "plugins/main/windows"),
}


class _Row(msgspec.Struct):
    component: str
    version: str
    said_on: date
    accepts: tuple[str, ...]
    how: str
    commit: str
    plugins: tuple[str, ...]


class _File(msgspec.Struct):
    specs: tuple[str, ...]
    rows: list[_Row]


class CniAcceptance:
    """Tells what the code at each tag accepts, and that it refuses all other versions of the specification."""

    name = "cni-acceptance"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:  # noqa: ARG002 - nothing observed bears on code
        """Yield two declarations for each release whose code was read."""
        facts = read_facts("cni_spec_support", _File)
        for row in facts.rows:
            refused = tuple(spec for spec in facts.specs if spec not in row.accepts)
            yield _declaration(row, row.accepts, Expectation.WORKS)
            if refused:
                yield _declaration(row, refused, Expectation.FAILS)


def _declaration(row: _Row, specs: tuple[str, ...], expectation: Expectation) -> Declaration:
    repository, path = _CODE[row.component]
    word = "accepts" if expectation is Expectation.WORKS else "refuses"
    return Declaration(
        id=f"cni-acceptance:{row.component}@{row.version}:{word}",
        kind=DeclarationKind.ACCEPTS,
        expectation=expectation,
        conditions=(Condition(name=row.component, any_of=(row.version,)), Condition(name=CNI_SPEC, any_of=specs)),
        capability="speaks",
        sentence=f"{row.component} {row.version} {word} CNI {', '.join(specs)}",
        reason=f"{row.how} ({', '.join(row.plugins)})",
        provenance=f"github.com/{repository}@{row.commit}:{path}",
        confidence="code read",
        said_on=row.said_on,
    )


@hookimpl
def tracker_declared_evidence() -> tuple[CniAcceptance, ...]:
    """Return the reader of what the plugins' code accepts."""
    return (CniAcceptance(),)
