"""What pip's complaints mean: whose fault it is that packages cannot be installed together. Pure.

The sentences are those of pip 26; a complaint that is not known is an error of the test, never the software's fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tracker.api import MisfitError, NotApplicableError, SmokeError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .pip_run import PipSaid

_UNFETCHED = re.compile(r"Could not fetch URL (?P<url>\S+): (?P<reason>.*) - skipping")
_MISSING_PAGE = "404 Client Error"
_CONFLICT = "ResolutionImpossible"
_CAUSE_BLOCK = re.compile(r"The conflict is caused by:\n(?P<lines>(?:    .*\n?)+)")
_DEPENDS = re.compile(r"(?P<who>\S+) (?P<version>\S+) depends on (?P<requirement>.+)")
_REQUESTED = re.compile(r"The user requested (?P<name>[\w.-]+)")
_UNMATCHED_BLOCK = re.compile(r"no matching distributions available for your environment:\n(?P<lines>(?:    .*\n?)+)")
_PYTHON = re.compile(r"Package '(?P<name>[^']+)' requires a different Python: (?P<have>\S+) not in '(?P<wanted>[^']+)'")
_NO_VERSION = re.compile(
    r"Could not find a version that satisfies the requirement (?P<wanted>.+?) \(from versions: (?P<versions>[^)]*)\)"
)
_OTHER_PYTHON = re.compile(r"Ignored the following versions that require a different python version: (?P<which>.+)")
_LINE_FROM = re.compile(r" \(from (?P<chain>[^)]*)\)$")
_FOR_US_ALONE = ("No sources permitted for", "none of the wheel's tags")
_LOCATION = re.compile(r" \(from [^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for.

    Attributes:
        members: the factor of each project that the combination asks for, by normal name.
        versions: the version of each.
        choosing: the factors that choose the interpreter.
    """

    members: Mapping[str, str]
    versions: Mapping[str, str]
    choosing: frozenset[str]

    def factors(self, text: str) -> frozenset[str]:
        """Return the factors whose projects ``text`` names; all where it names none."""
        words = {canonicalize_name(word) for word in re.findall(r"[A-Za-z0-9][\w.-]*", text)}
        named = frozenset(factor for name, factor in self.members.items() if name in words)
        return named or frozenset(self.members.values())


def check_reached(said: PipSaid) -> None:
    """Return when every index answered; one that has no such project did answer.

    Raises:
        UnreachableError: one did not, so that nobody knows what it offers.
    """
    for match in _UNFETCHED.finditer(said.log):
        if not match["reason"].startswith(_MISSING_PAGE):
            message = f"{match['url']}: no answer: {match['reason'][:300]}"
            raise UnreachableError(message, hint="pip's configuration says where packages come from.")


def complain(said: PipSaid, asked: Asked) -> Exception:
    """Return the error that pip's complaint means.

    Args:
        said: of a pip that failed, every index having answered.
        asked: what was asked for.
    """
    output = said.output
    if match := _PYTHON.search(output):
        return MisfitError(
            f"{match['name']} wants Python {match['wanted']}, and this is {match['have']}.",
            factors=asked.factors(match["name"]) | asked.choosing,
            cause=match[0],
            cause_name="other-python",
            log=output,
        )
    if _CONFLICT in output and (block := _CAUSE_BLOCK.search(output)):
        return _conflict(said, block["lines"], asked)
    if match := _NO_VERSION.search(output):
        return _no_version(said, match, asked)
    return SmokeError(f"pip could not resolve it: {_last_error(output)}")


def _conflict(said: PipSaid, block: str, asked: Asked) -> Exception:
    lines = [_LOCATION.sub("", line.strip()) for line in block.splitlines() if line.strip()]
    for line in lines:
        if (match := _DEPENDS.fullmatch(line)) and (wanted := _read(match["requirement"])) is not None:
            have = asked.versions.get(canonicalize_name(wanted.name))
            if have is not None and not wanted.specifier.contains(have, prereleases=True):
                return MisfitError(
                    f"{match['who']} {match['version']} requires {wanted}, which excludes {wanted.name} {have}.",
                    factors=asked.factors(f"{_root_of(match['who'], lines)} {wanted.name}"),
                    cause=line,
                    cause_name="requirements-conflict",
                    log=said.output,
                )
    unmatched = _UNMATCHED_BLOCK.search(said.output)
    strangers = [name for name in (unmatched["lines"].split() if unmatched else []) if name not in asked.members]
    if strangers and any(sign in said.log for sign in _FOR_US_ALONE):
        message = f"there is no wheel for this Python and platform that would do: {', '.join(strangers)}"
        return NotApplicableError(message)
    return MisfitError(
        f"{'; '.join(lines)}: no version fits all of these.",
        factors=asked.factors(" ".join(lines)),
        cause="; ".join(lines),
        cause_name="requirements-conflict",
        log=said.output,
    )


def _no_version(said: PipSaid, match: re.Match[str], asked: Asked) -> Exception:
    found = _LINE_FROM.search(match["wanted"])
    chain = found["chain"] if found else ""
    wanted = _LINE_FROM.sub("", match["wanted"])
    name = re.split(r"[^\w.-]", wanted, maxsplit=1)[0]
    of = f" (for {chain})" if chain else ""
    if other := _OTHER_PYTHON.search(said.output):
        return MisfitError(
            f"{wanted}{of} is there for another Python alone: {other['which'][:300]}.",
            factors=asked.factors(chain or name) | asked.choosing,
            cause=match[0],
            cause_name="other-python",
            log=said.output,
        )
    if any(sign in line and name in line for line in said.log.splitlines() for sign in _FOR_US_ALONE):
        message = f"{wanted}{of}: there is no wheel of it for this Python and platform, and nothing is built here"
        return NotApplicableError(message)
    if match["versions"] in {"", "none"}:
        return SmokeError(f"{wanted}{of}: no index has it", hint="Does pip's configuration name the right index?")
    return MisfitError(
        f"{wanted}{of} is not to be had: there are {match['versions'][:300]}.",
        factors=asked.factors(chain or name),
        cause=match[0],
        cause_name="requirement-unmet",
        log=said.output,
    )


def _root_of(who: str, lines: list[str]) -> str:
    """Return ``who`` with those that asked for it, as far as the lines tell."""
    asking = [match["who"] for line in lines if (match := _DEPENDS.fullmatch(line)) and who in match["requirement"]]
    return " ".join([who, *asking])


def _read(text: str) -> Requirement | None:
    # pip writes "a<2 and >=1" for people.
    try:
        return Requirement(text.replace(" and ", ","))
    except InvalidRequirement:
        return None


def _last_error(output: str) -> str:
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    return (errors or output.splitlines() or ["no word of why"])[-1][:500]
