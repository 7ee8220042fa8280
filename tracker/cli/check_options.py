"""What may stand behind ``tracker check``: declared once, for the application and for a start without its library.

The quick start reads only what it is sure of. Help, an option that nobody knows, a value that is none: all of that is
the application's, which reads the same declaration, so that there is one wording.
"""

from __future__ import annotations

import sys
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STYLES = ("text", "json", "github")
WHAT_METAVAR = "[FACTOR=VALUE | FILE]..."
WHAT_HELP = "Versions to ask about, or files that pin them."
# Windows expands no words for a program; the application does.
_EXPANDED = frozenset("*?[~$%")


class Option(NamedTuple):
    """An option of a command.

    Attributes:
        name: of the field that takes it.
        flag: how it is written.
        help: what it does.
        kind: ``str``, ``list`` for one that may be repeated, ``bool`` for one without a value, ``float`` for a number
            that is not negative.
        metavar: what stands for its value; empty for the kind's own word.
        default: what counts without it.
    """

    name: str
    flag: str
    help: str
    kind: type
    metavar: str = ""
    default: Any = None


class Given(NamedTuple):
    """What was given on the command line; ``None`` for what was not."""

    what: Sequence[str] | None = None
    need: Sequence[str] | None = None
    upgrade: Sequence[str] | None = None
    base: str | None = None
    source: str | None = None
    host: str | None = None
    fail_on: str = ""
    max_age: float | None = None
    style: str = ""
    key: str | None = None
    unsigned: bool = False
    at: str | None = None
    json: bool = False


JSON = Option("json", "--json", "Print JSON for machines.", bool, default=False)
AT = Option("at", "--at", "As it was known then: 2026-11-20, or a time, in UTC.", str, "DATE")
OPTIONS = (
    Option("need", "--need", "A capability that must work; repeatable.", list),
    Option("upgrade", "--upgrade", "Ask about this change; repeatable.", list, "FACTOR=VALUE"),
    Option("base", "--base", "Complain only about what is worse than there.", str, "GITREF"),
    Option("source", "--from", "A published site, its matrix.json, or a verdicts file.", str, "WHERE"),
    Option("host", "--host", "The host that the answer must be about.", str, "KEY"),
    Option(
        "fail_on",
        "--fail-on",
        "Which of broken,unknown,stale,unreachable,unresolved fail.",
        str,
        "REASONS",
        "broken,unknown,stale,unreachable",
    ),
    Option("max_age", "--max-age", "After so many days evidence is stale.", float, "DAYS"),
    Option("style", "--format", "How to answer.", str, "|".join(STYLES), STYLES[0]),
    Option("key", "--key", "The key that signed what --from names, besides [trust.keys].", str, "KEY"),
    Option(
        "unsigned",
        "--unsigned",
        "Read what --from names although nobody that is trusted signed it.",
        bool,
        default=False,
    ),
    AT,
    JSON,
)


class _UnsureError(Exception):
    """The application has to read this command line."""


def quick_question(words: Sequence[str]) -> tuple[str | None, Given] | None:
    """Return what ``tracker check`` is asked, and the tracker.toml that is named.

    ``None`` where it is another command, or where this reading is not sure of a word.

    Args:
        words: the command line without the program's name.
    """
    if sys.platform == "win32" and any(not _EXPANDED.isdisjoint(word) for word in words):
        return None
    rest = iter(words)
    try:
        config = _before_check(rest)
        return config, _given(rest)
    except _UnsureError:
        return None


def _before_check(rest: Iterator[str]) -> str | None:
    """Return the value of the global option, and leave ``rest`` behind the word ``check``."""
    config = None
    for word in rest:
        if word == "check":
            return config
        if word.startswith("--config="):
            config = word.removeprefix("--config=")
        elif word in {"--config", "-c"}:
            config = _next(rest)
        else:
            raise _UnsureError
    raise _UnsureError


def _given(rest: Iterator[str]) -> Given:
    known = {one.flag: one for one in OPTIONS}
    found: dict[str, Any] = {one.name: one.default for one in OPTIONS}
    what: list[str] = []
    for word in rest:
        if word == "--":
            what += rest
        elif word == "-" or not word.startswith("-"):
            what.append(word)
        else:
            flag, has_value, value = word.partition("=")
            if flag not in known:
                raise _UnsureError
            _take(known[flag], value if has_value else None, rest, found)
    return Given(what=what, **found)


def _take(option: Option, value: str | None, rest: Iterator[str], found: dict[str, Any]) -> None:
    if option.kind is bool:
        if value is not None:
            raise _UnsureError
        found[option.name] = True
        return
    text = _next(rest) if value is None else value
    if option.kind is list:
        found[option.name] = [*(found[option.name] or ()), text]
    else:
        found[option.name] = _number(text) if option.kind is float else text


def _next(rest: Iterator[str]) -> str:
    for word in rest:
        return word
    raise _UnsureError


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise _UnsureError from None
    if not 0 <= number < inf:
        raise _UnsureError
    return number
