"""What a verdict snapshot holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model import Exclusion, Factor
    from tracker.naming import KnownValue
    from tracker.pins.vocabulary import Vocabulary
    from tracker.snapshot.parts import SnapshotRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HostVerdicts:
    """What is known on another host; two hosts that disagree are two facts.

    Attributes:
        host_key: what the evidence is about.
        host_title: the same for people; may be empty.
        rows: combinations with evidence, by key.
        judgement: the judgement as a document.
    """

    host_key: str
    host_title: str
    rows: tuple[SnapshotRow, ...]
    judgement: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSnapshot:
    """All that is needed to answer `may I use these versions together` for one profile, on one host before all others.

    Attributes:
        profile: name of the profile.
        title: its title.
        scenario: name of the scenario.
        host_key: what the evidence is about.
        host_title: the same for people; may be empty.
        capabilities: the chain, earliest first.
        required: what is asked when nobody says otherwise.
        factors: in the profile's order.
        values: all values that can be named; by factor in the profile's order, newest first.
        rows: combinations with evidence, by key.
        judgement: the judgement as a document, from which combinations that never ran are judged.
        others: what is known on other hosts, by key.
        exclusions: values that never meet.
        waivers: failures that persons accept, as documents.
        retractions: runs that were taken back, as documents, by run; older programs leave them out.
        terms: how texts name the components, as documents: only who reads texts makes anything of them.
    """

    profile: str
    title: str
    scenario: str
    host_key: str
    capabilities: tuple[str, ...]
    required: tuple[str, ...]
    factors: tuple[Factor, ...]
    values: tuple[KnownValue, ...]
    rows: tuple[SnapshotRow, ...]
    judgement: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[HostVerdicts, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    waivers: tuple[Mapping[str, Any], ...] = ()
    terms: tuple[Mapping[str, Any], ...] = ()
    retractions: tuple[Mapping[str, Any], ...] = ()
    host_title: str = ""

    @property
    def hosts(self) -> tuple[HostVerdicts, ...]:
        """What is known on each host, the snapshot's own first."""
        own = HostVerdicts(host_key=self.host_key, host_title=self.host_title, rows=self.rows, judgement=self.judgement)
        return own, *self.others


def vocabulary_of(terms: Iterable[Mapping[str, Any]], factors: Iterable[Factor]) -> Vocabulary:
    """Return what texts may pin: the components of ``terms``, and the variants of factors that have no component."""
    from tracker.pins.vocabulary import Term, Vocabulary

    texts = ("repositories", "images", "aliases", "versions")
    return Vocabulary(
        terms=tuple(
            Term(
                name=str(one["name"]),
                factor=str(one["factor"]),
                **{name: tuple(map(str, one[name])) for name in texts},
            )
            for one in terms
        ),
        variants={factor.name: factor.variants for factor in factors if not factor.components},
    )
