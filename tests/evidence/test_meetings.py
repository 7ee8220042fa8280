"""Whether a whole row can be made of some values, told without trying all rows."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.drawing import relaxed
from tests.evidence.world import Fault, World, axis, pick
from tracker.evidence.meetings import Meetings
from tracker.model import Exclusion

if TYPE_CHECKING:
    from tracker.model import Culprit, Value

AXES = (axis("a", "3", "2", "1"), axis("b", "2", "1"), axis("c", "2", "1"))
LIVE = {one.name: one.values for one in AXES}


@st.composite
def exclusions(draw: st.DrawFn) -> Exclusion:
    one, other = draw(st.permutations(list(LIVE)))[:2]
    texts = st.frozensets(st.sampled_from("123"), max_size=2)
    return Exclusion(
        one=one,
        other=other,
        one_texts=draw(texts),
        other_texts=draw(texts),
        except_other=draw(st.frozensets(st.sampled_from("12"), max_size=1)),
        reason="They cannot.",
    )


def _blamed() -> tuple[Culprit, ...]:
    values = {str(value): value for one in AXES for value in one.values}
    hidden = [{"a=3"}, {"b=2", "c=2"}]
    world = World(
        axes=AXES,
        exercises={"runs": frozenset(LIVE)},
        faults=[
            Fault(capability="runs", values=frozenset(values[text] for text in texts), is_deterministic=True)
            for texts in hidden
        ],
    )
    world.settle(most_jobs=60)
    found = world.judge().culprits
    assert {frozenset(map(str, one.values)) for one in found} == set(map(frozenset, hidden))
    return found


BLAMED = _blamed()


@settings(relaxed, max_examples=100)
@given(st.lists(exclusions(), max_size=4), st.sets(st.sampled_from(BLAMED)))
def test_a_row_can_be_made_exactly_where_one_of_all_rows_holds_the_values_and_nothing_known_forbids_it(
    rules: list[Exclusion], blamed: set[Culprit]
) -> None:
    meetings = Meetings(LIVE, rules)
    meetings.learn(blamed)

    def is_allowed(row: tuple[Value, ...]) -> bool:
        return not any(rule.forbids(*pair) for rule in rules for pair in combinations(row, 2)) and not any(
            one.is_in(row) for one in blamed
        )

    allowed = [set(row) for row in product(*LIVE.values()) if is_allowed(row)]
    for row in product(*LIVE.values()):
        for size in (1, 2, 3):
            for values in combinations(row, size):
                assert meetings.is_feasible(values) == any(set(values) <= one for one in allowed)


def test_a_part_that_is_blamed_alone_is_out_and_one_that_is_blamed_with_another_is_not() -> None:
    meetings = Meetings(LIVE, ())
    assert meetings.is_feasible(tuple(pick(AXES)))

    meetings.learn(BLAMED)

    assert [str(value) for values in LIVE.values() for value in values if meetings.is_out(value)] == ["a=3"]
