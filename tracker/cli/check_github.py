"""How ``tracker check`` tells its answer to a workflow on GitHub: annotations, outputs, and the summary of the job.

The forms are those of "Workflow commands for GitHub Actions" in GitHub's documentation, read on 2026-11-24.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.check_pins import UnknownPinError
from tracker.cli.check_report import answer_lines, change_of, printable, remarks
from tracker.cli.output import note, say
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.cli.check_pins import Asked, Pinned
    from tracker.errors import ExitCode, UsageError
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot


def annotate(found: Answer, asked: Asked, snapshot: OpenSnapshot, *, exit_code: ExitCode) -> None:
    """Print the commands by which GitHub shows the answer at the lines that pin something."""
    level = "error" if exit_code else "notice"
    title = printable(f"{found.verdict.kind}: {' '.join(map(str, found.pinned))}")
    message = printable(" ".join(_sentences(found, snapshot)))
    places = _blamed(found, asked)
    for one in places:
        say(f"::{level} file={_property(one.path)},line={one.line},title={_property(title)}::{_message(message)}")
    if not places:
        say(f"::{level} title={_property(title)}::{_message(message)}")
    for open_pin in asked.unresolved:
        where = f"file={_property(open_pin.path)},line={open_pin.line}"
        say(f"::warning {where},title=unresolved pin::{_message(printable(f'{open_pin.name}: {open_pin.why}'))}")
    for pin, remark in remarks(asked, snapshot):
        where = f"file={_property(pin.path)},line={pin.line}," if pin.path else ""
        say(f"::warning {where}title={_property(str(pin.value))}::{_message(printable(remark))}")


def annotate_error(error: UsageError) -> None:
    """Print the command by which GitHub shows why there is no answer, at the line that it is about, where it is one."""
    where = f" file={_property(error.path)},line={error.line}" if isinstance(error, UnknownPinError) else ""
    say(f"::error{where}::{_message(printable(error.message))}")


def tell_job(found: Answer, asked: Asked, snapshot: OpenSnapshot, *, exit_code: ExitCode) -> None:
    """Write outputs and summary of the job into the files that GitHub names, if it names any."""
    sentence = printable(found.verdict.sentence)
    _append("GITHUB_OUTPUT", f"verdict={found.verdict.kind}\nsentence={sentence}\nexit-code={int(exit_code)}\n")
    lines = [printable(line) for line in answer_lines(found, asked, snapshot)]
    longest = max((len(run) for line in lines for run in _backticks(line)), default=0)
    fence = "`" * max(3, longest + 1)
    _append("GITHUB_STEP_SUMMARY", "\n".join([f"{fence}text", *lines, fence, ""]))


def _sentences(found: Answer, snapshot: OpenSnapshot) -> Iterator[str]:
    yield found.verdict.sentence
    yield from (one.sentence for one in found.culprits if one.sentence not in found.verdict.sentence)
    if found.nearest_good:
        yield f"Nearest that works: {in_order(found.nearest_good, snapshot.factors)}."
        yield f"Smallest change: {change_of(found.pinned, found.nearest_good)}."


def _blamed(found: Answer, asked: Asked) -> list[Pinned]:
    """Return the pins in files that do not fit; where that is not known, the first of them all."""
    blamed = {value for culprit in found.culprits for value in culprit.values}
    places = [one for one in asked.pins if one.path]
    return [one for one in places if one.value in blamed] or places[:1]


def _backticks(line: str) -> list[str]:
    return "".join(one if one == "`" else " " for one in line).split()


def _append(variable: str, text: str) -> None:
    name = os.environ.get(variable)
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        note(f"warning: {variable} names {name}, which cannot be written: {error.strerror or error}")


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
