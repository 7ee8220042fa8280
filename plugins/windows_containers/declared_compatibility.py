"""For which lines of containerd each nerdctl release is meant, by its own release notes."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from tracker.api import Condition, Declaration, DeclarationKind, DeclaredView, Expectation, hookimpl

from .declared_facts import read_facts
from .declared_sentence import MeantFor, mentions_versions, read_sentence
from .names import CONTAINERD, NERDCTL

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE = "a statement for all platforms; not made for Windows in particular"


class _Row(msgspec.Struct):
    version: str
    said_on: date
    minors: tuple[str, ...]
    commit: str


class _File(msgspec.Struct):
    rows: list[_Row]


class NerdctlCompatibility:
    """Reads the notes of observed releases, and the template of the notes at tags whose notes say nothing."""

    name = "nerdctl-compatibility"

    def declare(self, view: DeclaredView) -> Iterator[Declaration]:
        """Yield one declaration for each release that says it beyond doubt."""
        spoken = set()
        for release in view.releases:
            if release.component != NERDCTL or not mentions_versions(release.notes):
                continue
            spoken.add(release.version)
            meant = read_sentence(release.notes)
            if meant is not None:
                yield _declaration(
                    release.version,
                    meant,
                    provenance=release.url or f"release notes of nerdctl {release.version}",
                    said_on=release.published_at.date() if release.published_at else None,
                    confidence="release notes read",
                )
        for row in read_facts("nerdctl_compatibility", _File).rows:
            if row.version not in spoken:
                yield _declaration(
                    row.version,
                    MeantFor(lines=row.minors),
                    provenance=f"github.com/containerd/nerdctl@{row.commit}:hack/generate-release-note.sh",
                    said_on=row.said_on,
                    confidence="template of the release notes read",
                )


def _declaration(
    version: str, meant: MeantFor, *, provenance: str, said_on: date | None, confidence: str
) -> Declaration:
    if meant.is_open_ended:
        containerd = Condition(name=CONTAINERD, at_least=f"{meant.lines[0]}.0")
        lines = f"{meant.lines[0]} or later"
    else:
        containerd = Condition(name=CONTAINERD, lines=meant.lines)
        lines = ", ".join(meant.lines)
    return Declaration(
        id=f"nerdctl-compatibility:{version}",
        kind=DeclarationKind.STATED,
        expectation=Expectation.WORKS,
        conditions=(Condition(name=NERDCTL, any_of=(version,)), containerd),
        sentence=f"nerdctl {version} is meant for containerd {lines}",
        reason=_WHOLE,
        provenance=provenance,
        confidence=confidence,
        said_on=said_on,
    )


@hookimpl
def tracker_declared_evidence() -> tuple[NerdctlCompatibility, ...]:
    """Return the reader of nerdctl's own statements."""
    return (NerdctlCompatibility(),)
