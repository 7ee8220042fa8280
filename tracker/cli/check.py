"""``tracker check``: may I use these versions together?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note, print_json, say
from tracker.cli.settings import JsonOption, settings
from tracker.errors import ExitCode, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.cli.check_pins import Asked
    from tracker.config import Config
    from tracker.model import Value
    from tracker.pins import UnresolvedPin
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot

EXAMPLE = "tracker check containerd=1.7.24 runtime=runc@1.1.5 --need networks"

_REASONS = {
    "broken": ExitCode.BROKEN,
    "unreachable": ExitCode.INCOMPLETE,
    "unknown": ExitCode.UNKNOWN,
    "stale": ExitCode.STALE,
}
_WORSE_LAST = (ExitCode.OK, ExitCode.STALE, ExitCode.UNKNOWN, ExitCode.BROKEN)


def command(  # noqa: PLR0913, PLR0917 - what may be asked
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FACTOR=VALUE | FILE]...", help="Versions to ask about, or files that pin them."),
    ] = None,
    need: Annotated[list[str] | None, typer.Option("--need", help="A capability that must work; repeatable.")] = None,
    upgrade: Annotated[
        list[str] | None, typer.Option("--upgrade", metavar="FACTOR=VALUE", help="Ask about this change; repeatable.")
    ] = None,
    base: Annotated[
        str, typer.Option("--base", metavar="GITREF", help="Complain only about what is worse than there.")
    ] = "",
    source: Annotated[
        str, typer.Option("--from", metavar="WHERE", help="A published site, its matrix.json, or a verdicts file.")
    ] = "",
    host: Annotated[str, typer.Option("--host", metavar="KEY", help="The host that the answer must be about.")] = "",
    fail_on: Annotated[
        str,
        typer.Option("--fail-on", metavar="REASONS", help="Which of broken,unknown,stale,unreachable fail."),
    ] = ",".join(_REASONS),
    max_age: Annotated[
        float | None, typer.Option("--max-age", metavar="DAYS", min=0, help="After so many days evidence is stale.")
    ] = None,
    style: Annotated[str, typer.Option("--format", metavar="text|json|github", help="How to answer.")] = "text",
    json: JsonOption = False,
) -> None:
    """Say whether these versions work together: 0 works, 1 broken, 2 usage, 3 cannot answer, 4 unknown, 5 stale.

    Without arguments it asks about [pins] of tracker.toml. A factor that is not named means some tested value.
    """
    failing = _failing(fail_on)
    style = _style("json" if json else style)
    config = settings(context)
    if not what and not config.pins:
        raise _without_pins(())
    try:
        snapshot = _snapshot(source, config, host)
    except StoreError:
        if ExitCode.INCOMPLETE in failing:
            raise
        note("warning: the verdicts cannot be reached; --fail-on leaves that out")
        raise typer.Exit(0) from None
    from tracker.cli.check_pins import asked_about

    asked = asked_about(snapshot, what or [], config.pins)
    values = _values(asked, what or [])
    needs, age = _needs(snapshot, need or []), timedelta(days=max_age) if max_age is not None else None
    before = _answer(snapshot, values, needs, age) if upgrade else None
    if upgrade:
        values = _upgraded(snapshot, values, upgrade)
    found = _answer(snapshot, values, needs, age)
    if base:
        before = _at_base(snapshot, what or [], base, needs, age)
    code = _exit_code(found, before if base else None, failing)
    _tell(found, asked, snapshot, before=before, style=style, is_failing=bool(code))
    raise typer.Exit(int(code))


def _failing(fail_on: str) -> frozenset[ExitCode]:
    wanted = [word.strip() for word in fail_on.split(",") if word.strip()]
    for word in wanted:
        if word not in _REASONS:
            message = f"--fail-on: there is no reason '{word}'"
            raise UsageError(message, hint=f"Reasons: {', '.join(_REASONS)}")
    return frozenset(_REASONS[word] for word in wanted)


def _style(style: str) -> str:
    if style not in {"text", "json", "github"}:
        message = f"--format: there is no form '{style}'"
        raise UsageError(message, hint="Forms: text, json, github")
    return style


def _snapshot(source: str, config: Config, host: str) -> OpenSnapshot:
    if source:
        from tracker.snapshot.published import open_published

        snapshot = open_published(source, config.network)
    else:
        from tracker.snapshot.file import open_snapshot

        snapshot = open_snapshot(config.verdicts_path)
    if host and host != snapshot.host_key:
        message = f"there are no verdicts on the host '{host}' here"
        raise UsageError(message, hint=f"These are on: {snapshot.host_key}")
    return snapshot


def _values(asked: Asked, words: Sequence[str]) -> tuple[Value, ...]:
    if not asked.pins:
        raise _without_pins(words, asked.unresolved)
    return asked.values


def _without_pins(words: Sequence[str], unresolved: Sequence[UnresolvedPin] = ()) -> UsageError:
    message = "no pins to check" if not words else f"no pins in {' '.join(words)}"
    hint = f"Name them as in: {EXAMPLE}\nor write them into [pins] of tracker.toml."
    for one in unresolved[:3]:
        hint = f"{one.path}:{one.line}: {one.name}: no version can be told: {one.why}\n{hint}"
    return UsageError(message, hint=hint)


def _needs(snapshot: OpenSnapshot, wanted: list[str]) -> list[str]:
    for need in wanted:
        if need not in snapshot.capabilities:
            message = f"there is no capability '{need}'"
            raise UsageError(message, hint=f"Capabilities: {', '.join(snapshot.capabilities)}")
    return [one for one in snapshot.capabilities if one in (wanted or snapshot.required)]


def _answer(snapshot: OpenSnapshot, values: Sequence[Value], needs: Sequence[str], max_age: timedelta | None) -> Answer:
    from tracker.snapshot.answer import answer

    return answer(snapshot, values, needs, now=datetime.now(UTC), max_age=max_age)


def _upgraded(snapshot: OpenSnapshot, values: Sequence[Value], upgrade: Sequence[str]) -> tuple[Value, ...]:
    from tracker.cli.check_pins import asked_about

    changed = {value.factor: value for value in asked_about(snapshot, upgrade, {}).values}
    kept = [changed.pop(value.factor, value) for value in values]
    return (*kept, *changed.values())


def _at_base(
    snapshot: OpenSnapshot, words: Sequence[str], base: str, needs: Sequence[str], max_age: timedelta | None
) -> Answer | None:
    """Return the answer for the files as they were at ``base``; ``None`` where they pinned nothing."""
    from tracker.cli.check_base import at_reference
    from tracker.cli.check_pins import asked_about

    asked = asked_about(snapshot, words, {}, read=lambda name: at_reference(base, name))
    return _answer(snapshot, asked.values, needs, max_age) if asked.pins else None


def _exit_code(found: Answer, base: Answer | None, failing: frozenset[ExitCode]) -> ExitCode:
    code = found.exit_code
    if base is not None and _WORSE_LAST.index(code) <= _WORSE_LAST.index(base.exit_code):
        return ExitCode.OK
    return code if code in failing else ExitCode.OK


def _tell(
    found: Answer, asked: Asked, snapshot: OpenSnapshot, *, before: Answer | None, style: str, is_failing: bool
) -> None:
    from tracker.cli.check_report import annotate, document, print_answer

    if style == "json":
        earlier = {"before": document(before, asked, snapshot)["verdict"]} if before else {}
        print_json("check/2", {**document(found, asked, snapshot), **earlier})
        return
    if style == "github":
        annotate(found, asked, snapshot, is_failing=is_failing)
        return
    if before:
        say(f"Before: {before.verdict.kind.upper()}: {' '.join(map(str, before.pinned))}")
    print_answer(found, asked, snapshot)
