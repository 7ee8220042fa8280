"""The work of ``tracker check``, from what was given on the command line to the exit code; without its library."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.check_options import STYLES
from tracker.cli.output import note, print_json, say
from tracker.config import find_config
from tracker.errors import ExitCode, StoreError, UntrustedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.cli.check_options import Given
    from tracker.cli.check_question import Answered, Question
    from tracker.config import Config
    from tracker.snapshot.opened import OpenSnapshot

_HOST = "host="


def run(config_path: str | Path | None, given: Given) -> ExitCode:
    """Answer on standard output, and return the code with which ``check`` ends.

    Args:
        config_path: the tracker.toml that the command line names.
        given: what it says besides.

    Raises:
        TrackerError: there is no answer.
    """
    from tracker.cli.check_policy import Policy
    from tracker.cli.check_question import without_pins

    _require_texts(given)
    policy, style = Policy.of(given.fail_on), _style("json" if given.json else given.style)
    config = find_config(None if config_path is None else Path(config_path), cwd=Path.cwd())
    then = _moment(given.at or "")
    if then and given.source:
        message = "--at asks this home, --from another place"
        raise UsageError(message, hint="A published site tells what is known today.")
    if given.upgrade and given.base:
        message = "--upgrade and --base are two questions"
        raise UsageError(message, hint="Ask about one change at a time.")
    if not _words(given) and not config.pins and not given.upgrade:
        raise without_pins(())
    try:
        snapshot = _as_of(config, then) if then else _open(given, config)
    except StoreError as error:
        if policy.counts_unreachable or isinstance(error, UntrustedError):
            raise
        note(f"warning: {error.message}; --fail-on leaves out what cannot be reached")
        return ExitCode.OK
    with snapshot:
        hosts = [word.removeprefix(_HOST) for word in given.what or () if word.startswith(_HOST)]
        asked = _on_host(snapshot, {one for one in (given.host, *hosts) if one})
        answered = _answered(_question(asked, config, given, then), given, style)
        code = policy.exit_code(
            answered.found,
            unresolved_count=len(answered.asked.unresolved),
            is_worse=answered.is_worse or not given.base,
        )
        _tell(answered, asked, style, code)
    return code


def _words(given: Given) -> list[str]:
    return [word for word in given.what or () if not word.startswith(_HOST)]


def _question(snapshot: OpenSnapshot, config: Config, given: Given, then: datetime | None) -> Question:
    from tracker.cli.check_question import Question

    return Question(
        snapshot=snapshot,
        words=_words(given),
        configured=dict(config.pins),
        config_path=config.path,
        needs=_needs(snapshot, given.need or ()),
        now=then,
        max_age=None if given.max_age is None else timedelta(days=min(given.max_age, timedelta.max.days / 2)),
    )


def _answered(question: Question, given: Given, style: str) -> Answered:
    try:
        if given.base:
            return question.answer_since(given.base)
        return question.answer_change(given.upgrade) if given.upgrade else question.answer()
    except UsageError as error:
        if style == "github":
            from tracker.cli.check_github import annotate_error

            annotate_error(error)
        raise


def _require_texts(given: Given) -> None:
    """Refuse an option that is there and empty, as a variable leaves it that is not set: it asks another question.

    Raises:
        UsageError: there is one.
    """
    texts = {"at": given.at, "base": given.base, "from": given.source, "host": given.host, "key": given.key}
    for name, text in texts.items():
        if text is not None and not text.strip():
            message = f"--{name}: is empty"
            raise UsageError(message, hint="Is a variable not set? Leave the option out where it is not meant.")


def _style(style: str) -> str:
    if style not in STYLES:
        message = f"--format: there is no form '{style}'"
        raise UsageError(message, hint=f"Forms: {', '.join(STYLES)}")
    return style


def _open(given: Given, config: Config) -> OpenSnapshot:
    if given.source:
        return _open_published(given.source, config, given.key or "", accept_unsigned=given.unsigned)
    from tracker.snapshot.file import open_snapshot

    return open_snapshot(config.verdicts_path)


def _open_published(source: str, config: Config, key: str, *, accept_unsigned: bool) -> OpenSnapshot:
    from tracker.snapshot.published import open_published, require_key, shown

    trust = config.trust
    if key:
        trust = trust._replace(keys={**trust.keys, "--key": require_key(key)})
    accept = accept_unsigned or trust.accept_unsigned
    snapshot = open_published(source, config.network, trust, accept_unsigned=accept)
    whose = f"signed by {snapshot.signed_by}" if snapshot.signed_by else "nobody that is trusted here signed it"
    note(f"from {shown(source)}: {whose}")
    return snapshot


def _moment(at: str) -> datetime | None:
    if not at:
        return None
    from tracker.cli.moment import past_moment

    return past_moment("--at", at)


def _as_of(config: Config, at: datetime) -> OpenSnapshot:
    from tracker.cli.places import opened
    from tracker.passes.past import verdicts_at
    from tracker.snapshot.opened import in_memory

    return in_memory(verdicts_at(opened(config), at), f"what was known at {at:%Y-%m-%d %H:%M} UTC")


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


def _needs(snapshot: OpenSnapshot, wanted: Sequence[str]) -> list[str]:
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
