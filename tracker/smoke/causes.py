"""Finds the line of a log that tells why something failed, and makes it readable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Cause

_LONGEST = 600
_LOGFMT = re.compile(r'(?P<key>[A-Za-z_][\w.-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>\S*))')
_MESSAGE_KEYS = ("msg", "message")
_GRAVE = re.compile(r'level"?[=:]"?(?:error|fatal|panic)', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCause:
    """Why a step failed, as far as its logs tell.

    Attributes:
        line: the most telling line, readable and bounded; empty when there is no output at all.
        name: name of the registered cause; empty when none matched.
        sentence: what it means in plain words; empty when none matched.
        is_deterministic: the same bytes on the same host always fail so.
    """

    line: str = ""
    name: str = ""
    sentence: str = ""
    is_deterministic: bool = False


def find_cause(causes: Sequence[Cause], logs: Sequence[str]) -> FoundCause:
    """Return the cause that ``logs``, best first, tell of; registered causes, most specific first, win.

    Without a registered one it is the last grave line of the first log that has one, else the last line of all: the
    client's own words, which name the symptom.
    """
    readable = [[read_line(line) for line in log.splitlines() if line.strip()] for log in logs]
    for cause in causes:
        for lines in readable:
            for line in lines:
                if match := re.search(cause.pattern, line):
                    return FoundCause(
                        line=_bounded(line, match.start()),
                        name=cause.name,
                        sentence=_sentence(cause, match),
                        is_deterministic=cause.is_deterministic,
                    )
    grave = next((line for log in logs for line in _last(log, _GRAVE)), "")
    last = next((lines[-1] for lines in reversed(readable) if lines), "")
    return FoundCause(line=_bounded(read_line(grave) or last, 0))


def read_line(line: str) -> str:
    """Return a JSON or logfmt log line as people read it: the message, then the error; others unchanged."""
    line = line.strip()
    fields = _json_fields(line) if line.startswith("{") else _logfmt_fields(line)
    message = next((fields[key] for key in _MESSAGE_KEYS if fields.get(key)), "")
    error = fields.get("error", "")
    text = f"{message}: {error}" if message and error and error not in message else message or error or line
    return _CONTROL.sub(" ", text).strip()


def _json_fields(line: str) -> dict[str, str]:
    try:
        decoded = json.loads(line)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in decoded.items()} if isinstance(decoded, dict) else {}


def _logfmt_fields(line: str) -> dict[str, str]:
    fields = {}
    for match in _LOGFMT.finditer(line):
        quoted = match["quoted"]
        fields[match["key"]] = _unquote(quoted) if quoted is not None else match["bare"]
    return fields if "level" in fields else {}


def _unquote(text: str) -> str:
    simple = {"n": "\n", "t": "\t"}
    return re.sub(r"\\(.)", lambda match: simple.get(match[1], match[1]), text).replace("\n", " ")


def _sentence(cause: Cause, match: re.Match[str]) -> str:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    return cause.sentence.format_map(groups) if groups else cause.sentence


def _last(log: str, pattern: re.Pattern[str]) -> Iterable[str]:
    found = [line for line in log.splitlines() if pattern.search(line)]
    return found[-1:]


def _bounded(line: str, at: int) -> str:
    if len(line) <= _LONGEST:
        return line
    start = max(0, min(at - _LONGEST // 4, len(line) - _LONGEST))
    cut = line[start : start + _LONGEST]
    return f"{'…' if start else ''}{cut}{'…' if start + _LONGEST < len(line) else ''}"
