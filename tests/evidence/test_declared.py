from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.declared import Expectations, applies
from tracker.model import (
    ABSENT,
    Combination,
    Condition,
    Declaration,
    DeclarationKind,
    Expectation,
    Value,
    VerdictKind,
)

TODAY = date(2026, 11, 23)
CHAIN = ("installs", "starts", "runs", "networks")


def number(_component: str, version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def minor(_component: str, version: str) -> str:
    return ".".join(version.split(".")[:2])


def combination(**versions: str) -> Combination:
    variants = {"spec"}
    return Combination.of(
        Value(name, version, "" if name in variants or version == ABSENT else name)
        for name, version in versions.items()
    )


def declared(
    name: str = "one",
    *conditions: Condition,
    kind: DeclarationKind = DeclarationKind.STATED,
    expectation: Expectation = Expectation.WORKS,
    capability: str = "",
    until: date | None = None,
) -> Declaration:
    return Declaration(
        id=name,
        kind=kind,
        expectation=expectation,
        conditions=conditions,
        capability=capability,
        sentence=f"{name} is said",
        provenance=f"{name} page",
        until=until,
    )


def expectations(*declarations: Declaration, today: date = TODAY) -> Expectations:
    return Expectations(declarations, order=number, line_of=minor, capabilities=CHAIN, today=today)


ENGINE = Condition(name="engine", any_of=("1.0",))
CLIENT = Condition(name="client", lines=("2.1", "2.2"))
PAIR = declared("pair", ENGINE, CLIENT)


@pytest.mark.parametrize(
    ("condition", "versions", "is_met"),
    [
        pytest.param(
            Condition(name="engine", any_of=("1.0", "1.2")), {"engine": "1.2"}, True, id="one of the versions"
        ),
        pytest.param(Condition(name="engine", any_of=("1.0",)), {"engine": "1.2"}, False, id="another version"),
        pytest.param(Condition(name="engine", lines=("1.7",)), {"engine": "1.7.34"}, True, id="the line"),
        pytest.param(Condition(name="engine", lines=("1.7",)), {"engine": "1.70.3"}, False, id="a line alike"),
        pytest.param(Condition(name="engine", at_least="1.9"), {"engine": "1.10"}, True, id="later by number"),
        pytest.param(Condition(name="engine", at_least="1.9"), {"engine": "1.9"}, True, id="the bound itself"),
        pytest.param(Condition(name="engine", below="1.9"), {"engine": "1.9"}, False, id="not below itself"),
        pytest.param(Condition(name="engine", at_least="1.2", below="1.9"), {"engine": "1.5"}, True, id="between"),
        pytest.param(Condition(name="engine", at_least="1.2"), {"engine": "file:x"}, False, id="no order"),
        pytest.param(Condition(name="spec", any_of=("1.0.0",)), {"spec": "1.0.0"}, True, id="a variant"),
        pytest.param(Condition(name="engine"), {"engine": "1.2"}, True, id="it is there"),
        pytest.param(Condition(name="engine"), {"engine": ABSENT}, False, id="it is not there"),
        pytest.param(Condition(name="engine", is_absent=True), {"engine": ABSENT}, True, id="absent as demanded"),
        pytest.param(Condition(name="engine", is_absent=True), {"engine": "1.2"}, False, id="there against demand"),
        pytest.param(Condition(name="engine", is_absent=False), {"engine": "1.2"}, True, id="there as demanded"),
        pytest.param(Condition(name="engine"), {"client": "1.2"}, False, id="not named"),
    ],
)
def test_a_condition_holds_only_when_all_that_it_says_holds(
    condition: Condition, versions: dict[str, str], *, is_met: bool
) -> None:
    assert applies(declared("one", condition), combination(**versions), number, minor) is is_met


def test_a_condition_on_one_alternative_does_not_hold_for_another() -> None:
    other = Combination.of([Value("plugins", "0.3.1", "others", is_alternative=True)])

    assert not applies(declared("one", Condition(name="nat", any_of=("0.3.1",))), other, number, minor)


def test_what_has_no_conditions_speaks_of_no_combination() -> None:
    one = declared("one")

    assert not applies(one, combination(engine="1.0"), number, minor)
    assert expectations(one).applying(combination(engine="1.0")) == ()


def test_a_statement_about_two_parts_lets_one_expect_that_they_work_together() -> None:
    found = expectations(PAIR).of(combination(engine="1.0", client="2.1.4"), "networks")

    assert found is not None
    assert found.kind is VerdictKind.EXPECTED
    assert found.sentence == "Expected to work: pair is said (stated by upstream: pair page)."
    assert found.declarations == (PAIR,)


def test_a_statement_about_one_part_lets_one_expect_nothing_of_its_partners() -> None:
    alone = declared("alone", ENGINE)

    assert expectations(alone).of(combination(engine="1.0", client="2.1.4"), "runs") is None


def test_what_nobody_speaks_of_is_named() -> None:
    found = expectations(PAIR).of(combination(engine="1.0", client="2.1.4", image="5", spec="1.0.0"), "runs")

    assert found is not None
    assert found.sentence.endswith(" Nothing of that speaks of image, spec.")


def test_one_expected_failure_outweighs_all_that_others_expect_and_both_are_told() -> None:
    against = declared("against", ENGINE, kind=DeclarationKind.RULE, expectation=Expectation.FAILS, capability="runs")

    found = expectations(PAIR, against).of(combination(engine="1.0", client="2.1.4"), "runs")

    assert found is not None
    assert found.kind is VerdictKind.DOUBTFUL
    assert found.sentence == (
        "Doubtful: against is said (predicted by a rule: against page). "
        "Others expect it to work: pair is said (stated by upstream: pair page)."
    )
    assert found.declarations == (against, PAIR)


@pytest.mark.parametrize(
    ("capability", "is_doubtful"), [("installs", False), ("starts", False), ("runs", True), ("networks", True)]
)
def test_a_failure_is_expected_of_the_capability_it_names_and_of_all_that_need_it(
    capability: str, *, is_doubtful: bool
) -> None:
    against = declared("against", ENGINE, expectation=Expectation.FAILS, capability="runs")

    found = expectations(against).of(combination(engine="1.0"), capability)

    assert (found is not None) is is_doubtful


def test_what_is_for_information_changes_no_expectation() -> None:
    told = declared("told", ENGINE, CLIENT, expectation=Expectation.NOTHING)

    assert expectations(told).of(combination(engine="1.0", client="2.1.4"), "runs") is None
    assert expectations(told).applying(combination(engine="1.0", client="2.1.4")) == (told,)


def test_a_statement_holds_on_its_last_day_and_not_after_it() -> None:
    ending = declared("ending", ENGINE, CLIENT, until=TODAY)
    both = combination(engine="1.0", client="2.1.4")

    assert expectations(ending).of(both, "runs") is not None
    assert expectations(ending, today=date(2026, 11, 24)).of(both, "runs") is None


def test_the_strongest_kind_is_told_first_whatever_its_place() -> None:
    shipped = declared("a", ENGINE, CLIENT, kind=DeclarationKind.SHIPPED)
    stated = declared("b", ENGINE, CLIENT, kind=DeclarationKind.STATED)

    found = expectations(shipped, stated).of(combination(engine="1.0", client="2.1.4"), "runs")

    assert found is not None
    assert found.declarations == (stated, shipped)


VERSIONS = st.sampled_from(["1.0", "1.2", "1.10", "2.0", ABSENT])
CONDITIONS = st.builds(
    Condition,
    name=st.sampled_from(["engine", "client", "spec"]),
    any_of=st.lists(VERSIONS, max_size=2).map(tuple),
    lines=st.lists(st.sampled_from(["1.0", "1.2", "2.0"]), max_size=2).map(tuple),
    at_least=st.sampled_from(["", "1.0", "1.2"]),
    below=st.sampled_from(["", "1.10", "2.0"]),
    is_absent=st.sampled_from([None, None, True, False]),
)


@given(
    st.lists(st.lists(CONDITIONS, max_size=3), max_size=6),
    st.dictionaries(st.sampled_from(["engine", "client", "spec"]), VERSIONS),
)
def test_the_index_finds_exactly_what_applies(conditions: list[list[Condition]], versions: dict[str, str]) -> None:
    declarations = [declared(f"{place}", *own) for place, own in enumerate(conditions)]
    asked = combination(**versions)

    found = expectations(*declarations).applying(asked)

    assert set(found) == {one for one in declarations if applies(one, asked, number, minor)}
