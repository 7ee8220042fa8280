"""With whom a part is tried before it is blamed alone, and where nothing more can be tried (rule 5)."""

from __future__ import annotations

from tests.evidence.world import RETRY_AFTER, Fault, World, axis, pick
from tracker.model import ABSENT, Combination, Exclusion

LAST = "networks"


def world(*sizes: int, absent: tuple[int, ...] = (), faults: list[tuple[str, ...]]) -> World:
    """Return one with factors ``f0``, ``f1`` and so on, whose versions go from their size down to 1.

    Args:
        sizes: how many versions each has.
        absent: the factors that can be missing.
        faults: what fails at the last capability.
    """
    axes = tuple(
        axis(f"f{place}", *(f"v{size - age}" for age in range(size)), *([ABSENT] if place in absent else []))
        for place, size in enumerate(sizes)
    )
    values = {str(value): value for one in axes for value in one.values}
    hidden = [
        Fault(capability=LAST, values=frozenset(values[text] for text in texts), is_deterministic=True)
        for texts in faults
    ]
    return World(axes=axes, exercises={LAST: frozenset(one.name for one in axes)}, faults=hidden)


def blamed(made: World) -> set[str]:
    made.settle(most_jobs=400)
    return {" ".join(map(str, culprit.values)) for culprit in made.judge().culprits}


def rule(one: str, one_text: str, other: str, other_text: str) -> Exclusion:
    return Exclusion(
        one=one,
        one_texts=frozenset({one_text}),
        other=other,
        other_texts=frozenset({other_text}),
        reason="They cannot.",
    )


def test_a_part_meets_all_partners_though_one_of_its_failures_lacked_a_factor() -> None:
    made = world(4, 4, 4, absent=(0, 1), faults=[("f1=v4",), ("f1=v2",), ("f0=v1", "f2=v3")])

    assert blamed(made) == {"f1=v4", "f1=v2", "f0=v1 f2=v3"}


def test_the_last_rows_of_partners_are_tried_though_they_differ_in_two_parts_from_the_one_that_is_met_least() -> None:
    made = world(3, 4, 3, faults=[("f0=v1",), ("f0=v3",), ("f1=v4", "f0=v2"), ("f2=v1", "f1=v3"), ("f2=v1", "f1=v2")])
    made.exclusions = [rule("f2", "v1", "f1", "v3")]

    assert blamed(made) >= {"f0=v1", "f0=v3"}


def test_a_partner_that_an_exclusion_keeps_away_does_not_keep_a_part_from_being_blamed() -> None:
    made = world(1, 2, 4, 2, faults=[("f3=v2",)])
    made.exclusions = [rule("f0", "v1", "f1", "v2")]

    assert "f3=v2" in blamed(made)


def test_a_partner_that_ends_in_an_error_whenever_it_is_tried_does_not_keep_a_part_from_being_blamed() -> None:
    made = world(3, 3, 3, faults=[("f1=v2",)])
    made.errors = {made.axes[0].values[1]}
    assert "f1=v2" not in blamed(made)

    for _ in range(3):
        made.now += RETRY_AFTER
        blamed(made)

    assert "f1=v2" in blamed(made)


def test_one_error_of_a_partner_proves_nothing_yet() -> None:
    made = world(2, 2, faults=[("f0=v2", "f1=v1")])
    made.run(pick(made.axes, f0="v1"))
    made.run(pick(made.axes, f0="v1", f1="v1"))
    made.run(pick(made.axes, f1="v1"))
    made.errors = set(made.axes[0].values)
    made.run(pick(made.axes))

    assert made.judge().culprits == ()


def test_rows_that_hold_another_misfit_do_not_use_up_what_a_part_is_tried_with() -> None:
    made = world(3, 3, 3, 3, faults=[("f3=v2",), ("f0=v1", "f2=v3"), ("f0=v1", "f1=v3"), ("f0=v1", "f1=v2")])

    assert "f3=v2" in blamed(made)


def test_a_part_is_blamed_though_its_newest_partners_fail_together_before_it_is_reached() -> None:
    made = world(3, 3, 3, faults=[("f2=v2",)])
    early = frozenset({made.axes[0].values[0], made.axes[1].values[0]})
    names = frozenset(one.name for one in made.axes)
    made.exercises = {"starts": frozenset({"f0", "f1"}), LAST: names}
    made.faults = [*made.faults, Fault(capability="starts", values=early, is_deterministic=True)]

    assert blamed(made) == {"f0=v3 f1=v3", "f2=v2"}


def test_a_pair_is_met_only_where_nothing_else_failed_that_can_be_replaced() -> None:
    made = world(5, 2, 2, faults=[("f1=v1", "f2=v1")])
    bad = [value for value in made.axes[0].values if value.text != "v3"]
    names = frozenset(one.name for one in made.axes)
    made.exercises = {"installs": names, LAST: names}
    made.faults = [
        *made.faults,
        *(
            Fault(capability="installs", values=frozenset({one}), is_deterministic=True, exercises=frozenset({"f0"}))
            for one in bad
        ),
    ]
    for one in bad:
        made.run(Combination.of([one, *(other.values[-1] for other in made.axes[1:])]))

    assert "f1=v1 f2=v1" in blamed(made)
