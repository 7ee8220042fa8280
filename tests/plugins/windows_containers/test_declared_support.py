"""Until when containerd's lines are supported, by the table in its repository."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.windows_containers.declared_support_table import read_date, read_table

from tests.plugins.windows_containers.conftest import View
from tracker.model import DeclarationKind, Expectation, WatchedFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.model import Declaration

    Declare = Callable[..., tuple[Declaration, ...]]

TABLE = """
### Releases

| Release | Status        | Start                          | End of Life                    | Owners |
| ------- | ------------- | ------------------------------ | ------------------------------ | ------ |
| [0.0](https://example.invalid/0.0.5) | End of Life | Dec 4, 2015 | -                   |        |
| [1.7](https://example.invalid/1.7)   | LTS         | March 10, 2023 | September 2026*  | [@a], [@b] |
| [2.0](https://example.invalid/2.0)   | LTS         | November 5, 2024 | March, 2027**  | [@a] |
| [2.1](https://example.invalid/2.1)   | End of Life | May 7, 2025 | July 3, 2026        |        |
| [2.3](https://example.invalid/2.3)   | LTS         | April 30, 2026 | April 30, 2028   | @all |
| [2.4](https://example.invalid/51) | _Future_ | August 26, 2026 (_tentative_) | April 26, 2027 (_tentative_) | @all |
| [2.5](https://example.invalid/52)    | _Future_    | _TBD_ | _TBD_                     | _TBD_  |

Text after the table.

| containerd Version | Kubernetes Version |
|--------------------|--------------------|
| 9.9                | 1.33               |
"""


def seen(text: str) -> View:
    file = WatchedFile(
        component="containerd-windows",
        name="containerd RELEASES.md",
        url="https://example.invalid/RELEASES.md",
        digest="sha256:" + "0" * 64,
        text=text,
    )
    return View(sightings=(file,))


@pytest.mark.parametrize(
    ("text", "day", "is_tentative"),
    [
        ("March 10, 2023", date(2023, 3, 10), False),
        ("Dec 4, 2015", date(2015, 12, 4), False),
        ("Sept. 1, 2026", date(2026, 9, 1), False),
        ("September 2026*", date(2026, 9, 30), False),
        ("March, 2027**", date(2027, 3, 31), False),
        ("February 2028", date(2028, 2, 29), False),
        ("August 26, 2026 (_tentative_)", date(2026, 8, 26), True),
    ],
)
def test_days_are_read_as_the_table_writes_them_and_months_to_their_end(
    text: str, day: date, *, is_tentative: bool
) -> None:
    found = read_date(text)

    assert found is not None
    assert (found.day, found.is_tentative) == (day, is_tentative)


@pytest.mark.parametrize(
    "text", ["-", "", "_TBD_", "February 30, 2026", "Smarch 2026", "2026-09-01", "May 0, 2026", "Q3 2026"]
)
def test_what_is_no_day_is_no_day(text: str) -> None:
    assert read_date(text) is None


def test_a_seen_table_tells_each_line_with_its_end(declare: Declare) -> None:
    ends = {one.conditions[0].lines[0]: one.until for one in declare("containerd-support", seen(TABLE))}

    assert ends == {
        "0.0": None,
        "1.7": date(2026, 9, 30),
        "2.0": date(2027, 3, 31),
        "2.1": date(2026, 7, 3),
        "2.3": date(2028, 4, 30),
        "2.4": date(2027, 4, 26),
        "2.5": None,
    }


def test_support_says_nothing_of_whether_parts_work_together(declare: Declare) -> None:
    told = declare("containerd-support", seen(TABLE))

    assert {one.expectation for one in told} == {Expectation.NOTHING}
    assert {one.kind for one in told} == {DeclarationKind.SUPPORT}


def test_tentative_days_and_footnotes_are_told(declare: Declare) -> None:
    told = {one.conditions[0].lines[0]: one for one in declare("containerd-support", seen(TABLE))}

    assert told["2.4"].sentence == "containerd 2.4 (Future) is planned for 2026-08-26, with support until 2027-04-26"
    assert "tentative" in told["2.4"].reason
    assert "footnote" in told["1.7"].reason
    assert told["2.3"].reason == ""
    assert told["2.3"].provenance == "https://example.invalid/RELEASES.md"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TABLE.replace("End of Life  ", "Supported until"), id="another column"),
        pytest.param(TABLE.replace("| Start ", "| Status"), id="a column twice"),
        pytest.param("<html><body>404</body></html>", id="no table"),
        pytest.param(TABLE.replace("| ------- |", "| missing |"), id="no ruler"),
    ],
)
def test_another_table_tells_nothing_and_the_old_copy_does_not_pass_for_it(declare: Declare, text: str) -> None:
    assert declare("containerd-support", seen(text)) == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("| [2.3](https://example.invalid/x) | LTS | May 1, 2026 | May 1, 2027 | |", "told twice"),
        ("| 2.9<script> | LTS | May 1, 2026 | May 1, 2027 | |", "hostile name"),
        ("| 2.9 | <b>LTS</b> | May 1, 2026 | May 1, 2027 | |", "hostile state"),
        ("| 2.9 | LTS | May 1, 2026 | May | 1, 2027 | |", "a cell too many"),
        ("| 2.9] | LTS | May 1, 2026 | May 1, 2027 | |", "half a link"),
    ],
)
def test_a_row_that_is_not_understood_is_left_out_alone(row: str, reason: str) -> None:
    lines = {one.line for one in read_table(TABLE.replace("\n\nText after", f"\n{row}\n\nText after"))}

    assert "2.9" not in lines, reason
    assert {"1.7", "2.0", "2.4"} <= lines
    assert ("2.3" in lines) is (reason != "told twice")


def test_before_the_first_look_the_copy_of_august_2026_is_told_as_such(declare: Declare) -> None:
    told = {one.conditions[0].lines[0]: one for one in declare("containerd-support")}

    assert told["2.3"].until == date(2028, 4, 30)
    assert told["1.7"].until == date(2026, 9, 30)
    assert told["2.3"].said_on == date(2026, 8, 22)
    assert "RELEASES.md" in told["2.3"].provenance


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_table(text)
    read_date(text)


@given(st.lists(st.lists(st.text(alphabet="|-1.[]()aMy 20,*_\n", max_size=20), min_size=5, max_size=5), max_size=4))
def test_any_cells_are_read_without_a_fault(rows: list[list[str]]) -> None:
    body = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)

    read_table(TABLE.replace("\n\nText after", f"\n{body}\n\nText after"))
