"""Names with values in one line, and the brackets around them, in whatever language the line is.

Every place of a line is looked at a bounded number of times, so that one line may be megabytes long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = r"[A-Za-z_][\w.-]{0,79}"
_TOKEN = re.compile(
    rf"""
    (?<![\w.$@/-])(?P<dash>--?)?(?P<dollar>\$(?:\{{?(?i:env|global|script|local|private):|\{{)?)?
    (?P<quote>["']?)(?P<key>{_KEY})(?P=quote)\}}?
    (?P<sep>
        [ \t]*(?::[ \t]*(?:str|string|String)[ \t]*=|(?::|\?|::)?=(?![=~>])|=>)[ \t]*
        |[ \t]string[ \t]*=[ \t]*
        |[ \t]*:(?=[\s"'\[{{]|$)[ \t]*
        |(?(dash)[ \t]+(?=[^\s-])|(?!))
    )
    (?:(?P<opens>@?[\[{{])|"(?P<double>[^"]{{0,300}})"|'(?P<single>[^']{{0,300}})'
        |(?P<bare>[^\s,;"'(){{}}\[\]<>|&`]{{0,300}}))
    |(?<![\w.$@/-])["']?(?P<block>{_KEY})["']?[ \t]*(?P<begins>\{{)
    |(?P<open>[\[{{])
    |(?P<close>[\]}}])
    |(?<![\w.=:/@-])(?P<item>v?\d{{1,9}}(?:\.\d{{1,9}})+[\w.+~-]{{0,60}})
    """,
    re.VERBOSE,
)
_SPACED = re.compile(
    rf"""\s*(?:ENV|setx|set\s-g?x|\#define)[ \t]+(?P<key>{_KEY})[ \t]+["']?(?P<value>[^\s"'=]{{1,300}})["']?\s*$"""
)
_MORE_INSIDE = re.compile(r"[\s=:]")
_COMPUTED = re.compile(r"[ \t]*(?:\+|-f\b|-join\b|-replace\b|\.\w+\(|\(|`(?=\w))")
_JOINED = re.compile(r"""[ \t]*\+[ \t]*["']?(?P<more>[^\s"'+;,()\[\]{}]{1,100})["']?[ \t]*(?=$|[;)}])""")
_ENDS_HERE = re.compile(r"""[ \t]*(?:$|[,;}\])"'\\])""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A name with a value.

    Attributes:
        key: the name, without dashes, ``$`` and quotes.
        value: its value without quotes; empty where none stands on this line.
        place: where the value begins.
        separator: what stands between, without spaces; empty for an option with its value after a space.
        is_option: it begins with a dash.
        is_dollar: it begins with ``$``.
        is_quoted: the value stands in quotes.
        opens: the bracket that the value begins with; empty for most.
        is_computed: the value goes on with an operation on it.
        is_last: nothing follows the value but a bracket, a comma or a quote.
    """

    key: str
    value: str
    place: int
    separator: str = "="
    is_option: bool = False
    is_dollar: bool = False
    is_quoted: bool = False
    opens: str = ""
    is_computed: bool = False
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """A bracket that begins something."""

    bracket: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A bracket that ends something."""

    bracket: str


@dataclass(frozen=True, slots=True)
class Element:
    """What looks like a version and has no name of its own."""

    text: str
    place: int


def tokens(text: str) -> Iterator[Pair | Opening | Closing | Element]:
    """Yield what a line holds, from left to right; what stands inside a quoted value comes after its pair."""
    if spaced := _SPACED.match(text):
        yield Pair(key=spaced["key"], value=spaced["value"], place=spaced.start("value"))
        return
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["key"]:
            pair = _pair(text, match)
            yield pair
            # A script or a further assignment inside of the value is read as well.
            if _MORE_INSIDE.search(pair.value):
                at = pair.place
        elif match["block"]:
            yield Pair(key=match["block"], value="", place=match.start("begins"), separator="", opens="{")
        elif match["item"]:
            yield Element(match["item"], match.start("item"))
        else:
            yield Opening(match["open"]) if match["open"] else Closing(match["close"])


def _pair(text: str, match: re.Match[str]) -> Pair:
    group = next((name for name in ("double", "single", "bare") if match[name] is not None), "opens")
    is_quoted = group in {"double", "single"}
    joined = _JOINED.match(text, match.end()) if is_quoted else None
    return Pair(
        key=match["key"],
        value="" if group == "opens" else match[group] + (joined["more"] if joined else ""),
        place=match.start(group),
        separator=match["sep"].strip(),
        is_option=match["dash"] is not None,
        is_dollar=match["dollar"] is not None,
        is_quoted=is_quoted,
        opens=(match["opens"] or "").lstrip("@"),
        is_computed=joined is None and _COMPUTED.match(text, match.end()) is not None,
        is_last=is_quoted or _ENDS_HERE.match(text, match.end()) is not None,
    )
