"""A combination that fails is told beside the nearest one that passes."""

from __future__ import annotations

from tracker.model import Combination, Value, Verdict, VerdictKind
from tracker.passes.reproduction import reproduction
from tracker.snapshot import SnapshotRow, VerdictSnapshot


def _combination(daemon: str, plugin: str) -> Combination:
    return Combination.of([Value("daemon", daemon, "daemon"), Value("plugin", plugin, "plugin")])


def _row(combination: Combination, kind: VerdictKind, cause: str = "") -> SnapshotRow:
    verdict = Verdict(combination=combination, capability="speaks", kind=kind, sentence=f"It is {kind}.", cause=cause)
    return SnapshotRow(combination=combination, verdicts={"speaks": verdict})


def _snapshot(*rows: SnapshotRow) -> VerdictSnapshot:
    return VerdictSnapshot(
        profile="p",
        title="P",
        scenario="s",
        host_key="h",
        capabilities=("installs", "speaks"),
        required=("speaks",),
        factors=(),
        values=(),
        rows=rows,
    )


BROKEN = _row(_combination("2.0", "0.3.0"), VerdictKind.BROKEN, cause="plugin speaks 0.3.0")
NEAR = _row(_combination("2.0", "0.3.1"), VerdictKind.WORKS)
FAR = _row(_combination("1.7", "0.3.1"), VerdictKind.WORKS)


def test_the_twin_differs_in_as_little_as_possible() -> None:
    text = reproduction(BROKEN.combination, _snapshot(BROKEN, FAR, NEAR), lambda one: f"RECIPE OF {one}")

    assert "## It fails at: speaks" in text
    assert "plugin speaks 0.3.0" in text
    assert "| plugin | 0.3.0 | 0.3.1 |" in text
    assert "| daemon |" not in text
    assert f"RECIPE OF {NEAR.combination}" in text


def test_without_a_twin_that_is_said() -> None:
    text = reproduction(BROKEN.combination, _snapshot(BROKEN), str)

    assert "No combination is known that passes it on this host." in text


def test_nothing_is_added_to_what_works_or_is_not_known() -> None:
    assert reproduction(NEAR.combination, _snapshot(BROKEN, NEAR), str) == ""
    assert reproduction(_combination("9", "9"), _snapshot(BROKEN), str) == ""


def test_a_hostile_cause_stays_inside_its_block() -> None:
    hostile = _row(_combination("2.0", "0.3.0"), VerdictKind.BROKEN, cause="```` <script>")

    text = reproduction(hostile.combination, _snapshot(hostile), str)

    assert text.count("````") == 2
