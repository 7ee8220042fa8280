"""Simulated worlds that Hypothesis draws, and how long they may take to be known."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.evidence.world import RETRY_AFTER, Fault, World, axis

if TYPE_CHECKING:
    from tracker.model import Job, Value

CAPABILITIES = ("installs", "runs", "networks")
relaxed = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def worlds(draw: st.DrawFn, *, has_errors: bool = False, flake_rate: float = 0.0) -> World:
    """Draw a host with two to four factors, item and pair faults, and perhaps values that always err."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    axes = tuple(axis(f"f{place}", *(f"v{number}" for number in range(size))) for place, size in enumerate(sizes))
    names = [one.name for one in axes]
    exercises = {
        "installs": frozenset(draw(st.sets(st.sampled_from(names), min_size=1))),
        "runs": frozenset(draw(st.sets(st.sampled_from(names), min_size=1))),
        "networks": frozenset(names),
    }
    faults = draw(
        st.lists(_faults(axes_values={one.name: one.values for one in axes}, exercises=exercises), max_size=4)
    )
    everything = [value for one in axes for value in one.values]
    errors = draw(st.lists(st.sampled_from(everything), max_size=1)) if has_errors else []
    return World(
        axes=axes,
        exercises=exercises,
        faults=faults,
        errors=errors,
        flake_rate=flake_rate,
        seed=draw(st.integers(0, 1000)),
        self_test_passed=draw(st.booleans()),
    )


@st.composite
def _faults(
    draw: st.DrawFn, *, axes_values: dict[str, tuple[Value, ...]], exercises: dict[str, frozenset[str]]
) -> Fault:
    capability = draw(st.sampled_from(CAPABILITIES))
    names = draw(st.sets(st.sampled_from(sorted(exercises[capability])), min_size=1, max_size=2))
    values = frozenset(draw(st.sampled_from(axes_values[name])) for name in sorted(names))
    return Fault(capability=capability, values=values, is_deterministic=draw(st.booleans()))


def bound(world: World) -> int:
    """Return a generous bound: each row at most thrice as often as the rules could ever ask for."""
    sizes = [len(one.values) for one in world.axes]
    pairs = sum(one * other for one, other in combinations(sizes, 2))
    return 12 * pairs + 40


def settled(world: World, budget_jobs: int = 200) -> list[Job]:
    """Run plans until one is empty, and once more after the back-off of errors."""
    done: list[Job] = []
    world.settle(most_jobs=bound(world), budget_jobs=budget_jobs, seen=done.append)
    world.now += RETRY_AFTER
    world.settle(most_jobs=bound(world), budget_jobs=budget_jobs, seen=done.append)
    return done
