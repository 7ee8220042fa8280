"""What all readers together declare, in a guard each, and what that lets one expect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tracker.config import Config
from tracker.errors import UsageError
from tracker.model import (
    Component,
    Condition,
    Declaration,
    DeclarationKind,
    Expectation,
    Factor,
    Profile,
    Release,
    TagRule,
    VerdictKind,
)
from tracker.passes.asked import asked_combination
from tracker.passes.declaring import bears_on, collect_declared, expectations, strongest_first
from tracker.passes.workplace import Workplace
from tracker.registry import Registry
from tracker.store import Offer, StoredRelease

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tracker.protocols import DeclaredEvidence, DeclaredView

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, tzinfo=UTC)


class Dotted:
    name = "dotted"

    def key(self, version: str) -> tuple[int, ...]:
        return tuple(int(part) for part in version.split("."))

    def upstream(self, version: str) -> str:
        return version


@dataclass
class Reader:
    """Tells what it was made with, of whatever it is shown."""

    name: str
    tell: Callable[[DeclaredView], Iterable[Declaration]]
    views: list[DeclaredView] = field(default_factory=list)

    def declare(self, view: DeclaredView) -> Iterable[Declaration]:
        self.views.append(view)
        return self.tell(view)


def component(name: str) -> Component:
    return Component(
        name=name,
        title=name,
        source="s",
        scheme="dotted",
        installer="",
        tags=TagRule(version="(?P<version>.*)", line=r"\d+\.\d+"),
    )


PROFILE = Profile(
    name="p",
    title="p",
    factors=(
        Factor(name="engine", title="engine", components=("engine-win",)),
        Factor(name="cni", title="cni", components=("nat", "others")),
        Factor(name="spec", title="spec", variants=("1.0.0", "0.4.0")),
    ),
    scenario="",
    capabilities=("starts", "networks"),
    required=("starts",),
    host_key=(),
)


def place(tmp_path: Path, *readers: DeclaredEvidence) -> Workplace:
    registry = Registry(
        components={name: component(name) for name in ("engine-win", "nat", "others")},
        version_schemes={"dotted": Dotted()},
        declared_evidence={reader.name: reader for reader in readers},
    )
    return Workplace(config=Config(home=tmp_path, site_dir=tmp_path), registry=registry, profile=PROFILE)


def stored(number: int, version: str, name: str = "engine-win", line: str = "") -> StoredRelease:
    release = Release(component=name, version=version, upstream_version=version, line=line, channel="c")
    offer = Offer(source="s", target="t", line=line, channel="c", since=AT, until=None)
    return StoredRelease(id=number, release=release, first_seen_at=AT, offers=(offer,))


def declaration(name: str, *conditions: Condition, expectation: Expectation = Expectation.WORKS) -> Declaration:
    return Declaration(
        id=name,
        kind=DeclarationKind.STATED,
        expectation=expectation,
        conditions=conditions,
        sentence=name,
        provenance="page",
    )


ENGINE = Condition(name="engine-win", lines=("2.1",))
SPEC = Condition(name="spec", any_of=("1.0.0",))
NAT = Condition(name="nat", at_least="0.3.1")


def test_a_reader_that_fails_is_named_and_the_others_are_heard(tmp_path: Path) -> None:
    def fail(_: DeclaredView) -> Iterable[Declaration]:
        yield declaration("half")
        message = "table of 1999"
        raise ValueError(message)

    collected = collect_declared(
        place(tmp_path, Reader("broken", fail), Reader("good", lambda _: [declaration("a", ENGINE)])), []
    )

    assert [one.id for one in collected.declarations] == ["a"]
    assert collected.problems == ("declared evidence broken could not be read: ValueError: table of 1999",)


def test_a_reader_that_tells_something_else_is_named(tmp_path: Path) -> None:
    reader = Reader("odd", lambda _: ["works, I promise"])  # type: ignore[list-item]

    collected = collect_declared(place(tmp_path, reader), [])

    assert collected.declarations == ()
    assert collected.problems == (
        "declared evidence odd could not be read: TypeError: it told something that is no declaration",
    )


def test_an_id_that_is_used_twice_is_told_and_the_first_is_kept(tmp_path: Path) -> None:
    one, other = declaration("a", ENGINE), declaration("a", SPEC)

    collected = collect_declared(place(tmp_path, Reader("x", lambda _: [one]), Reader("y", lambda _: [other])), [])

    assert collected.declarations == (one,)
    assert "'a' a second time" in collected.problems[0]


def test_declarations_about_other_profiles_parts_are_left_out(tmp_path: Path) -> None:
    foreign = declaration("foreign", Condition(name="crun", any_of=("1",)), SPEC)
    general = declaration("general", expectation=Expectation.NOTHING)
    own = declaration("own", ENGINE)

    of_others = collect_declared(place(tmp_path, Reader("x", lambda _: [foreign, general])), [])
    of_both = collect_declared(place(tmp_path, Reader("x", lambda _: [foreign, general, own])), [])

    assert of_others.declarations == ()
    assert of_both.declarations == (general, own)


def test_readers_see_releases_newest_first_and_none_of_components_that_are_gone(tmp_path: Path) -> None:
    reader = Reader("x", lambda _: [])
    seen = [stored(1, "2.9"), stored(2, "2.10"), stored(3, "1.0", "nat"), stored(4, "7", "gone")]

    collect_declared(place(tmp_path, reader), seen)

    assert [(one.component, one.version) for one in reader.views[0].releases] == [
        ("engine-win", "2.10"),
        ("engine-win", "2.9"),
        ("nat", "1.0"),
    ]


def test_lines_are_those_of_the_offers_and_of_the_tag_rule_for_what_was_never_seen(tmp_path: Path) -> None:
    here = place(tmp_path, Reader("x", lambda _: [declaration("a", ENGINE, SPEC)]))
    seen = [stored(1, "2.1.0", line="trixie"), stored(2, "2.1.1", line="2.1")]
    book = expectations(here, collect_declared(here, seen), seen, today=TODAY)

    def kind(version: str) -> VerdictKind | None:
        asked, _ = asked_combination(here, [f"engine={version}", "spec=1.0.0"], seen)
        found = book.of(asked, "starts")
        return found.kind if found else None

    assert kind("2.1.0") is None
    assert kind("2.1.1") is VerdictKind.EXPECTED
    assert kind("2.1.99") is VerdictKind.EXPECTED


def test_versions_are_ordered_by_their_own_scheme(tmp_path: Path) -> None:
    here = place(tmp_path, Reader("x", lambda _: [declaration("a", NAT, SPEC)]))
    book = expectations(here, collect_declared(here, []), [], today=TODAY)

    asked, _ = asked_combination(here, ["cni=nat@0.10.0", "spec=1.0.0"], [])

    assert book.of(asked, "networks") is not None


def test_a_bound_on_a_variant_has_no_order_and_is_not_met(tmp_path: Path) -> None:
    odd = declaration("a", Condition(name="spec", at_least="0.4.0"), NAT)
    here = place(tmp_path, Reader("x", lambda _: [odd]))
    book = expectations(here, collect_declared(here, []), [], today=TODAY)

    asked, _ = asked_combination(here, ["cni=nat@0.3.1", "spec=1.0.0"], [])

    assert book.applying(asked) == ()


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        (["cni=nat@0.3.1"], True),
        (["cni=nat@0.3.0"], False),
        (["cni=others@0.3.1"], False),
        (["spec=1.0.0"], True),
        (["cni=nat@0.3.1", "spec=0.4.0"], False),
        (["engine=2.1.0"], False),
        (["cni=absent"], False),
    ],
)
def test_what_bears_on_a_part_of_a_combination_speaks_of_it_and_not_against_it(
    tmp_path: Path, pins: list[str], *, expected: bool
) -> None:
    one = declaration("a", NAT, SPEC)
    here = place(tmp_path, Reader("x", lambda _: [one]))
    book = expectations(here, collect_declared(here, []), [], today=TODAY)

    asked, _ = asked_combination(here, pins, [])

    assert bears_on(one, asked, book, PROFILE) is expected


def test_a_version_that_nobody_saw_may_be_asked_and_is_told_as_such(tmp_path: Path) -> None:
    seen = [stored(1, "2.1.0")]

    asked, unseen = asked_combination(place(tmp_path), ["engine=2.1.0", "nat=0.3.1", "spec=1.0.0"], seen)

    assert str(asked) == "cni=nat@0.3.1 engine=2.1.0 spec=1.0.0"
    assert [str(value) for value in unseen] == ["cni=nat@0.3.1"]


@pytest.mark.parametrize(
    "pins", [["engin=2.1.0"], ["spec=9"], ["engine=new"], ["cni=0.3.1"], ["cni=crun@1"], ["nat=0.3.1", "cni=nat@0.3.0"]]
)
def test_what_cannot_be_a_value_is_refused(tmp_path: Path, pins: list[str]) -> None:
    with pytest.raises(UsageError):
        asked_combination(place(tmp_path), pins, [])


def test_the_strongest_and_the_newest_come_first() -> None:
    old = replace(declaration("a"), said_on=date(2024, 1, 1))
    new = replace(declaration("b"), said_on=date(2026, 1, 1))
    rule = replace(declaration("0"), kind=DeclarationKind.RULE, said_on=date(2026, 2, 2))

    assert strongest_first([rule, old, new]) == [new, old, rule]
