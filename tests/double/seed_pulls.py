"""What ``make_seed.py`` knows of windows-container-networking beyond lists: topology, pull requests, a fork.

The commits between the tagged ones are left out. Where a date is not in the facts it is made up, and the entry says so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_V0_2_0 = "b2f5f9953afa452773dfbcb1bbf34c0279cf9495"
_V0_3_0 = "3d79f1c064ac0ac470554e839dec78091943ab1a"
_BASE_OF_96 = "1163cff8282337609c25caad79735efbda663a84"
_MERGED_101 = "2137a67aa005093d3486ef878cdcc51b22939ca7"
_V0_2_2 = "0f859017f2803422304bd65f3e974789b23e0fca"
_V0_3_1 = "a0463d87daf6c2f795062a1a5e606573ef10e885"
_SNAPSHOT_HEAD = "b96345f18f5164575dd12f9d6c8228e6be8e2eaf"

# The main line by parent, with the dates and subjects of commits that carry no tag; v0.2.1 is on a line of its own.
COMMITS: Json = {
    "main_line": [
        "a0c3dc100974a9ddb1d3d692f642462232db9cf5",
        _V0_2_0,
        _V0_3_0,
        _BASE_OF_96,
        _MERGED_101,
        _V0_2_2,
        _V0_3_1,
        _SNAPSHOT_HEAD,
        "v0.3.3",
    ],
    "side_line": [_V0_2_0, "ae7b7cb27d53a85f4e6cda6c57c49fc9b80af4c7"],
    "untagged": [
        [_BASE_OF_96, "2023-11-03T00:00:00Z", "Merge pull requests (the commit that #96 starts from)"],
        [_MERGED_101, "2023-12-25T07:02:39Z", "Add CNI config 1.0.0 support. (#101)"],
        [_SNAPSHOT_HEAD, "2025-09-08T11:24:38Z", "Work on master"],
    ],
}
# What a fork's default branch was at when it was last seen; of other forks it is not known, and made up.
FORK_HEADS = {"TBBle/windows-container-networking": _BASE_OF_96}
_TITLES = {
    90: ("Dep: Update containernetwork/cni to 1.1.2.", "aznashwan", _V0_3_0),
    96: ("", "TBBle", _BASE_OF_96),
    101: ("", "aznashwan", _BASE_OF_96),
    107: ("", "Oscar-Guertler", _V0_3_1),
}
_BRANCHES = {96: "cni_1.0.0-support", 90: "update-cni", 101: "cni-1.0.0", 107: "cni-0.3.1"}
_COMMENTS = {
    90: [["aznashwan", "2023-11-02T00:00:00Z", "Superseded by #96"]],
    96: [
        [
            "aznashwan",
            "2023-11-02T00:00:00Z",
            "Opened #98 about networks that exist already; #90 is closed in favour of this.",
        ]
    ],
}


def pulls(about_96: Json, rows: list[Json]) -> list[Json]:
    """Return the four pull requests that the story of CNI 1.0.0 is made of."""
    rows_by_number = {row["number"]: row for row in rows}
    titles = {96: about_96["title"]}
    opened = {90: rows_by_number[90]["head_commit_date"], 96: about_96["opened"]}
    for other in (*about_96["superseded_by"], *about_96["related_open"]):
        titles[other["pr"]], opened[other["pr"]] = other["title"], other["opened"]
    merged_at = _utc(about_96["superseded_by"][0]["merged"])
    made_up_close = "2024-01-08T09:00:00Z"
    closed = {90: "2023-11-02T00:00:00Z", 96: made_up_close, 101: merged_at, 107: None}
    return [
        {
            "number": number,
            "title": titles.get(number, title),
            "user": user,
            "head": rows_by_number[number]["head_sha"],
            "head_date": _utc(rows_by_number[number]["head_commit_date"]),
            "head_subject": rows_by_number[number]["head_subject"],
            "head_ref": _BRANCHES[number],
            "base": base,
            "opened": _utc(opened[number]),
            "closed": closed[number],
            "merged": merged_at if number == 101 else None,
            "merge_commit": _MERGED_101 if number == 101 else None,
            "comments": _COMMENTS.get(number, []),
            "made_up": ["closed"] * (number == 96) + ["head_ref"] * (number != 96),
        }
        for number, (title, user, base) in _TITLES.items()
    ]


def _utc(text: str) -> str:
    when = datetime.fromisoformat(text)
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
