"""What the plugin knows before it has looked at anything, and what that lets one expect."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, date, datetime
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from tests.plugins.windows_containers.conftest import View, is_version
from tracker.model import DeclarationKind, Expectation, Release, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugins.windows_containers.conftest import Known
    from tracker.model import Declaration
    from tracker.registry import Registry

    Declare = Callable[..., tuple[Declaration, ...]]

LARGEST = 250_000


def nerdctl(version: str, notes: str) -> Release:
    return Release(
        component="nerdctl",
        version=version,
        upstream_version=version,
        line="2.3",
        channel="containerd/nerdctl",
        notes=notes,
        url=f"https://example.invalid/v{version}",
        published_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


def test_every_fact_loads_and_every_kind_is_there(known: Known) -> None:
    counts = Counter(one.kind for one in known.declarations)

    assert counts == {
        DeclarationKind.STATED: 55,
        DeclarationKind.SUPPORT: 16,
        DeclarationKind.CI_PIN: 70,
        DeclarationKind.SHIPPED: 14,
        DeclarationKind.ACCEPTS: 60,
        DeclarationKind.RULE: 19,
    }


def test_ids_are_unique(known: Known) -> None:
    assert len({one.id for one in known.declarations}) == len(known.declarations)


def test_every_declaration_says_something_and_where_it_was_read(known: Known) -> None:
    for one in known.declarations:
        assert one.sentence, one.id
        assert not one.sentence.endswith("."), one.id
        assert one.provenance, one.id
        assert one.confidence, one.id


def test_conditions_name_parts_of_the_profile_and_versions_that_can_be_ordered(
    known: Known, registry: Registry
) -> None:
    variants = {factor.name: factor.variants for factor in known.profile.factors if not factor.components}

    for one in known.declarations:
        for condition in one.conditions:
            assert condition.name in registry.components or condition.name in variants, one.id
            if condition.name in registry.components:
                texts = (*condition.any_of, *filter(None, (condition.at_least, condition.below)))
                assert all(is_version(text) for text in texts), one.id


def test_capabilities_are_those_of_the_profile(known: Known) -> None:
    assert {one.capability for one in known.declarations} <= {"", *known.profile.capabilities}


def test_what_hangs_on_no_factor_expects_nothing(known: Known) -> None:
    for one in known.declarations:
        if not one.conditions:
            assert one.expectation is Expectation.NOTHING, one.id


def test_the_facts_are_small_and_name_their_sources() -> None:
    folder = resources.files("tracker.plugins.windows_containers") / "facts"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir()]

    assert sum(map(len, texts)) < LARGEST
    assert all('"source"' in text and '"read_on"' in text for text in texts)


def test_the_set_of_the_first_notes_is_doubtful_for_networks(known: Known) -> None:
    first = known.combination(
        containerd="1.7.14", nerdctl="1.7.4", cni="windows-container-networking@0.3.0", cni_spec="1.0.0"
    )

    found = known.expectations().of(first, "networks")

    assert found is not None
    assert found.kind is VerdictKind.DOUBTFUL
    assert "windows-container-networking 0.3.0 refuses CNI" in found.sentence
    assert "known-rules:cni-spec-nerdctl-wcn" in {one.id for one in found.declarations}


def test_the_set_of_the_first_notes_is_expected_to_install(known: Known) -> None:
    first = known.combination(
        containerd="1.7.14", nerdctl="1.7.4", cni="windows-container-networking@0.3.0", cni_spec="1.0.0"
    )

    found = known.expectations().of(first, "installs")

    assert found is not None
    assert found.kind is VerdictKind.EXPECTED
    assert "nerdctl 1.7.4 is meant for containerd 1.6, 1.7" in found.sentence


def test_with_the_next_plugin_release_it_is_expected_to_work(known: Known) -> None:
    later = known.combination(
        containerd="1.7.14", nerdctl="1.7.4", cni="windows-container-networking@0.3.1", cni_spec="1.0.0"
    )

    found = known.expectations().of(later, "networks")

    assert found is not None
    assert found.kind is VerdictKind.EXPECTED
    assert "windows-container-networking 0.3.1 accepts CNI 0.2.0, 0.3.0, 0.4.0, 1.0.0" in found.sentence


def test_a_plugins_own_number_is_not_the_cni_version_that_it_accepts(known: Known) -> None:
    trap = known.combination(cni="windows-container-networking@0.3.1", cni_spec="0.3.1")

    found = known.expectations().of(trap, "networks")

    assert found is not None
    assert found.kind is VerdictKind.DOUBTFUL


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("2.2.5", None),
        ("2.3.0-beta.1", None),
        ("2.3.0-beta.2", VerdictKind.DOUBTFUL),
        ("2.3.0", VerdictKind.DOUBTFUL),
        ("2.3.1", VerdictKind.DOUBTFUL),
        ("2.3.2", VerdictKind.DOUBTFUL),
        ("2.3.3", VerdictKind.EXPECTED),
        ("2.3.4", VerdictKind.EXPECTED),
        ("2.3.5", None),
    ],
)
def test_hyper_v_isolation_is_doubtful_where_the_shim_is_known_to_be_bad(
    known: Known, version: str, kind: VerdictKind | None
) -> None:
    found = known.expectations().of(known.combination(containerd=version, isolation="hyperv"), "runs")

    assert (found.kind if found else None) is kind


def test_process_isolation_is_untouched_by_the_bad_shim(known: Known) -> None:
    asked = known.combination(containerd="2.3.1", nerdctl="2.3.1", isolation="process")

    found = known.expectations().of(asked, "runs")

    assert found is not None
    assert found.kind is VerdictKind.EXPECTED


def test_an_installers_set_with_the_bad_shim_is_doubtful_with_both_told(known: Known) -> None:
    shipped = known.combination(
        containerd="2.3.1", nerdctl="2.3.1", cni="windows-container-networking@0.3.3", isolation="hyperv"
    )

    found = known.expectations().of(shipped, "runs")

    assert found is not None
    assert found.kind is VerdictKind.DOUBTFUL
    assert "Others expect it to work" in found.sentence
    assert "Stevedore 3.3.0, 3.3.1 ships" in found.sentence


def test_nerdctl_finds_no_nat_among_the_reference_plugins(known: Known) -> None:
    asked = known.combination(nerdctl="2.3.5", cni="containernetworking-plugins@1.9.1", cni_spec="1.0.0")
    alone = known.combination(nerdctl="absent", cni="containernetworking-plugins@1.9.1", cni_spec="1.0.0")

    with_nerdctl = known.expectations().of(asked, "networks")
    without = known.expectations().of(alone, "networks")

    assert with_nerdctl is not None
    assert without is not None
    assert (with_nerdctl.kind, without.kind) == (VerdictKind.DOUBTFUL, VerdictKind.EXPECTED)


def test_pins_speak_of_the_configuration_that_the_tests_used(known: Known) -> None:
    pinned = {one.id: one for one in known.declarations}["nerdctl-pins:1.7.4"]
    hand_made = known.combination(containerd="1.7.13", nerdctl="1.7.4", cni_spec="0.2.0", isolation="process")
    own = known.combination(containerd="1.7.13", nerdctl="1.7.4", cni_spec="1.0.0", isolation="process")

    assert "was not seen" in pinned.confidence
    assert pinned in known.expectations().applying(hand_made)
    assert pinned not in known.expectations().applying(own)


def test_pins_of_a_workflow_that_does_not_name_hyper_v_say_nothing_of_it(known: Known) -> None:
    asked = {"containerd": "2.2.1", "nerdctl": "2.2.2", "cni": "windows-container-networking@0.3.1"}
    pinned = {one.id: one for one in known.declarations}["nerdctl-pins:2.2.2"]

    process = known.combination(**asked, cni_spec="1.0.0", isolation="process")
    hyperv = known.combination(**asked, cni_spec="1.0.0", isolation="hyperv")

    assert pinned in known.expectations().applying(process)
    assert pinned not in known.expectations().applying(hyperv)


def test_notes_that_were_seen_count_instead_of_the_template(declare: Declare) -> None:
    sentence = "This release of nerdctl is expected to be used with containerd v1.7 or later."
    view = View(releases=(nerdctl("2.3.5", sentence), nerdctl("2.4.0", sentence)))

    told = {one.id: one for one in declare("nerdctl-compatibility", view)}

    assert told["nerdctl-compatibility:2.3.5"].conditions[1].at_least == "1.7.0"
    assert told["nerdctl-compatibility:2.4.0"].provenance == "https://example.invalid/v2.4.0"
    assert told["nerdctl-compatibility:2.4.0"].said_on == date(2026, 9, 1)
    assert told["nerdctl-compatibility:2.3.4"].conditions[1].lines == ("1.7", "2.0", "2.1", "2.2", "2.3")


def test_notes_that_say_nothing_leave_the_template_as_the_source(declare: Declare) -> None:
    view = View(releases=(nerdctl("2.3.5", "Fixes."), nerdctl("2.4.0", "Fixes.")))

    told = {one.id: one for one in declare("nerdctl-compatibility", view)}

    assert "generate-release-note.sh" in told["nerdctl-compatibility:2.3.5"].provenance
    assert "nerdctl-compatibility:2.4.0" not in told


def test_notes_that_are_not_understood_silence_the_template(declare: Declare) -> None:
    view = View(releases=(nerdctl("2.3.5", "It is no longer expected to be used with containerd v1.7."),))

    assert "nerdctl-compatibility:2.3.5" not in {one.id for one in declare("nerdctl-compatibility", view)}


def test_notes_of_other_components_are_not_read(declare: Declare) -> None:
    sentence = "This release of nerdctl is expected to be used with containerd v1.7."
    other = dataclasses.replace(nerdctl("9.9.9", sentence), component="hcsshim")

    told = declare("nerdctl-compatibility", View(releases=(other,)))

    assert "nerdctl-compatibility:9.9.9" not in {one.id for one in told}
