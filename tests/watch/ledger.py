"""Targets that are looked at again and again, without a store: what reconcile says is applied and kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.watch.world import START, Numbers
from tracker.model import Asset, PullRequest, PullState, Release
from tracker.protocols import Observed
from tracker.store import TargetState
from tracker.watch import Knowledge, Reconciled, reconcile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Change, Sighting

REPOSITORY = "owner/wcn"
_NUMBERS = Numbers()


def at(days: float) -> datetime:
    """Return a time so many days after the first look; before it, for negative ones."""
    return START + timedelta(days=days)


@dataclass
class Watched:
    """One target; several of them know of each other through ``others``."""

    keeps_old: bool = True
    others: list[Watched] = field(default_factory=list)
    state: TargetState = field(default_factory=TargetState)
    releases: tuple[Release, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    known: dict[tuple[str, str], Release] = field(default_factory=dict)
    places: set[tuple[str, ...]] = field(default_factory=set)
    looked_at: datetime | None = None
    ledger: list[Change] = field(default_factory=list)
    last: Reconciled | None = None
    words: dict[str, set[str]] | None = None

    def beside(self, *others: Watched) -> Watched:
        for one in others:
            self.others.append(one)
            one.others.append(self)
        return self

    def look(
        self,
        days: float,
        *shown: Release | Sighting,
        unknown: Sequence[str] = (),
        reason: str = "",
    ) -> Reconciled:
        """Look ``days`` after the first look, and apply what follows; the target shows exactly ``shown``."""
        answer = Observed(
            releases=tuple(one for one in shown if isinstance(one, Release)),
            sightings=tuple(one for one in shown if not isinstance(one, Release)),
            cursor=f"cursor {days}",
            keeps_old=self.keeps_old,
            unknown=tuple(unknown),
            reason=reason,
        )
        return self.answered(days, answer)

    def answered(self, days: float, answer: Observed) -> Reconciled:
        found = reconcile(
            self.state,
            self.releases,
            answer,
            sighted_before=self.sightings,
            knowledge=self._knowledge(),
            order=lambda _, version: _NUMBERS.key(version),
            now=at(days),
        )
        self.state, self.looked_at, self.last = found.state, at(days), found
        self.releases = self.releases if found.offered is None else found.offered
        self.sightings = self.sightings if found.sightings is None else found.sightings
        self.known |= {(one.component, one.version): one for one in self.releases}
        self.places |= {one.place for one in self.sightings}
        self.ledger += found.changes
        return found

    def _knowledge(self) -> Knowledge:
        everybody = [self, *self.others]
        elsewhere = [one for other in self.others for one in other.releases]
        pairs = {(one.component, one.version) for one in elsewhere}
        offered = pairs | {(one.component, one.version) for one in self.releases}
        return Knowledge(
            known={pair for one in everybody for pair in one.known},
            last={pair: release for one in everybody for pair, release in one.known.items() if pair not in offered},
            elsewhere=pairs,
            tags_elsewhere={(one.component, one.tag): {one.commit} for one in elsewhere if one.tag},
            sighted_elsewhere=[one for other in self.others for one in other.sightings],
            sighted_before=set().union(*(one.places for one in everybody)),
            looked_at=self.looked_at,
            words=self.words,
        )


def told(found: Reconciled) -> list[str]:
    """Return each entry as kind and what it is about; history in brackets."""
    said = [f"{one.kind} {one.subject or one.version}" for one in found.changes]
    return [f"({text})" if one.is_baseline else text for text, one in zip(said, found.changes, strict=True)]


def file(name: str = "wcn.zip", **told_of: object) -> Asset:
    plain = Asset(name=name, url=f"https://upstream.example/{name}", size=7, platform="windows/amd64")
    return replace(plain, **told_of)  # type: ignore[arg-type] # fields by name


def published(version: str, *files: Asset, days: float | None = None, **told_of: object) -> Release:
    """Return a release of the network plugins; it has one file for Windows unless ``files`` or ``assets`` say else."""
    plain = Release(
        component="wcn",
        version=version,
        upstream_version=version,
        line=version.rpartition(".")[0],
        channel=REPOSITORY,
        tag=f"v{version}",
        commit=f"{version} commit",
        assets=files or (file(),),
        published_at=None if days is None else at(days),
        url=f"https://upstream.example/{version}",
    )
    return replace(plain, **told_of)  # type: ignore[arg-type] # fields by name


def pull(number: int = 96, state: PullState = PullState.OPEN, **told_of: object) -> PullRequest:
    plain = PullRequest(
        component="wcn",
        repository=REPOSITORY,
        number=number,
        title="Speak CNI 1.0.0",
        author="somebody",
        state=state,
        head="head one",
        opened_at=at(-900),
        closed_at=None if state is PullState.OPEN else at(-800),
        merged_at=at(-800) if state is PullState.MERGED else None,
        merge_commit="merge one" if state is PullState.MERGED else "",
        review="none",
        checks="none",
        url=f"https://upstream.example/{number}",
    )
    return replace(plain, **told_of)  # type: ignore[arg-type] # fields by name


def ref(number: int = 96, state: PullState = PullState.UNKNOWN, **told_of: object) -> PullRequest:
    """Return a pull request as git alone tells it."""
    plain = PullRequest(component="wcn", repository=REPOSITORY, number=number, state=state, head="head one")
    return replace(plain, **told_of)  # type: ignore[arg-type] # fields by name
