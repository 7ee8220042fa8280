"""``tracker check``: may I use these versions together?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import note, print_json, say
from tracker.cli.settings import AtOption, JsonOption, settings
from tracker.errors import ExitCode, StoreError, UntrustedError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.cli.check_question import Answered, Question
    from tracker.config import Config
    from tracker.snapshot.opened import OpenSnapshot

EXAMPLE = "tracker check containerd=1.7.24 runtime=runc@1.1.5 --need networks"

_STYLES = ("text", "json", "github")
_HOST = "host="


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
        typer.Option("--fail-on", metavar="REASONS", help="Which of broken,unknown,stale,unreachable,unresolved fail."),
    ] = "broken,unknown,stale,unreachable",
    max_age: Annotated[
        float | None, typer.Option("--max-age", metavar="DAYS", min=0, help="After so many days evidence is stale.")
    ] = None,
    style: Annotated[str, typer.Option("--format", metavar="|".join(_STYLES), help="How to answer.")] = "text",
    key: Annotated[
        str, typer.Option("--key", metavar="KEY", help="The key that signed what --from names, besides [trust.keys].")
    ] = "",
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Read what --from names although nobody that is trusted signed it.")
    ] = False,
    at: AtOption = "",
    json: JsonOption = False,
) -> None:
    """Say whether these versions work together: 0 works, 1 broken, 2 usage, 3 cannot answer, 4 unknown, 5 stale.

    Without arguments it asks about [pins] of tracker.toml. A factor that is not named means some tested value.
    `host=KEY` says which host is meant, and `-` reads a text from standard input.
    """
    from tracker.cli.check_policy import Policy
    from tracker.cli.check_question import Question, without_pins

    _require_texts(context, {"at": at, "base": base, "from": source, "host": host, "key": key})
    policy, style = Policy.of(fail_on), _style("json" if json else style)
    words = [word for word in what or [] if not word.startswith(_HOST)]
    hosts = [word.removeprefix(_HOST) for word in what or [] if word.startswith(_HOST)]
    config = settings(context)
    then = _moment(at)
    if then and source:
        message = "--at asks this home, --from another place"
        raise UsageError(message, hint="A published site tells what is known today.")
    if upgrade and base:
        message = "--upgrade and --base are two questions"
        raise UsageError(message, hint="Ask about one change at a time.")
    if not words and not config.pins and not upgrade:
        raise without_pins(())
    try:
        snapshot = _as_of(context, then) if then else _open(source, config, key, accept_unsigned=unsigned)
    except StoreError as error:
        if policy.counts_unreachable or isinstance(error, UntrustedError):
            raise
        note(f"warning: {error.message}; --fail-on leaves out what cannot be reached")
        raise typer.Exit(0) from None
    with snapshot:
        asked = _on_host(snapshot, {one for one in (host, *hosts) if one})
        question = Question(
            snapshot=asked,
            words=words,
            configured=dict(config.pins),
            config_path=config.path,
            needs=_needs(snapshot, need or []),
            now=then,
            max_age=None if max_age is None else timedelta(days=min(max_age, timedelta.max.days / 2)),
        )
        answered = _answered(question, upgrade or [], base, style)
        code = policy.exit_code(
            answered.found,
            unresolved_count=len(answered.asked.unresolved),
            is_worse=answered.is_worse or not base,
        )
        _tell(answered, asked, style, code)
    raise typer.Exit(int(code))


def _answered(question: Question, upgrade: list[str], base: str, style: str) -> Answered:
    try:
        if base:
            return question.answer_since(base)
        return question.answer_change(upgrade) if upgrade else question.answer()
    except UsageError as error:
        if style == "github":
            from tracker.cli.check_github import annotate_error

            annotate_error(error)
        raise


def _require_texts(context: typer.Context, options: dict[str, str]) -> None:
    """Refuse an option that is there and empty, as a variable leaves it that is not set: it asks another question.

    Raises:
        UsageError: there is one.
    """
    for name, text in options.items():
        given = context.get_parameter_source("source" if name == "from" else name)
        if given is not None and given.name == "COMMANDLINE" and not text.strip():
            message = f"--{name}: is empty"
            raise UsageError(message, hint="Is a variable not set? Leave the option out where it is not meant.")


def _style(style: str) -> str:
    if style not in _STYLES:
        message = f"--format: there is no form '{style}'"
        raise UsageError(message, hint=f"Forms: {', '.join(_STYLES)}")
    return style


def _open(source: str, config: Config, key: str, *, accept_unsigned: bool) -> OpenSnapshot:
    if source:
        from tracker.snapshot.published import open_published, require_key, shown

        accept = accept_unsigned or config.trust.accept_unsigned
        trust = config.trust
        if key:
            trust = replace(trust, keys={**trust.keys, "--key": require_key(key)})
        snapshot = open_published(source, config.network, trust, accept_unsigned=accept)
        whose = f"signed by {snapshot.signed_by}" if snapshot.signed_by else "nobody that is trusted here signed it"
        note(f"from {shown(source)}: {whose}")
        return snapshot
    from tracker.snapshot.file import open_snapshot

    return open_snapshot(config.verdicts_path)


def _moment(at: str) -> datetime | None:
    if not at:
        return None
    from tracker.cli.moment import past_moment

    return past_moment("--at", at)


def _as_of(context: typer.Context, at: datetime) -> OpenSnapshot:
    from tracker.cli.settings import workplace
    from tracker.passes.past import verdicts_at
    from tracker.snapshot.opened import in_memory

    return in_memory(verdicts_at(workplace(context), at), f"what was known at {at:%Y-%m-%d %H:%M} UTC")


def _on_host(snapshot: OpenSnapshot, wanted: set[str]) -> OpenSnapshot:
    """Return the snapshot as it is about the host with that key or title; without any, about its own."""
    if not wanted:
        return snapshot
    names = [{key.casefold(), title.casefold()} for key, title in snapshot.hosts]
    fitting = [number for number, own in enumerate(names) if all(one.casefold() in own for one in wanted)]
    if len(fitting) == 1:
        return snapshot.on(fitting[0])
    message = f"there are no verdicts on the host '{' and '.join(sorted(wanted))}' here"
    if fitting:
        message = f"several hosts are called '{' and '.join(sorted(wanted))}'"
    known = "\n".join(f"  host={key}" + (f" ({title})" if title else "") for key, title in snapshot.hosts)
    raise UsageError(message, hint=f"There are verdicts on:\n{known}")


def _needs(snapshot: OpenSnapshot, wanted: list[str]) -> list[str]:
    for need in wanted:
        if need not in snapshot.capabilities:
            message = f"there is no capability '{need}'"
            raise UsageError(message, hint=f"Capabilities: {', '.join(snapshot.capabilities)}")
    needs = [one for one in snapshot.capabilities if one in (wanted or snapshot.required)]
    if not needs:
        raise snapshot.damaged(ValueError("nothing that they know of is required"))
    return needs


def _tell(answered: Answered, snapshot: OpenSnapshot, style: str, code: ExitCode) -> None:
    from tracker.cli.check_report import printable, whole_answer

    found, asked = answered.found, answered.asked
    if style == "json":
        from tracker.cli.check_document import SCHEMA, whole_document

        print_json(SCHEMA, whole_document(answered, snapshot))
        return
    if style == "github":
        from tracker.cli.check_github import annotate, tell_job

        annotate(found, asked, snapshot, exit_code=code)
        tell_job(found, asked, snapshot, exit_code=code)
        return
    for line in whole_answer(answered, snapshot):
        say(printable(line))
    if answered.before and not answered.is_worse and found.exit_code is not ExitCode.OK:
        say("That is no worse than before.")
    if asked.unresolved:
        note(f"warning: {len(asked.unresolved)} pins have no version that can be told; the answer is about the others")
    if not found.verdict.runs:
        from tracker.naming import in_order

        note(f"To find out: tracker smoke {in_order(found.verdict.combination, snapshot.factors)}")
