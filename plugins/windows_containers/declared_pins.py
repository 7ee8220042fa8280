"""What nerdctl's own tests on Windows were pinned to at each release.

These are the pins of a workflow; that its runs were green was not seen.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import Condition, Declaration, DeclarationKind, DeclaredView, Expectation, hookimpl

from .declared_facts import read_facts
from .names import CNI_SPEC, CONTAINERD, ISOLATION, NERDCTL, WCN

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Row(msgspec.Struct):
    version: str
    said_on: date
    containerd: str
    spec: str
    hyperv: bool
    runners: tuple[str, ...]
    commit: str
    file: str
    wcn: str = ""


class _File(msgspec.Struct):
    wcn_commit: str
    rows: list[_Row]


class NerdctlPins:
    """Tells the pins of the workflow at each tag."""

    name = "nerdctl-pins"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:  # noqa: ARG002 - workflows are not observed
        """Yield one declaration for each release with tests on Windows."""
        facts = read_facts("nerdctl_ci_pins", _File)
        for row in facts.rows:
            yield Declaration(
                id=f"nerdctl-pins:{row.version}",
                kind=DeclarationKind.CI_PIN,
                expectation=Expectation.WORKS,
                conditions=_conditions(row),
                sentence=_sentence(row, facts.wcn_commit),
                reason=_reason(row),
                provenance=f"github.com/containerd/nerdctl@{row.commit}:{row.file}",
                confidence="pins read; that the run was green was not seen",
                said_on=row.said_on,
            )


def _conditions(row: _Row) -> tuple[Condition, ...]:
    conditions = [
        Condition(name=NERDCTL, any_of=(row.version,)),
        Condition(name=CONTAINERD, any_of=(row.containerd,)),
        Condition(name=CNI_SPEC, any_of=(row.spec,)),
    ]
    if row.wcn:
        conditions.append(Condition(name=WCN, any_of=(row.wcn,)))
    if not row.hyperv:
        conditions.append(Condition(name=ISOLATION, any_of=("process",)))
    return tuple(conditions)


def _sentence(row: _Row, wcn_commit: str) -> str:
    network = f"windows-container-networking {row.wcn}" if row.wcn else f"a plugin of 2019 (commit {wcn_commit})"
    runners = f" on {', '.join(row.runners)}" if row.runners else ""
    return (
        f"the tests of nerdctl {row.version} on Windows are pinned to containerd {row.containerd}, {network} and a "
        f"configuration of CNI {row.spec}{runners}"
    )


def _reason(row: _Row) -> str:
    said = [] if row.wcn else ["The configuration was made by hand and lay there before nerdctl could write its own."]
    if not row.hyperv:
        said.append("The workflow does not name Hyper-V isolation.")
    if "windows-2025" in row.runners:
        said.append("windows-2025 is a trial run there.")
    return " ".join(said)


@hookimpl
def tracker_declared_evidence() -> tuple[NerdctlPins, ...]:
    """Return the reader of nerdctl's pins."""
    return (NerdctlPins(),)
