"""What people come for, and the cells of two factors across."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from tests.evidence.world import World
from tests.render.misfit_world import AXES, EXERCISES, fault
from tracker.model import VerdictKind
from tracker.passes.picks import base_of, cells, needs

if TYPE_CHECKING:
    from tests.evidence.world import Fault
    from tracker.model import Profile
    from tracker.passes.judging import Judged


def _judged(*faults: Fault) -> tuple[Profile, Judged]:
    world = World(axes=AXES, exercises=EXERCISES, faults=faults)
    world.settle(most_jobs=120)
    return world.profile, cast("Judged", SimpleNamespace(axes=AXES, judgement=world.judge()))


def test_people_need_all_first_then_each_variant_then_ever_less() -> None:
    profile, judged = _judged()

    found = [(need, [str(value) for value in held]) for need, held in needs(profile, judged.axes)]

    assert found == [
        ("networks", []),
        ("networks", ["spec=z"]),
        ("networks", ["spec=y"]),
        ("networks", ["spec=x"]),
        ("installs", []),
    ]


def test_every_two_values_have_a_cell_beside_the_recommended_rest() -> None:
    profile, judged = _judged(fault("engine=3", "spec=z"))
    base = base_of(profile, judged)
    assert base is not None

    found = cells(profile, judged, {base: {}})

    assert base not in found
    rows = {base, *found}
    for one in AXES:
        for other in AXES:
            if one is not other:
                for values in ((a, b) for a in one.values for b in other.values):
                    assert base.replace(values[0]).replace(values[1]) in rows
    broken = base.replace(AXES[0].values[0]).replace(AXES[2].values[0])
    assert found[broken]["networks"].kind is VerdictKind.BROKEN


def test_where_nothing_works_there_is_no_rest_to_stand_beside() -> None:
    profile, judged = _judged(*(fault(f"engine={version}", capability="installs") for version in "321"))

    assert base_of(profile, judged) is None
    assert cells(profile, judged, {}) == {}
