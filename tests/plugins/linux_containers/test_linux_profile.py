"""Profile, scenario and components fit together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.linux_containers.causes import CAUSES

from tracker.registry import Registry, build_registry
from tracker.smoke.causes import find_cause
from tracker.smoke.digests import code_digest, scenario_digest

if TYPE_CHECKING:
    from tracker.model import Cause


@pytest.fixture(scope="module")
def registry() -> Registry:
    return build_registry()


def test_all_that_the_profile_names_is_registered(registry: Registry) -> None:
    profile = registry.profiles["linux-containers"]

    assert profile.scenario in registry.scenarios
    assert set(profile.component_names) <= set(registry.components)
    assert set(profile.required) <= set(profile.capabilities)
    for name in profile.component_names:
        component = registry.components[name]
        assert component.source in registry.sources
        assert component.scheme in registry.version_schemes
        assert component.installer in registry.installers


def test_steps_follow_the_capabilities_and_exercise_factors_of_the_profile(registry: Registry) -> None:
    profile = registry.profiles["linux-containers"]
    scenario = registry.scenarios[profile.scenario]
    factors = {factor.name for factor in profile.factors}

    order = [profile.capabilities.index(step.capability) for step in scenario.steps]
    assert order == sorted(order)
    assert set(order) == set(range(len(profile.capabilities)))
    assert len({step.name for step in scenario.steps}) == len(scenario.steps)
    assert all(step.exercises <= factors for step in scenario.steps)
    assert scenario.steps[-1].exercises == factors
    assert not any(step.needs_root for step in scenario.steps if step.capability == "installs")
    assert set(scenario.installers) <= set(registry.installers)


def test_each_install_step_exercises_one_factor_alone(registry: Registry) -> None:
    steps = [step for step in registry.scenarios["linux-containers"].steps if step.capability == "installs"]

    assert sorted(sorted(step.exercises) for step in steps) == [["cni-plugins"], ["containerd"], ["runtime"]]


def test_the_host_key_is_made_of_facts_that_are_gathered(registry: Registry) -> None:
    gathered = registry.host_facts["linux"].gather()

    assert set(registry.profiles["linux-containers"].host_key) <= {"libc", "cgroup", "kernel", "arch"}
    assert {"kernel", "arch"} <= set(gathered)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_every_sentence_can_be_filled_from_its_pattern(cause: Cause) -> None:
    groups = re.compile(cause.pattern).groupindex

    assert cause.sentence.format_map(dict.fromkeys(groups, "x")).endswith(".")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param(
            "usr/sbin/runc: /lib/x/libc.so.6: version `GLIBC_2.38' not found (required by usr/sbin/runc)",
            "libc-too-old",
            id="loader",
        ),
        pytest.param(
            'ctr: plugin type="bridge" failed (add): incompatible CNI versions; config is "1.1.0", '
            'plugin supports ["0.4.0" "1.0.0"]',
            "cni-spec-unknown-to-plugin",
            id="plugin",
        ),
        pytest.param(
            'level=error msg="failed to setup network" error="plugin type=\\"bridge\\" failed (add): '
            'unsupported CNI result version \\"1.1.0\\""',
            "cni-result-unknown-to-containerd",
            id="containerd, in its log",
        ),
        pytest.param("x: symbol lookup error: x: undefined symbol: seccomp_y", "symbol-missing", id="symbol"),
    ],
)
def test_words_of_real_failures_are_known(line: str, name: str) -> None:
    found = find_cause(CAUSES, (line,))

    assert (found.name, found.is_deterministic) == (name, True)


def test_the_digest_covers_the_scenario_and_its_installer_and_nothing_of_the_watching(registry: Registry) -> None:
    scenario, installer = registry.scenarios["linux-containers"], registry.installers["deb"]

    whole = scenario_digest(scenario, [installer])

    assert whole.startswith("sha256:")
    assert whole != scenario_digest(scenario, [])
    assert code_digest(installer) != code_digest(registry.sources["debian"])
    assert code_digest(installer) == code_digest(installer)
