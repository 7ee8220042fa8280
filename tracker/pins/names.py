"""Which part a key, a repository, an image or a mark in a text means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.pins.vocabulary import Term, Vocabulary

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PARTS = re.compile(r"[0-9a-z]+")
_BEFORE = frozenset(
    [
        "default",
        "desired",
        "env",
        "install",
        "installed",
        "linux",
        "our",
        "pinned",
        "target",
        "the",
        "tf",
        "use",
        "using",
        "var",
        "win",
        "windows",
    ]
)
_SAYS_VERSION = frozenset({"semver", "tag", "ver", "version", "versions"})
_AFTER = _SAYS_VERSION | frozenset(
    ["amd64", "default", "image", "linux", "pin", "pinned", "ref", "release", "rev", "windows"]
)
_LONGEST_KEY = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a pin is of.

    Attributes:
        name: of the component, or of the factor.
        versions: that are known.
        is_strict: only these versions count; any other word may mean something else.
        owners: components by version, where a factor's name stands for several components.
        says_version: the key itself says that its value is a version (``containerd_version``).
    """

    name: str
    versions: frozenset[str] = frozenset()
    is_strict: bool = False
    owners: tuple[tuple[str, frozenset[str]], ...] = ()
    says_version: bool = False

    def owner_of(self, version: str) -> str:
        """Return the component that alone has ``version``, else the subject's own name."""
        having = [name for name, versions in self.owners if version in versions]
        return having[0] if len(having) == 1 else self.name


class Names:
    """The names of a vocabulary, found again in the spellings that texts use."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_name: dict[str, Subject] = {}
        self._by_key: dict[str, Subject | None] = {}
        self._by_repository: dict[str, Subject] = {}
        self._by_image: dict[str, Subject] = {}
        for term in vocabulary.terms:
            self._add_term(term)
        for factor, owners in _shared(vocabulary.terms).items():
            subject = _of_factor(factor, owners)
            self._by_name.setdefault(_compact(factor), subject)
        for factor, variants in vocabulary.variants.items():
            versions = frozenset(variants)
            self._by_name.setdefault(_compact(factor), Subject(name=factor, versions=versions, is_strict=True))
        self._by_name.pop("", None)
        # A factor's name that stands for several components means them only when it stands alone: "cniVersion" is
        # another thing than a version of what the factor cni offers.
        self._alone = {name: subject for name, subject in self._by_name.items() if not subject.owners}
        words = {word for text in _spelled(vocabulary) for word in _PARTS.findall(text.lower())}
        self._words = _any_of(words, before="", after="")
        self.repositories = _any_of(self._by_repository, before=r"(?<![\w.-])", after=r"(?![\w-]|\.(?!git\b)\w)")
        self.images = _any_of(self._by_image, before=r"(?<![\w.:/@-])", after=r"(?![\w./-])")

        self.files = _any_of((name for name in _file_names(vocabulary) if name), before=r"(?<=/)", after=r"(?=[-_])")

    def _add_term(self, term: Term) -> None:
        subject = Subject(name=term.name, versions=frozenset(term.versions))
        for name in (term.name, *term.aliases):
            self._by_name.setdefault(_compact(name), subject)
        for repository in term.repositories:
            self._by_repository.setdefault(_owner_and_name(repository), subject)
        for image in term.images:
            for spelling in _spellings(image.lower()):
                self._by_image.setdefault(spelling, subject)
        self._by_image.pop("", None)
        self._by_repository.pop("", None)

    def are_in(self, text: str) -> bool:
        """Return whether a word of any name is in ``text``; without one it holds no pin, and need not be read."""
        return "tracker:" in text or (self._words is not None and self._words.search(text) is not None)

    def of_repository(self, text: str) -> Subject:
        """Return the subject whose repository a match of ``repositories`` is."""
        return self._by_repository[text.lower()]

    def of_image(self, text: str) -> Subject:
        """Return the subject whose image a match of ``images`` is."""
        return self._by_image[text.lower()]

    def of_name(self, text: str) -> Subject | None:
        """Return the subject that is called ``text``: by its name, an alias, its repository or its image."""
        lower = text.lower()
        known = self._by_repository.get(_owner_and_name(lower)) or self._by_image.get(lower)
        return known or self._by_name.get(_compact(text))

    def of_key(self, key: str) -> Subject | None:
        """Return the subject that a key means: ``containerd``, ``CONTAINERD_VERSION``, ``$ContainerDVersion``."""
        if len(key) > _LONGEST_KEY:
            return None
        if key not in self._by_key:
            self._by_key[key] = self._read_key(key)
        return self._by_key[key]

    def _read_key(self, key: str) -> Subject | None:
        compact = _compact(key)
        if compact in self._by_name:
            return self._by_name[compact]
        if all(name not in compact for name in self._alone):
            return None
        words = [word.lower() for word in _WORDS.findall(key)]
        says_version = compact.endswith("version")
        while words and words[-1] in _AFTER:
            says_version |= words.pop() in _SAYS_VERSION
        subject = self._alone_in(words)
        return replace(subject, says_version=says_version) if subject else None

    def _alone_in(self, words: list[str]) -> Subject | None:
        """Return what ``words`` name, the first of which may only say where or whose it is."""
        for first in range(len(words)):
            rest = "".join(words[first:])
            if subject := self._alone.get(rest) or self._alone.get(rest.removesuffix("version")):
                return subject
            if words[first] not in _BEFORE:
                return None
        return None


def _spelled(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield every name of a vocabulary; of addresses the ends."""
    yield from vocabulary.variants
    for term in vocabulary.terms:
        yield from (term.name, term.factor, *term.aliases)
        yield from (part for repository in term.repositories for part in repository.split("/")[-2:])
        yield from (image.rpartition("/")[2] for image in term.images)


def _file_names(vocabulary: Vocabulary) -> set[str]:
    """Return the names with which files of releases begin."""
    return {name.lower() for term in vocabulary.terms for name in (term.name, term.factor, *term.aliases)}


def _shared(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Return the terms of each factor."""
    owners: dict[str, list[Term]] = {}
    for term in terms:
        if term.factor:
            owners.setdefault(term.factor, []).append(term)
    return owners


def _of_factor(factor: str, owners: list[Term]) -> Subject:
    if len(owners) == 1:
        return Subject(name=owners[0].name, versions=frozenset(owners[0].versions))
    return Subject(
        name=factor,
        versions=frozenset(version for term in owners for version in term.versions),
        is_strict=True,
        owners=tuple((term.name, frozenset(term.versions)) for term in owners),
    )


def _compact(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.lower())


def _owner_and_name(repository: str) -> str:
    parts = repository.lower().removesuffix("/").removesuffix(".git").replace(":", "/").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and all(parts[-2:]) else ""


def _spellings(image: str) -> tuple[str, ...]:
    short = image.removeprefix("docker.io/")
    if short == image:
        return (image,)
    bare = short.removeprefix("library/")
    return (image, short, bare, f"docker.io/{bare}")


def _any_of(texts: Iterable[str], *, before: str, after: str) -> re.Pattern[str] | None:
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    if not longest_first:
        return None
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}", re.IGNORECASE | re.ASCII)
