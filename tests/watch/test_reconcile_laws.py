"""What holds for whatever an upstream that keeps everything may show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.watch.ledger import REPOSITORY, Watched, file, published, pull, ref
from tracker.model import (
    Basis,
    Branch,
    ChangeKind,
    Containment,
    PullState,
    Release,
    Repository,
    Succession,
    Tag,
    WatchedFile,
)
from tracker.store import LookResult

if TYPE_CHECKING:
    from tracker.model import Sighting

_WORDS = st.sampled_from(["one", "two"])
_FILES = st.lists(
    st.builds(
        file,
        st.sampled_from(["a.zip", "b.zip"]),
        digest=st.sampled_from([None, "sha256:1", "sha256:2"]),
        revision=st.sampled_from(["", "7@x", "8@x"]),
        distrust=st.sampled_from(["", "They disagree."]),
    ),
    unique_by=lambda one: one.name,
    max_size=2,
).map(tuple)
_RELEASES = st.builds(
    published,
    st.sampled_from(["1.0.0", "1.9.0", "1.10.0", "2.0.0"]),
    assets=_FILES,
    commit=st.sampled_from(["", "one", "two"]),
    notes=_WORDS,
    is_prerelease=st.booleans(),
    awaits=st.sampled_from([(), ("windows/amd64",)]),
    days=st.sampled_from([None, -3, -2]),
)
_SUCCESSION = st.sampled_from([(), (Succession(number=101, basis=Basis.GUESS, reason="Same head."),)])
_PULLS = st.builds(
    pull,
    st.sampled_from([96, 101]),
    st.sampled_from([PullState.OPEN, PullState.CLOSED, PullState.MERGED]),
    head=_WORDS,
    is_draft=st.booleans(),
    review=st.sampled_from(["", "none", "approved"]),
    checks=st.sampled_from(["", "success", "failure"]),
    succession=_SUCCESSION,
)
_REFS = st.builds(ref, st.sampled_from([96, 101]), st.sampled_from([PullState.UNKNOWN, PullState.MERGED]), head=_WORDS)
_OTHERS = st.one_of(
    st.builds(Tag, component=st.just("wcn"), repository=st.just(REPOSITORY), name=_WORDS, commit=_WORDS),
    st.builds(Branch, component=st.just("wcn"), repository=st.just(REPOSITORY), name=_WORDS, head=_WORDS),
    st.builds(
        Containment,
        component=st.just("wcn"),
        repository=st.just(REPOSITORY),
        of=st.sampled_from(["#96", "#101"]),
        commit=_WORDS,
        tags=st.lists(_WORDS, unique=True).map(tuple),
        missing=st.sampled_from(["", "lost"]),
    ),
    st.builds(WatchedFile, component=st.just("wcn"), name=st.just("f"), url=st.just("u"), digest=_WORDS),
    st.builds(Repository, component=st.just("wcn"), asked=st.just("one"), name=_WORDS, number=st.just("7")),
)


def _place(one: Release | Sighting) -> tuple[str, ...]:
    return ("release", one.version) if isinstance(one, Release) else one.place


_ANSWERS = st.lists(st.one_of(_RELEASES, _PULLS, _REFS, _OTHERS), unique_by=_place, max_size=8)


@given(_ANSWERS, _ANSWERS)
def test_the_same_answer_again_is_told_no_second_time(
    first: list[Release | Sighting], second: list[Release | Sighting]
) -> None:
    upstream = Watched()
    upstream.look(0, *first)
    if upstream.look(1, *second).result is LookResult.AWAITING_CONFIRMATION:
        assert upstream.look(2, *second).result is not LookResult.AWAITING_CONFIRMATION
    settled = upstream.releases, upstream.sightings

    again = upstream.look(3, *reversed(second))

    assert (again.result, again.changes) == (LookResult.NO_NEWS, ())
    assert (again.offered, again.sightings) == (None, None)
    assert (upstream.releases, upstream.sightings) == settled


@given(_ANSWERS, st.data())
def test_an_answer_that_only_shrank_says_nothing_before_the_second_look(
    first: list[Release | Sighting], data: st.DataObject
) -> None:
    upstream = Watched()
    upstream.look(0, *first)
    settled = upstream.releases, upstream.sightings
    left = [one for one in first if data.draw(st.booleans())]

    found = upstream.look(1, *left)

    lasting = (Release, Tag, Branch, type(pull()))
    is_loss = any(isinstance(one, lasting) for one in first if one not in left)
    assert found.changes == ()
    assert (found.result is LookResult.AWAITING_CONFIRMATION) == is_loss
    if is_loss:
        assert (upstream.releases, upstream.sightings) == settled


@given(st.lists(_ANSWERS, max_size=5))
def test_the_ledger_tells_which_releases_are_offered(answers: list[list[Release | Sighting]]) -> None:
    upstream = Watched()
    for day, answer in enumerate(answers):
        upstream.look(day, *answer)
    told: set[str] = set()
    for entry in upstream.ledger:
        if entry.kind in {ChangeKind.RELEASED, ChangeKind.OFFERED}:
            assert entry.version not in told
            told.add(entry.version)
        elif entry.kind is ChangeKind.WITHDRAWN:
            told.remove(entry.version)
        assert entry.kind is not ChangeKind.NO_LONGER_OFFERED

    assert told == {one.version for one in upstream.releases}


@given(_ANSWERS, _ANSWERS)
def test_a_partial_answer_keeps_all_that_was_known(
    first: list[Release | Sighting], second: list[Release | Sighting]
) -> None:
    upstream = Watched()
    upstream.look(0, *first)
    state, before = upstream.state, {_place(one): one for one in (*upstream.releases, *upstream.sightings)}

    found = upstream.look(1, *second, unknown=["something"])

    after = {_place(one): one for one in (*upstream.releases, *upstream.sightings)}
    assert (found.result, upstream.state) == (LookResult.LOOKED_IN_PART, state)
    assert after.keys() == before.keys() | {_place(one) for one in second}
    gone = {ChangeKind.WITHDRAWN, ChangeKind.TAG_REMOVED, ChangeKind.BRANCH_REMOVED, ChangeKind.ASSET_REMOVED}
    assert not gone & {one.kind for one in found.changes}
    merged = [one for one in before.values() if getattr(one, "state", None) is PullState.MERGED]
    assert all(getattr(after[_place(one)], "state", None) is PullState.MERGED for one in merged)


@given(_ANSWERS, _ANSWERS, st.permutations(["forge", "git"]))
def test_what_two_targets_tell_alike_is_news_once(
    first: list[Release | Sighting], second: list[Release | Sighting], order: list[str]
) -> None:
    both = {"forge": Watched(), "git": Watched()}
    both["forge"].beside(both["git"])
    for day, answer in enumerate([first, second, second]):
        for name in order:
            both[name].look(day, *(one for one in answer if not isinstance(one, Release)))

    news = [
        (one.kind, one.subject, one.before, one.after)
        for watched in both.values()
        for one in watched.ledger
        if not one.is_baseline
    ]
    assert len(news) == len(set(news))
