"""What a registry that answers 401 wants, read from its ``WWW-Authenticate`` header.

Grammar as in RFC 9110, section 11.6.1 (challenges) and 5.6 (tokens, quoted strings), read 2026-11-23.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TOKEN68 = re.compile(r"[0-9A-Za-z._~+/-]+=*(?=[ \t]*(?:,|$))")
_QUOTED = re.compile(r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t -~\x80-\xff])*)"')
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_SPACE = re.compile(r"[ \t]*")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One way to ask again.

    Attributes:
        scheme: in lower case (``bearer``).
        parameters: by name in lower case, without quotes.
        token: what stands in place of parameters; empty when there are parameters.
    """

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


def read_challenges(header: str) -> tuple[Challenge, ...]:
    """Return the challenges of a header in its order; several headers are one, joined by commas.

    Raises:
        ValueError: it breaks the grammar, or a challenge says a parameter twice.
    """
    found: list[Challenge] = []
    at = _after_commas(header, 0)
    while at < len(header):
        one, at = _read_challenge(header, at)
        found.append(one)
        at = _after_commas(header, at)
    return tuple(found)


def _read_challenge(header: str, start: int) -> tuple[Challenge, int]:
    scheme = _match(_TOKEN, header, start)
    at = scheme.end()
    if at < len(header) and header[at] not in " \t,":
        raise _broken(header, at)
    at = _skip(header, at)
    alone = _TOKEN68.match(header, at)
    if alone and not _parameter_name(header, at):
        return Challenge(scheme=scheme[0].lower(), token=alone[0]), _end_of_element(header, alone.end())
    parameters: dict[str, str] = {}
    while name := _parameter_name(header, at):
        key = name[0].lower()
        if key in parameters:
            message = f"{key} is said twice"
            raise ValueError(message)
        parameters[key], at = _read_value(header, _match(_EQUALS, header, name.end()).end())
        following = _after_commas(header, at)
        if "," not in header[at:following] or not _parameter_name(header, following):
            break
        at = following
    return Challenge(scheme=scheme[0].lower(), parameters=parameters), _end_of_element(header, at)


def _parameter_name(header: str, at: int) -> re.Match[str] | None:
    """Return the name of a parameter that starts at ``at``; a new challenge or a token has no value behind it."""
    name = _TOKEN.match(header, at)
    equals = _EQUALS.match(header, name.end()) if name else None
    # Padding of a token ("abc=", "abc==") ends its element; a value never is empty.
    if not equals or equals.end() >= len(header) or header[equals.end()] in "=,":
        return None
    return name


def _read_value(header: str, at: int) -> tuple[str, int]:
    if header.startswith('"', at):
        quoted = _match(_QUOTED, header, at)
        return _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
    token = _match(_TOKEN, header, at)
    return token[0], token.end()


def _end_of_element(header: str, at: int) -> int:
    at = _skip(header, at)
    if at < len(header) and header[at] != ",":
        raise _broken(header, at)
    return at


def _after_commas(header: str, at: int) -> int:
    at = _skip(header, at)
    while at < len(header) and header[at] == ",":
        at = _skip(header, at + 1)
    return at


def _skip(header: str, at: int) -> int:
    return _match(_SPACE, header, at).end()


def _match(pattern: re.Pattern[str], header: str, at: int) -> re.Match[str]:
    found = pattern.match(header, at)
    if found is None:
        raise _broken(header, at)
    return found


def _broken(header: str, at: int) -> ValueError:
    return ValueError(f"not understood at character {at + 1}: {header[at : at + 20]!r}")
