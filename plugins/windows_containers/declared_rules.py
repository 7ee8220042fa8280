"""Rules of which code, issues and documents speak; none of them was executed.

Where a rule hangs on something that is no factor (the host, an option, a file), it is told for information alone.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import Condition, Declaration, DeclarationKind, DeclaredView, Expectation, hookimpl

from .declared_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Row(msgspec.Struct):
    id: str
    expectation: Expectation
    sentence: str
    reason: str
    evidence: tuple[str, ...]
    confidence: str
    capability: str = ""
    conditions: tuple[Condition, ...] = ()


class _File(msgspec.Struct):
    read_on: date
    rows: list[_Row]


class KnownRules:
    """Tells the rules, each with what it rests on."""

    name = "known-rules"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:  # noqa: ARG002 - rules come with the plugin
        """Yield one declaration for each rule."""
        facts = read_facts("rules", _File)
        for row in facts.rows:
            yield Declaration(
                id=f"known-rules:{row.id}",
                kind=DeclarationKind.RULE,
                expectation=row.expectation,
                conditions=row.conditions,
                capability=row.capability,
                sentence=row.sentence,
                reason=row.reason,
                provenance="; ".join(row.evidence),
                confidence=row.confidence,
                said_on=facts.read_on,
            )


@hookimpl
def tracker_declared_evidence() -> tuple[KnownRules, ...]:
    """Return the reader of the rules."""
    return (KnownRules(),)
