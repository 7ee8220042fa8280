"""``tracker matrix``: every combination that was run, and what works in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import print_json, print_table
from tracker.cli.settings import JsonOption, settings

if TYPE_CHECKING:
    from tracker.naming import KnownValue
    from tracker.snapshot.content import SnapshotRow, VerdictSnapshot

EXAMPLE = "tracker matrix containerd=2.1.9"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="Only combinations with these.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the verdict of each capability for every combination that was run, newest versions first."""
    from tracker.evidence.judgement import aged
    from tracker.naming import find_pinned, split_pins
    from tracker.snapshot.document import row_document, to_document
    from tracker.snapshot.file import read_snapshot

    snapshot = read_snapshot(settings(context).verdicts_path)
    wanted = [
        find_pinned(name, text, snapshot.factors, snapshot.values) for name, text in split_pins(pins or []).items()
    ]
    rows = [row for row in newest_first(snapshot) if all(value in row.combination for value in wanted)]
    if json:
        document = to_document(snapshot)
        print_json(document.pop("schema"), {**document, "rows": [row_document(row) for row in rows]})
        return
    now = datetime.now(UTC)
    names = [factor.name for factor in snapshot.factors]
    plain = {one.value: _plain(one, snapshot) for one in snapshot.values}
    cells = [
        [plain.get(row.combination[name], row.combination[name].text) for name in names]
        + [str(aged(row.verdicts[capability], now).kind) for capability in snapshot.capabilities]
        for row in rows
    ]
    columns = [name.upper() for name in (*names, *snapshot.capabilities)]
    print_table(columns, cells, empty="no combination was run yet")


def newest_first(snapshot: VerdictSnapshot) -> list[SnapshotRow]:
    """Return the rows by the profile's order of factors, newest value first."""
    rank = {known.value: place for place, known in enumerate(snapshot.values)}
    names = [factor.name for factor in snapshot.factors]
    return sorted(snapshot.rows, key=lambda row: [rank.get(row.combination[name], len(rank)) for name in names])


def _plain(one: KnownValue, snapshot: VerdictSnapshot) -> str:
    """The short version where it is unmistakable, else the whole one."""
    value = one.value
    same = [
        other
        for other in snapshot.values
        if (other.value.factor, other.value.component, other.upstream) == (value.factor, value.component, one.upstream)
    ]
    short = one.upstream if len(same) == 1 else value.version
    return f"{value.component}@{short}" if value.is_alternative else short
