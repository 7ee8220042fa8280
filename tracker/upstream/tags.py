"""How tags become versions, and which are set aside and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Component, TagRule

_EXAMPLES = 5
_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTag:
    """A tag that is a version.

    Attributes:
        tag: as the upstream writes it.
        version: what the component's rule reads from it.
        line: the supported line of the version; the version itself where the rule finds none, empty without a rule.
        is_prerelease: the version is named as one; what the upstream says besides is not known here.
    """

    tag: str
    version: str
    line: str
    is_prerelease: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A tag that is no version of the component.

    Attributes:
        tag: as the upstream writes it.
        reason: predicate of a sentence whose subject is the tag: ``"does not fit ..."``, ``"is the second tag ..."``.
    """

    tag: str
    reason: str

    @property
    def sentence(self) -> str:
        """The whole sentence for people."""
        return f"The tag {beginning(self.tag)} {self.reason}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Tags as versions and as others, each in the order in which they came."""

    read: tuple[ReadTag, ...]
    aside: tuple[SetAside, ...]


def read_tag(component: Component, tag: str) -> ReadTag | SetAside:
    """Return ``tag`` as a version of ``component``, or why it is none.

    Without a tag rule the tag itself is the version, of no line, and no pre-release.

    Raises:
        ConfigError: an expression of the component's rule cannot be used.
    """
    rule = component.tags
    if rule is None:
        return ReadTag(tag=tag, version=tag, line="", is_prerelease=False)
    match = _version_expression(component, rule).fullmatch(tag)
    version = (match["version"] or "") if match else ""
    if not version:
        return SetAside(tag=tag, reason=f"does not fit {rule.version}")
    return ReadTag(
        tag=tag,
        version=version,
        line=_line_of(component, rule, version),
        is_prerelease=bool(rule.prerelease)
        and _compiled(component, "prerelease", rule.prerelease).search(version) is not None,
    )


def read_tags(component: Component, tags: Iterable[str]) -> Sorted:
    """Return ``tags`` as versions and as what is set aside, in the order in which they come.

    A version has one tag: the first; a later tag of the same version is set aside. The same tag twice counts once.

    Raises:
        ConfigError: an expression of the component's rule cannot be used.
        SourceError: there are tags, and the component's rule fits none of them.
    """
    read: dict[str, ReadTag] = {}
    aside: dict[str, SetAside] = {}
    for tag in tags:
        one = read_tag(component, tag)
        if isinstance(one, SetAside):
            aside.setdefault(tag, one)
        elif (first := read.setdefault(one.version, one)).tag != tag:
            aside.setdefault(tag, SetAside(tag=tag, reason=f"is the second tag for {one.version} (after {first.tag})"))
    if aside and not read:
        raise _nothing_fits(component, tuple(aside))
    return Sorted(read=tuple(read.values()), aside=tuple(aside.values()))


def beginning(text: str) -> str:
    """Return a stranger's text fit for one line of a message: printable, and not too long."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return clean if len(clean) <= _LONGEST else f"{clean[:_LONGEST]}..."


def _line_of(component: Component, rule: TagRule, version: str) -> str:
    match = _compiled(component, "line", rule.line).match(version)
    if match is None:
        return version
    return (match[1] if match.re.groups else match[0]) or version


def _version_expression(component: Component, rule: TagRule) -> re.Pattern[str]:
    expression = _compiled(component, "version", rule.version)
    if "version" not in expression.groupindex:
        message = f"{component.name}: the tag rule's version {rule.version!r} has no group called version"
        raise ConfigError(message, hint=r"Name the part that is the version: v(?P<version>\d+\.\d+\.\d+)")
    return expression


def _compiled(component: Component, part: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"{component.name}: the tag rule's {part} {expression!r} is no regular expression: {error}"
        raise ConfigError(message) from error


def _nothing_fits(component: Component, tags: tuple[str, ...]) -> SourceError:
    examples = ", ".join(beginning(tag) for tag in tags[:_EXAMPLES])
    more = ", ..." if len(tags) > _EXAMPLES else ""
    expression = component.tags.version if component.tags else ""
    counted = "the only tag does not fit" if len(tags) == 1 else f"none of {len(tags)} tags fits"
    message = f"{component.name}: {counted} the tag rule's version {expression} ({examples}{more})"
    return SourceError(message, hint="Either the upstream names its tags anew, or the rule is wrong.")
