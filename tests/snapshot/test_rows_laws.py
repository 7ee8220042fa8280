"""What the database finds is what reading every row would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Combination, Factor, Value, Verdict, VerdictKind
from tracker.naming import KnownValue
from tracker.snapshot import SnapshotRow, VerdictSnapshot
from tracker.snapshot.ages import BEST_FIRST, Clock, badness
from tracker.snapshot.content import HostVerdicts
from tracker.snapshot.opened import in_memory
from tracker.snapshot.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHAIN = ("starts", "runs")
ENGINE = Factor(name="engine", title="", components=("engine",))
DRIVER = Factor(name="driver", title="", components=("nat", "bridge"))
MODE = Factor(name="mode", title="", variants=("b", "a"))
FACTORS = (ENGINE, DRIVER, MODE)
VALUES = (
    *(ENGINE.value(version) for version in ("3-rc", "2", "1")),
    *(DRIVER.value(version, name) for name in DRIVER.components for version in ("2", "1")),
    *(MODE.value(variant) for variant in MODE.variants),
)
FORMER = ENGINE.value("0")
SHY = {ENGINE.value("3-rc")}
ALL = [Combination.of(values) for values in product((*VALUES[:3], FORMER), VALUES[3:7], VALUES[7:])]


@st.composite
def verdicts(draw: st.DrawFn, combination: Combination, capability: str) -> Verdict:
    kind, was = draw(st.sampled_from(BEST_FIRST))
    ages = kind in {VerdictKind.WORKS, VerdictKind.BROKEN, VerdictKind.STALE}
    at = NOW - timedelta(days=draw(st.integers(0, 9)))
    fails = kind is VerdictKind.BROKEN
    return Verdict(
        combination=combination,
        capability=capability,
        kind=kind,
        was=was,
        sentence="It is so.",
        observed_at=at if ages else None,
        fresh_until=at + timedelta(days=5) if ages else None,
        exercised=tuple(sorted(draw(st.sets(st.sampled_from([one.name for one in FACTORS]))))) if fails else (),
    )


@st.composite
def rows_of_a_host(draw: st.DrawFn) -> tuple[SnapshotRow, ...]:
    ran = draw(st.sets(st.sampled_from(ALL), max_size=9))
    return tuple(
        SnapshotRow(combination=one, verdicts={name: draw(verdicts(one, name)) for name in CHAIN})
        for one in sorted(ran, key=lambda one: one.key)
    )


@st.composite
def snapshots(draw: st.DrawFn) -> VerdictSnapshot:
    own, other = draw(rows_of_a_host()), draw(rows_of_a_host())
    known = (
        KnownValue(value=value, upstream=value.version, is_live=True, is_proposable=value not in SHY)
        for value in VALUES
    )
    return VerdictSnapshot(
        profile="p",
        title="",
        scenario="s",
        host_key="",
        capabilities=CHAIN,
        required=CHAIN,
        factors=FACTORS,
        values=tuple(known),
        rows=own,
        others=(HostVerdicts(host_key="elsewhere", host_title="", rows=other, judgement={}),),
    )


CLOCKS = st.builds(
    Clock, now=st.just(NOW), max_age=st.none() | st.integers(0, 12).map(lambda days: timedelta(days=days))
)
NAMED = [one for one in ALL if FORMER not in one]
PINS = st.sampled_from(NAMED).flatmap(lambda one: st.sets(st.sampled_from(one.values)))
NEEDS = st.sampled_from([("starts",), ("runs",), CHAIN])


def places(combination: Combination) -> list[int]:
    order = [*VALUES, FORMER]
    return [order.index(combination[factor.name]) for factor in FACTORS]


def worst(row: SnapshotRow, needs: Sequence[str], clock: Clock) -> int:
    return max(badness(clock.aged(row.verdicts[need])) for need in needs)


def is_proposable(row: SnapshotRow, pins: set[Value]) -> bool:
    return not any(value in SHY and value not in pins for value in row.combination)


def is_newer(row: SnapshotRow, pins: set[Value]) -> bool:
    order = [*VALUES, FORMER]
    pairs = [(row.combination[pin.factor], pin) for pin in pins]
    return (
        all(one.component == pin.component for one, pin in pairs)
        and all(order.index(one) <= order.index(pin) for one, pin in pairs)
        and any(one != pin for one, pin in pairs)
    )


@given(snapshots(), PINS, NEEDS, CLOCKS)
def test_rows_that_hold_the_pins_are_counted_and_the_best_is_the_newest_of_the_best(
    snapshot: VerdictSnapshot, pins: set[Value], needs: tuple[str, ...], clock: Clock
) -> None:
    holding = [row for row in snapshot.rows if all(pin in row.combination for pin in pins)]
    order = [
        (worst(row, needs, clock), not is_proposable(row, {*pins, *row.combination} & pins), places(row.combination))
        for row in holding
    ]

    with in_memory(snapshot) as opened:
        rows = Rows(opened, {pin.factor: pin for pin in pins}, needs, clock)
        best = rows.best()

        assert rows.holding_count() == len(holding)
        assert (best is None) == (not holding)
        if best is not None:
            row = opened.row(best)
            assert row in holding
            assert worst(row, needs, clock) == min(order)[0]
            assert places(row.combination) == min(order)[2]


@given(snapshots(), PINS, NEEDS, CLOCKS)
def test_working_rows_come_by_the_pins_that_they_keep_and_newer_ones_by_age(
    snapshot: VerdictSnapshot, pins: set[Value], needs: tuple[str, ...], clock: Clock
) -> None:
    working = [row for row in snapshot.rows if worst(row, needs, clock) == 0 and is_proposable(row, set(pins))]
    nearest = sorted(
        working, key=lambda row: (sum(pin not in row.combination for pin in pins), places(row.combination))
    )
    newer = sorted((row for row in working if is_newer(row, pins)), key=lambda row: places(row.combination))

    with in_memory(snapshot) as opened:
        rows = Rows(opened, {pin.factor: pin for pin in pins}, needs, clock)

        assert [opened.row(number) for number in rows.nearest_working(99)] == nearest
        assert [opened.row(number) for number in rows.newer_working(99)] == newer


@given(snapshots(), PINS, NEEDS, CLOCKS)
def test_pins_are_blamed_for_what_failed_exercising_nothing_else(
    snapshot: VerdictSnapshot, pins: set[Value], needs: tuple[str, ...], clock: Clock
) -> None:
    names = {pin.factor for pin in pins}
    blamed = []
    for row in snapshot.rows:
        decisive = max((clock.aged(row.verdicts[need]) for need in needs), key=badness)
        holds = all(pin in row.combination for pin in pins)
        if holds and decisive.kind is VerdictKind.BROKEN and set(decisive.exercised) <= names:
            blamed.append(row)

    with in_memory(snapshot) as opened:
        number = Rows(opened, {pin.factor: pin for pin in pins}, needs, clock).blamed()

        found = None if number is None else opened.row(number)
        assert found == min(blamed, key=lambda row: places(row.combination), default=None)


@given(snapshots(), st.sampled_from(ALL))
def test_a_combination_was_run_where_a_row_says_so(snapshot: VerdictSnapshot, combination: Combination) -> None:
    with in_memory(snapshot) as opened:
        was_run = Rows(opened, {}, CHAIN, Clock(now=NOW)).was_run(combination)

        assert was_run == (combination in {row.combination for row in snapshot.rows})
        assert opened.whole() == snapshot


@given(snapshots(), PINS, NEEDS, CLOCKS)
def test_another_host_answers_by_its_own_rows_alone(
    snapshot: VerdictSnapshot, pins: set[Value], needs: tuple[str, ...], clock: Clock
) -> None:
    (other,) = snapshot.others
    pinned = {pin.factor: pin for pin in pins}

    with in_memory(snapshot) as opened, in_memory(replace(snapshot, rows=other.rows, others=())) as alone:
        here, there = Rows(opened.on(1), pinned, needs, clock), Rows(alone, pinned, needs, clock)

        assert opened.on(1).host_key == "elsewhere"
        assert here.holding_count() == there.holding_count()
        assert [opened.row(one) for one in here.nearest_working(99)] == [
            alone.row(one) for one in there.nearest_working(99)
        ]
