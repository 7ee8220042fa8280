"""The real Linux world, as measured on Debian 12: what a newcomer's machine goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.evidence.world import Fault, World, axis, pick
from tracker.evidence.newest import newest_working
from tracker.model import Axis, Value

if TYPE_CHECKING:
    from tracker.model import Job

AXES = (
    axis("containerd", "2.1.9", "1.7.24", "1.6.20"),
    axis(
        "runtime",
        *("runc@1.4.3", "runc@1.3.6", "runc@1.1.15", "runc@1.1.5", "crun@1.28", "crun@1.21", "crun@1.8.1"),
        components=("runc", "crun"),
    ),
    axis("cni-plugins", "1.9.1", "1.1.1+b", "1.1.1"),
    axis("cni-spec", "1.1.0", "1.0.0", "0.4.0"),
)
EXERCISES = {
    "installs": frozenset({"containerd", "runtime", "cni-plugins"}),
    "starts": frozenset({"containerd"}),
    "pulls": frozenset({"containerd"}),
    "runs": frozenset({"containerd", "runtime"}),
    "networks": frozenset({"containerd", "runtime", "cni-plugins", "cni-spec"}),
}
TOO_NEW_FOR_THE_HOST = ("runc@1.4.3", "runc@1.3.6", "runc@1.1.15", "crun@1.28", "crun@1.21")


def value(factor: str, text: str) -> Value:
    return next(one for factor_axis in AXES for one in factor_axis.values if (one.factor, one.text) == (factor, text))


def _faults(*, cni_is_deterministic: bool) -> list[Fault]:
    newest_spec = value("cni-spec", "1.1.0")
    partners = [value("containerd", "1.7.24"), value("containerd", "1.6.20")]
    partners += [value("cni-plugins", "1.1.1+b"), value("cni-plugins", "1.1.1")]
    return [
        *(
            Fault(
                capability="installs",
                values=frozenset({value("runtime", text)}),
                exercises=frozenset({"runtime"}),
                is_deterministic=True,
                cause="version `GLIBC_2.38' not found",
            )
            for text in TOO_NEW_FOR_THE_HOST
        ),
        Fault(capability="runs", values=frozenset({value("runtime", "crun@1.8.1")}), cause="unknown version specified"),
        *(
            Fault(
                capability="networks",
                values=frozenset({newest_spec, partner}),
                is_deterministic=cni_is_deterministic,
                cause="incompatible CNI versions",
            )
            for partner in partners
        ),
    ]


def linux_world(*, cni_is_deterministic: bool = True) -> World:
    return World(axes=AXES, exercises=EXERCISES, faults=_faults(cni_is_deterministic=cni_is_deterministic))


@pytest.mark.parametrize("budget_jobs", [1, 2, 200])
@pytest.mark.parametrize("cni_is_deterministic", [True, False])
def test_the_linux_world_is_known_after_few_jobs(*, cni_is_deterministic: bool, budget_jobs: int) -> None:
    world = linux_world(cni_is_deterministic=cni_is_deterministic)
    good_after: list[int] = []

    def note(job: Job) -> None:
        if world.works(job.combination):
            good_after.append(world.run_count + 1)

    jobs = world.settle(most_jobs=70, budget_jobs=budget_jobs, seen=note)

    judgement = world.judge()
    print(f"budget {budget_jobs}: first known-good after {good_after[0]} jobs, plan empty after {jobs}")  # noqa: T201
    assert good_after[0] <= 4
    assert newest_working(AXES, judgement, "networks") == pick(AXES, runtime="runc@1.1.5")
    for combination, verdicts in judgement.verdicts.items():
        assert verdicts["networks"].kind == ("works" if world.works(combination) else "broken"), combination


def test_every_runtime_that_the_host_cannot_load_is_broken_with_the_loaders_words() -> None:
    world = linux_world()
    world.settle(most_jobs=60)

    for text in TOO_NEW_FOR_THE_HOST:
        verdicts = [
            found["networks"]
            for combination, found in world.judge().verdicts.items()
            if combination["runtime"].text == text
        ]
        assert {(one.kind.value, one.because_of, one.cause) for one in verdicts} == {
            ("broken", "installs", "version `GLIBC_2.38' not found")
        }


def test_a_new_containerd_costs_an_anchor_and_the_longest_other_axis_of_those_that_can_run() -> None:
    world = linux_world()
    world.settle(most_jobs=60)
    before = world.run_count
    newer = AXES[0].factor.value("2.2.0")
    world.axes = (Axis(factor=AXES[0].factor, values=(newer, *AXES[0].values)), *AXES[1:])
    planned: list[Job] = []
    world.settle(most_jobs=20, seen=planned.append)

    assert planned[0].combination == pick(AXES, runtime="runc@1.1.5").replace(newer)
    assert all(newer in job.combination for job in planned if job.kind in {"anchor", "sweep"})
    # The four pairs that were named for want of another containerd may get their second row with it.
    seconds = [job for job in planned if job.kind == "isolate"]
    assert len(seconds) <= 4
    assert world.run_count - before <= 1 + 7 + 4 + 2 * len(seconds)
