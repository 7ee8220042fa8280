"""What is declared about the versions that a profile combines, out of all plugins' readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from tracker.evidence.declared import Expectations
from tracker.model import Declaration, DeclarationKind, VerdictKind
from tracker.passes.versions import newest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from tracker.evidence.declared import LineOf, Order
    from tracker.model import Combination, Profile, Release, Sighting, Verdict
    from tracker.passes.workplace import Workplace
    from tracker.protocols import DeclaredEvidence
    from tracker.protocols.ordering import Comparable
    from tracker.registry import Registry
    from tracker.store import StoredRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """What readers of declarations may look at."""

    releases: tuple[Release, ...]
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What is declared.

    Attributes:
        declarations: those that speak of parts of the profile, by reader, each reader's in its own order.
        problems: one sentence for each reader that failed or broke its contract; nothing of a failed one is used.
    """

    declarations: tuple[Declaration, ...]
    problems: tuple[str, ...] = ()


def collect_declared(
    place: Workplace, releases: Sequence[StoredRelease], sightings: Sequence[Sighting] = ()
) -> Collected:
    """Ask every reader; one that fails never stops another.

    Args:
        place: plugins and profile.
        releases: every stored release.
        sightings: the last state of everything else that was seen.
    """
    view = Observations(releases=_in_order(releases, place.registry), sightings=tuple(sightings))
    found: dict[str, Declaration] = {}
    problems = []
    for name, reader in place.registry.declared_evidence.items():
        try:
            told = _ask(reader, view)
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; the others go on
            problems.append(f"declared evidence {name} could not be read: {type(error).__name__}: {error}")
            continue
        problems += [
            f"declared evidence {name} uses the id '{one.id}' a second time; the first is kept"
            for one in _of_profile(told, place.profile)
            if found.setdefault(one.id, one) is not one
        ]
    return Collected(declarations=tuple(found.values()), problems=tuple(problems))


def expectations(
    place: Workplace, collected: Collected, releases: Iterable[StoredRelease], *, today: date
) -> Expectations:
    """Return what the declarations let one expect of the profile's combinations.

    Args:
        place: plugins and profile.
        collected: what is declared.
        releases: every stored release; they tell the lines of versions that were seen.
        today: the day for which declarations must still hold.
    """
    return Expectations(
        collected.declarations,
        order=_order(place.registry),
        line_of=_line_of(place.registry, {(one.release.component, one.release.version): one for one in releases}),
        capabilities=place.profile.capabilities,
        today=today,
    )


def with_expectations(verdicts: Mapping[str, Verdict], book: Expectations) -> dict[str, Verdict]:
    """Return a combination's verdicts by capability; what was never tried says what is declared of it, if anything.

    Nothing that was observed or inferred gives way.
    """
    found = dict(verdicts)
    for capability, verdict in verdicts.items():
        if verdict.kind is VerdictKind.UNTESTED and not verdict.runs:
            said = book.of(verdict.combination, capability)
            if said is not None:
                found[capability] = replace(verdict, kind=said.kind, sentence=said.sentence)
    return found


def strongest_first(declarations: Iterable[Declaration]) -> list[Declaration]:
    """Return declarations by kind, then newest first, then by id."""
    strength = {kind: place for place, kind in enumerate(DeclarationKind)}
    return sorted(
        declarations, key=lambda one: (strength[one.kind], -(one.said_on.toordinal() if one.said_on else 0), one.id)
    )


def bears_on(declaration: Declaration, asked: Combination, book: Expectations, profile: Profile) -> bool:
    """Whether the declaration speaks of one of the values that were asked, and against none of them.

    Conditions on factors that were not asked stay open.
    """
    owners = {name: factor.name for factor in profile.factors for name in (factor.name, *factor.components)}
    values = {value.factor: value for value in asked}
    about = [
        book.holds(condition, values[owners[condition.name]])
        for condition in declaration.conditions
        if owners.get(condition.name) in values
    ]
    return bool(about) and all(about)


def _ask(reader: DeclaredEvidence, view: Observations) -> list[Declaration]:
    told: list[object] = list(reader.declare(view))
    declarations = [one for one in told if isinstance(one, Declaration)]
    if len(declarations) != len(told):
        message = "it told something that is no declaration"
        raise TypeError(message)
    return declarations


def _of_profile(told: Sequence[Declaration], profile: Profile) -> list[Declaration]:
    """Return what speaks of the profile's parts; what has no conditions belongs to the others of its reader."""
    parts = {*profile.component_names, *(factor.name for factor in profile.factors)}
    own = [one for one in told if all(condition.name in parts for condition in one.conditions)]
    return own if any(one.conditions for one in own) or len(own) == len(told) else []


def _in_order(releases: Sequence[StoredRelease], registry: Registry) -> tuple[Release, ...]:
    """Return releases by component, newest first; those of components that no plugin knows any more are left out."""
    by_component: dict[str, list[StoredRelease]] = {}
    for one in releases:
        if one.release.component in registry.components:
            by_component.setdefault(one.release.component, []).append(one)
    return tuple(one.release for name in sorted(by_component) for one in newest_first(by_component[name], registry))


def _order(registry: Registry) -> Order:
    @cache
    def key(component: str, version: str) -> Comparable:
        known = registry.components.get(component)
        if known is None:
            message = f"{component} has no versions that could be ordered"
            raise ValueError(message)
        return registry.version_schemes[known.scheme].key(version)

    return key


def _line_of(registry: Registry, seen: Mapping[tuple[str, str], StoredRelease]) -> LineOf:
    @cache
    def line(component: str, version: str) -> str:
        stored = seen.get((component, version))
        if stored is not None and stored.release.line:
            return stored.release.line
        known = registry.components.get(component)
        found = re.match(known.tags.line, version) if known and known.tags else None
        return found[0] if found else ""

    return line
