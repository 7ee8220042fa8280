"""The first screen answers for each host and each need, says how fresh and how sure, and what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tracker.model import Verdict, VerdictKind
from tracker.render import Pick, SiteHost, places
from tracker.render.knowledge import Knowledge
from tracker.render.pages import front, hosts

if TYPE_CHECKING:
    from tracker.render import Snapshot

OTHER_KEY = "libc=2.41 cgroup=unified kernel=6.12 arch=amd64"


@pytest.fixture(scope="module")
def two_hosts(snapshot: Snapshot) -> Snapshot:
    best = snapshot.newest_working["networks"]
    older = best.replace(next(value for value in snapshot.axes[0].values if value.version.startswith("1.7")))
    older = older.replace(next(value for value in snapshot.axes[3].values if value.version == "1.0.0"))
    own = (
        Pick(need="networks", combination=best, verdict=snapshot.verdicts[best]["networks"]),
        Pick(need="networks", held=(older["cni-spec"],), combination=older, verdict=_works(snapshot, older)),
        Pick(need="runs", combination=best, verdict=snapshot.verdicts[best]["runs"]),
        Pick(need="networks", held=(snapshot.axes[3].values[2],)),
    )
    there = Pick(need="networks", combination=older, verdict=_works(snapshot, older))
    return replace(
        snapshot,
        hosts=(
            SiteHost(key=snapshot.host_key, title=snapshot.host_title, picks=own),
            SiteHost(
                key=OTHER_KEY,
                title="Debian 13",
                is_own=False,
                picks=(there,),
                verdicts={older: {"networks": _works(snapshot, older)}},
            ),
        ),
    )


def _works(snapshot: Snapshot, combination: object) -> Verdict:
    seen = snapshot.verdicts[snapshot.newest_working["networks"]]["networks"]
    return replace(seen, combination=combination, kind=VerdictKind.WORKS)  # type: ignore[arg-type]


def _section(body: str, title: str) -> str:
    return body.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_first_answer_has_the_files_with_their_addresses_and_digests(snapshot: Snapshot) -> None:
    body = front.page(Knowledge(snapshot)).body
    today = _section(body, "What to install today")

    best = snapshot.newest_working["networks"]
    for value in best:
        release = Knowledge(snapshot).release(value.component, value.version)
        for asset in release.release.assets if release else ():
            assert f"(<{asset.url}>) | `{asset.digest}` |" in today
    assert body.index("## What to install today") < body.index("## New in the last week")


def test_each_need_has_a_row_and_the_same_set_is_told_once(two_hosts: Snapshot) -> None:
    table = _section(front.page(Knowledge(two_hosts)).body, "For each need")
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]

    assert [row.split(" | ")[0] for row in rows] == [
        "| networks, runs",
        "| networks with cni-spec `1.0.0`",
        "| networks with cni-spec `0.4.0`",
    ]
    assert "none is known to work" in rows[2]


def test_another_host_has_its_own_answer_and_a_page(two_hosts: Snapshot) -> None:
    known = Knowledge(two_hosts)
    table = _section(front.page(known).body, "On Debian 13")
    own, other = hosts.pages(known)

    assert "`1.7.24`" in table
    assert f"[✓ works]({places.host(OTHER_KEY)}.md)" in table
    assert other.path == places.host(OTHER_KEY)
    assert "## What was run there" in other.body
    assert "## Facts" in own.body
    assert f"[Debian 13]({other.path}.md)" in hosts.index(known).body


def test_what_once_worked_is_told_as_stale_where_nothing_is_known_to_work_now(two_hosts: Snapshot) -> None:
    host = two_hosts.hosts[0]
    best = host.picks[0].combination
    stale = replace(host, picks=(Pick(need="networks", formerly=best),))

    today = _section(front.page(Knowledge(replace(two_hosts, hosts=(stale,)))).body, "What to install today")

    assert "[◐ stale](combinations/" in today
    assert "`2.1.9+ds1-5`" in today


def test_the_last_week_ends_with_the_newest_result_and_not_with_the_readers_day(snapshot: Snapshot) -> None:
    broken = _section(front.page(Knowledge(snapshot)).body, "New in the last week")
    later = replace(
        snapshot.runs[0],
        finished_at=snapshot.runs[0].started_at + timedelta(days=30),
    )
    after = _section(
        front.page(Knowledge(replace(snapshot, runs=(later, *snapshot.runs[1:])))).body, "New in the last week"
    )

    assert "**Newly fixed** since 2026-11-16: " in broken
    assert "cni-plugins [`1.9.1`]" in broken
    assert "The week ends with the newest result, of 2026-11-23." in broken
    assert "**Newly fixed** since 2026-12-16: nothing." in after
