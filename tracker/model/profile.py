"""A profile: what is combined, what is demonstrated, and what names the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model.factor import Exclusion, Factor
    from tracker.model.sighting import Succession


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRequest:
    """A pull request that somebody waits for.

    Attributes:
        component: whose releases it should reach.
        repository: as ``"microsoft/windows-container-networking"``.
        number: of the pull request.
        wanted: what it brings, in a few words for people.
        replaces: what can be given up once a release has it (a self-built file, say); empty for nothing.
        succession: what a person has found out about what became of it, most certain first.
    """

    component: str
    repository: str
    number: int
    wanted: str
    replaces: str = ""
    succession: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A set of components, factors, host key and scenario that ships together.

    Attributes:
        name: what ``init --profile`` takes.
        title: one line for pages.
        factors: in the order in which people read them; the first is varied first when "newest" is asked.
        scenario: name of the scenario that is run on each combination; empty for a profile that only watches: it
            looks, records and publishes, and runs nothing.
        capabilities: chain of requirements, earliest first: each one needs all before it.
        required: the capabilities that ``check`` asks for when ``--need`` does not say.
        host_key: names of the host facts between which nothing clears or proves.
        tools: components that runs use without testing them (the payload of the smoke image).
        source_options: defaults for the sources' options, by source; tracker.toml overrides them.
        platforms: values of ``sys.platform`` on which ``init`` and a missing tracker.toml choose this profile.
        asset_platforms: platforms whose assets are wanted, as ``"windows/amd64"``; empty where releases have one file.
        informs: components that are watched for information alone.
        exclusions: values that never meet in a plan.
        advice: lines about the sources' settings, which ``init`` writes into tracker.toml as comments.
        stories: pull requests whose way into a release is told on the front page.
    """

    name: str
    title: str
    factors: tuple[Factor, ...]
    scenario: str
    capabilities: tuple[str, ...]
    required: tuple[str, ...]
    host_key: tuple[str, ...]
    tools: tuple[str, ...] = ()
    source_options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    asset_platforms: tuple[str, ...] = ()
    informs: tuple[str, ...] = ()
    stories: tuple[StoryRequest, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    advice: tuple[str, ...] = ()

    def factor(self, name: str) -> Factor:
        """Return the factor called ``name``.

        Raises:
            KeyError: the profile has no such factor.
        """
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise KeyError(name)

    @property
    def component_names(self) -> tuple[str, ...]:
        """All components that the profile watches: those of its factors in order, its tools, then for information."""
        names = [name for factor in self.factors for name in factor.components]
        return tuple(dict.fromkeys([*names, *self.tools, *self.informs]))
