"""``tracker matrix``: every combination that was run, and what works in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.moment import past_moment
from tracker.cli.output import instant, moment, print_json, print_table
from tracker.cli.settings import AtOption, JsonOption, settings, workplace
from tracker.naming import in_order

if TYPE_CHECKING:
    from tracker.naming import KnownValue
    from tracker.snapshot.content import VerdictSnapshot
    from tracker.snapshot.parts import SnapshotRow

EXAMPLE = "tracker matrix containerd=2.1.9"


def command(
    context: typer.Context,
    pins: Annotated[
        list[str] | None, typer.Argument(metavar="[FACTOR=VALUE]...", help="Only combinations with these.")
    ] = None,
    at: AtOption = "",
    since: Annotated[
        str, typer.Option("--since", metavar="DATE", help="Only verdicts that are others than they were then.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Show the verdict of each capability for every combination that was run, newest versions first."""
    from tracker.evidence.ageing import aged
    from tracker.naming import find_pinned, split_pins
    from tracker.snapshot.document import row_document, to_document

    now = past_moment("--at", at) if at else datetime.now(UTC)
    snapshot = _known(context, now if at else None)
    wanted = [
        find_pinned(name, text, snapshot.factors, snapshot.values) for name, text in split_pins(pins or []).items()
    ]
    rows = [row for row in newest_first(snapshot) if all(value in row.combination for value in wanted)]
    if since:
        then = past_moment("--since", since)
        _tell_changes(_known(context, then), snapshot, rows, then, now, json)
        return
    if json:
        document = to_document(snapshot)
        print_json(document.pop("schema"), {**document, "rows": [row_document(row) for row in rows]})
        return
    names = [factor.name for factor in snapshot.factors]
    plain = {one.value: _plain(one, snapshot) for one in snapshot.values}
    cells = [
        [plain.get(row.combination[name], row.combination[name].text) for name in names]
        + [str(aged(row.verdicts[capability], now).kind) for capability in snapshot.capabilities]
        for row in rows
    ]
    columns = [name.upper() for name in (*names, *snapshot.capabilities)]
    print_table(columns, cells, empty="no combination was run yet")


def _known(context: typer.Context, at: datetime | None) -> VerdictSnapshot:
    """Return what is known, or what was at a moment of the past."""
    if at is None:
        from tracker.snapshot.file import read_snapshot

        return read_snapshot(settings(context).verdicts_path)
    from tracker.passes.past import verdicts_at

    return verdicts_at(workplace(context), at)


def _tell_changes(
    before: VerdictSnapshot,
    snapshot: VerdictSnapshot,
    rows: list[SnapshotRow],
    since: datetime,
    until: datetime,
    json: bool,
) -> None:
    from tracker.cli.matrix_changes import changed

    found = changed(before, snapshot, rows, since, until)
    if json:
        changes = [
            {
                "combination": {value.factor: value.text for value in one.combination},
                "capability": one.capability,
                "was": one.was,
                "verdict": one.now,
                "novelty": one.novelty,
                "sentence": one.sentence,
            }
            for one in found
        ]
        print_json("matrix-changes/1", {"since": instant(since), "at": instant(until), "changes": changes})
        return
    cells = [
        [in_order(one.combination, snapshot.factors), one.capability, one.was, one.now, one.novelty] for one in found
    ]
    print_table(
        ["COMBINATION", "CAPABILITY", "WAS", "IS", "NEWS"], cells, empty=f"nothing changed since {moment(since)} UTC"
    )


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
