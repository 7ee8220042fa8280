"""What can be pinned: the parts, the fixed variants, and how texts name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A part that a text may pin.

    Attributes:
        name: the component's name; what a pin of it is called.
        factor: name of the factor whose values its versions are; empty when it is in none.
        repositories: where its releases are, as ``"containerd/containerd"`` or as a URL that ends so.
        images: names of its images without tag, as ``"mcr.microsoft.com/windows/nanoserver"``.
        aliases: other names that texts use for it (``"nerdctl-full"``).
        versions: upstream versions that are known, without a leading ``v``; they tell a version from other words.
    """

    name: str
    factor: str = ""
    repositories: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All that can be pinned.

    Attributes:
        terms: the parts; where two claim one name, the first has it.
        variants: the fixed values of factors that have no component, by factor.
    """

    terms: tuple[Term, ...]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
