from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.watch.world import START, Numbers, observed, release
from tracker.model import Asset, ChangeKind, Release
from tracker.store import LookResult, TargetState
from tracker.watch import Knowledge, Reconciled, reconcile

_numbers = Numbers()
_KNOWN = TargetState(cursor="old", has_baseline=True)
_answers = st.lists(
    st.builds(
        release,
        st.sampled_from(["a", "b"]),
        st.sampled_from(["1.0", "1.2", "1.10", "2.0"]),
        digest=st.sampled_from(["x", "y"]),
        libraries=st.sampled_from([(), ("lib",)]),
    ),
    unique_by=lambda one: (one.component, one.version),
    max_size=6,
).map(tuple)


def _reconcile(
    before: tuple[Release, ...],
    after: tuple[Release, ...],
    state: TargetState = _KNOWN,
    knowledge: Knowledge | None = None,
) -> Reconciled:
    known = Knowledge(known={(one.component, one.version) for one in before})
    return reconcile(
        state,
        before,
        observed(*after, cursor="new"),
        knowledge=knowledge or known,
        order=lambda component, version: (component, _numbers.key(version)),
        now=START,
    )


def _kinds(found: Reconciled) -> list[tuple[str, str]]:
    return [(change.kind.value, change.version) for change in found.changes]


@given(_answers, _answers)
def test_what_was_applied_once_changes_nothing_again(before: tuple[Release, ...], after: tuple[Release, ...]) -> None:
    found = _reconcile(before, after)
    if found.result is LookResult.AWAITING_CONFIRMATION:
        found = _reconcile(before, after, found.state)
    assert found.result is not LookResult.AWAITING_CONFIRMATION
    applied = before if found.offered is None else found.offered

    again = _reconcile(applied, after, found.state)

    assert set(applied) == set(after)
    assert again == Reconciled(result=LookResult.NO_NEWS, state=TargetState(cursor="new", has_baseline=True))


@given(_answers, _answers)
def test_the_order_of_an_answer_does_not_matter(before: tuple[Release, ...], after: tuple[Release, ...]) -> None:
    one, other = _reconcile(before, after), _reconcile(before[::-1], after[::-1])

    assert replace(one, offered=None) == replace(other, offered=None)


@given(_answers, _answers)
def test_nothing_is_lost_without_a_second_look(before: tuple[Release, ...], after: tuple[Release, ...]) -> None:
    def newest(releases: tuple[Release, ...], name: str) -> tuple[int, ...]:
        keys = [tuple(map(int, one.version.split("."))) for one in releases if one.component == name]
        return max(keys, default=())

    found = _reconcile(before, after)

    is_less = any(newest(after, name) < newest(before, name) for name in ("a", "b"))
    assert (found.result is LookResult.AWAITING_CONFIRMATION) == is_less
    if is_less:
        assert (found.offered, found.changes) == (None, ())
        assert found.state.cursor == ""
        assert found.state.pending


@given(_answers)
def test_a_first_answer_is_no_news(after: tuple[Release, ...]) -> None:
    found = _reconcile((), after, TargetState())

    assert found.result is LookResult.NO_NEWS
    assert all(change.is_baseline for change in found.changes)
    assert len(found.changes) == len(after)
    assert found.state == TargetState(cursor="new", has_baseline=True)


def test_a_new_version_is_released_and_the_old_one_superseded() -> None:
    found = _reconcile((release("a", "1.9"),), (release("a", "1.10"),))

    assert found.result is LookResult.NEWS
    assert _kinds(found) == [("released", "1.10"), ("no longer offered", "1.9")]
    assert [(one.before, one.after) for one in found.changes] == [("1.9", "1.10"), ("1.9", "1.10")]


def test_a_version_that_is_known_from_elsewhere_is_offered_not_released() -> None:
    found = _reconcile(
        (release("a", "1.0"),), (release("a", "2.0"),), knowledge=Knowledge(known={("a", "1.0"), ("a", "2.0")})
    )

    assert _kinds(found)[0] == ("offered", "2.0")


def test_the_first_sight_of_a_component_is_no_news_in_an_old_target() -> None:
    found = _reconcile((release("a", "1.0"),), (release("a", "1.0"), release("b", "3.0")))

    assert found.result is LookResult.NO_NEWS
    assert [change.is_baseline for change in found.changes] == [True]


@pytest.mark.parametrize(("elsewhere", "kind"), [(False, ChangeKind.WITHDRAWN), (True, ChangeKind.NO_LONGER_OFFERED)])
def test_a_newest_version_that_goes_is_withdrawn_unless_others_offer_it(*, elsewhere: bool, kind: ChangeKind) -> None:
    before, after = (release("a", "1.0"), release("a", "2.0")), (release("a", "1.0"),)
    pairs = {("a", "2.0")} if elsewhere else set()
    knowledge = Knowledge(known={("a", "1.0"), ("a", "2.0")}, elsewhere=pairs)

    waiting = _reconcile(before, after, knowledge=knowledge)
    found = _reconcile(before, after, waiting.state, knowledge)

    assert waiting.message.startswith("a 2.0 is gone, the newest is now 1.0")
    assert [change.kind for change in found.changes] == [kind]


def test_an_old_version_that_goes_is_no_loss() -> None:
    found = _reconcile((release("a", "1.0"), release("a", "2.0")), (release("a", "2.0"),))

    assert _kinds(found) == [("no longer offered", "1.0")]


def test_another_loss_than_the_one_that_waits_waits_itself() -> None:
    before = (release("a", "1.0"), release("b", "1.0"))

    one = _reconcile(before, (release("b", "1.0"),))
    other = _reconcile(before, (release("a", "1.0"),), one.state)
    again = _reconcile(before, (release("a", "1.0"),), other.state)

    assert other.result is LookResult.AWAITING_CONFIRMATION
    assert again.result is LookResult.NEWS


def test_a_loss_is_confirmed_even_when_something_else_moves_on_meanwhile() -> None:
    before = (release("a", "1.0"), release("b", "1.0"))

    one = _reconcile(before, (release("b", "1.0"),))
    two = _reconcile(before, (release("b", "2.0"),), one.state)

    assert _kinds(two) == [("withdrawn", "1.0"), ("released", "2.0"), ("no longer offered", "1.0")]


def test_a_replaced_file_is_told_with_both_digests() -> None:
    found = _reconcile((release("a", "1.0", digest="x"),), (release("a", "1.0", digest="y"),))

    (change,) = found.changes
    assert (change.kind, change.subject, change.before, change.after) == (
        ChangeKind.ASSET_REPLACED,
        "a.tar",
        "sha256:x",
        "sha256:y",
    )


def test_files_that_come_and_go_are_told() -> None:
    before = release("a", "1.0")
    after = replace(before, assets=(Asset(name="a.zip", url="https://upstream.example/z", size=7),))

    assert _kinds(_reconcile((before,), (after,))) == [("asset removed", "1.0"), ("asset added", "1.0")]


def test_another_mirror_or_library_is_written_but_no_news() -> None:
    before = release("a", "1.0", libraries=["old"])
    moved = replace(before.assets[0], url="https://mirror.example/a")
    after = replace(
        release("a", "1.0", libraries=["new"]), assets=(moved, *release("a", "1", libraries=["new"]).assets[1:])
    )

    found = _reconcile((before,), (after,))

    assert (found.result, found.changes) == (LookResult.NO_NEWS, ())
    assert found.offered == (after,)


def test_promotion_and_edited_notes_are_told() -> None:
    before = replace(release("a", "1.0"), is_prerelease=True, notes="soon")
    after = replace(before, is_prerelease=False, notes="now")

    found = _reconcile((before,), (after,))

    assert [(one.kind, one.before, one.after) for one in found.changes] == [
        (ChangeKind.PROMOTED, "", ""),
        (ChangeKind.NOTES_EDITED, "sha256:4a754148b88a (4 characters)", "sha256:ed5eb9a37e2d (3 characters)"),
    ]
