"""Which tags contain a commit, held against a plain model on histories of every shape."""

from __future__ import annotations

import os
import shutil
import subprocess
from itertools import count
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.git.commits import Commit, entry, moment, oldest_first, parse_commits, parse_dates

from tests.plugins.git.history import Look
from tracker.model import Containment, PullRequest, PullState

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

Graph = list[tuple[int, ...]]
"""Parents of each commit, by number; all come before their children."""

_MOST = 12
_numbers = count()


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, dict[int, int], list[int]]:
    """Return a history, its tags with their dates (by commit), and the heads of its pull requests."""
    size = draw(st.integers(1, _MOST))
    graph: Graph = []
    for number in range(size):
        before = st.integers(0, number - 1) if number else st.nothing()
        most = min(3, number)
        graph.append(tuple(draw(st.lists(before, unique=True, max_size=most)) if number else ()))
    some = st.integers(0, size - 1)
    tags = draw(st.dictionaries(some, st.integers(1_000_000_000, 1_000_000_009), max_size=6))
    pulls = draw(st.lists(some, unique=True, max_size=3))
    return graph, tags, pulls


def before(graph: Graph, number: int) -> set[int]:
    """Return all that the commit holds, itself included."""
    held, open_ = set(), [number]
    while open_:
        one = open_.pop()
        if one not in held:
            held.add(one)
            open_ += graph[one]
    return held


def write(directory: Path, graph: Graph, tags: dict[int, int], pulls: list[int]) -> dict[int, str]:
    """Make the repository with one call of git, and return the ids of its commits."""
    marks = directory.with_suffix(".marks")
    person = "A <a@example.com>"
    lines = []
    for number, parents in enumerate(graph):
        lines += [
            f"commit refs/all/{number}",
            f"mark :{number + 1}",
            f"committer {person} {1_100_000_000 + number} +0000",
        ]
        lines += ["data 1", "x"]
        lines += [f"{'merge' if place else 'from'} :{one + 1}" for place, one in enumerate(parents)]
        lines += ["deleteall", ""]
    for number, when in tags.items():
        lines += [f"tag t{number}", f"from :{number + 1}", f"tagger {person} {when} +0000", "data 1", "x"]
    for place, number in enumerate(pulls, start=1):
        lines += [f"reset refs/pull/{place}/head", f"from :{number + 1}", ""]
    lines += ["reset refs/heads/main", f"from :{len(graph)}", ""]
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(directory)], check=True, env=env)
    words = ["git", "-C", str(directory), "fast-import", "--quiet", f"--export-marks={marks}"]
    subprocess.run(words, input="\n".join([*lines, ""]).encode(), check=True, env=env)
    read = (line.split() for line in marks.read_text(encoding="ascii").splitlines())
    return {int(mark[1:]) - 1: name for mark, name in read}


def test_containment_is_ancestry_and_nothing_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("graphs")

    @hypothesis.settings(max_examples=40)
    @given(graphs())
    def agrees(drawn: tuple[Graph, dict[int, int], list[int]]) -> None:
        graph, tags, pulls = drawn
        directory = base / f"{next(_numbers)}.git"
        ids = write(directory, graph, tags, pulls)
        look = Look(str(directory), base / "cache")

        found = look.see(
            contains=" ".join(ids.values()), pull_requests=" ".join(map(str, range(1, len(pulls) + 1)))
        ).sightings

        tip = len(graph) - 1
        held = {one.of: one for one in found if isinstance(one, Containment)}
        for number, name in ids.items():
            containing = [tag for tag in tags if number in before(graph, tag)]
            expected = sorted(containing, key=lambda tag: (tags[tag], f"t{tag}"))
            assert held[name].tags == tuple(f"t{tag}" for tag in expected)
            assert bool(held[name].branches) == (number in before(graph, tip))
        for pull in (one for one in found if isinstance(one, PullRequest)):
            check_merge(graph, ids, pulls[pull.number - 1], pull)
        shutil.rmtree(directory)

    agrees()


def check_merge(graph: Graph, ids: dict[int, str], head: int, pull: PullRequest) -> None:
    tip = len(graph) - 1
    if head not in before(graph, tip):
        assert pull.state is PullState.UNKNOWN
        return
    line = [tip]
    while graph[line[-1]]:
        line.append(graph[line[-1]][0])
    oldest = [one for one in line if head in before(graph, one)][-1]
    assert pull.state is PullState.MERGED
    assert pull.merge_commit == ids[oldest]


def test_the_merge_is_the_oldest_commit_of_the_line_that_descends_from_the_head() -> None:
    assert entry(("d", "c", "b"), {"d", "c"}, "h") == "c"
    assert entry(("d", "h"), {"d"}, "h") == "h"


def test_tags_are_in_the_order_of_their_times_then_of_their_names_and_those_without_a_time_come_last() -> None:
    dates = {"b": 2, "a": 2, "z": 1, "none": None, "epoch": 0}

    assert oldest_first(dates, dates) == ("epoch", "z", "a", "b", "none")


def test_a_subject_may_hold_anything() -> None:
    answer = b"a\x1f\x1f1\x1fN\x1fe\x1fone\x1ftwo\x1fthree\0b\x1fa c\x1f\x1f\xff\x1f\x1f\0"

    first, second = parse_commits(answer)

    assert first == Commit(id="a", committed_at=1, author="N", email="e", subject="one\x1ftwo\x1fthree")
    assert (second.parents, second.committed_at) == (("a", "c"), None)


def test_the_time_of_a_tag_is_the_taggers_or_else_that_of_its_commit() -> None:
    assert parse_dates(b"a\x005\x007\nb\x00\x007\nc\x00\x00\n") == {"a": 5, "b": 7, "c": None}


@given(st.one_of(st.none(), st.integers()))
def test_every_number_of_seconds_is_a_time_or_none(seconds: int | None) -> None:
    when = moment(seconds)

    assert when is None or when.tzinfo is not None
