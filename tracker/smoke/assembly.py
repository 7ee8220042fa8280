"""The first steps of a run: the environments that the combination's parts come into, and what they come to."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tracker.errors import MisfitError, NotApplicableError, SmokeError
from tracker.model import Combination, Outcome, StepResult
from tracker.protocols import EnvironmentRequest, Member
from tracker.smoke.bench import Installed
from tracker.smoke.environments import Environments, Wanted, closure_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.config import Config
    from tracker.model import Component, Profile, Release
    from tracker.protocols import EnvironmentBuilder, HttpClient, Resolution
    from tracker.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What the environments of one run are.

    Attributes:
        steps: one for each builder, in order of names, up to the first that did not pass.
        installed: where each member lies, by factor, tools by component name.
        facts: what decides what the environments are; recorded with the run.
        files: digest of each file in them, by ``builder/file name``.
        closure: digest over all of it; empty when there is none.
    """

    steps: tuple[StepResult, ...] = ()
    installed: Mapping[str, Installed] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    closure: str = ""

    @property
    def ended_by(self) -> StepResult | None:
        """The step that ends the run; ``None`` when all passed."""
        return next((step for step in self.steps if step.outcome is not Outcome.PASS), None)

    def with_files_of(self, releases: Iterable[Release]) -> dict[str, str]:
        """Return the digest of each file of ``releases`` and, where none of them is the same, of the environments."""
        used = {f"{one.component}/{asset.name}": asset.digest or "" for one in releases for asset in one.assets}
        return used | {name: digest for name, digest in self.files.items() if digest not in used.values()}


class Assembly:
    """Makes the environments of runs; safe to use from several threads.

    Args:
        registry: all plugins.
        profile: what is run; a resolution demonstrates its first capability.
        config: where things lie, and the builders' options.
        http: what fetches.
    """

    def __init__(self, registry: Registry, profile: Profile, config: Config, http: HttpClient) -> None:
        self._builders = registry.environment_builders
        self._config = config
        self._http = http
        self._profile = profile
        self._capability = profile.capabilities[0] if profile.capabilities else ""
        self._environments = Environments(config.home / "environments")

    def builder_of(self, component: Component | None) -> EnvironmentBuilder | None:
        """Return what makes the environment that ``component`` comes into; ``None`` where an installer installs it."""
        return self._builders.get(component.installer) if component is not None else None

    def select(self, builder: EnvironmentBuilder, release: Release, combination: Combination) -> Release:
        """Return the release with the files that the builder takes of it; none where that cannot be told here."""
        try:
            return builder.select(release, combination, self._options(builder))
        except SmokeError:
            # Resolving says why; judging what is known does not need it.
            return replace(release, assets=())

    def assemble(self, members: Mapping[str, tuple[Component, Release]], combination: Combination) -> Assembled:
        """Resolve and make the environments of ``members``, by factor, tools by component name; blocks.

        Raises:
            TrackerError: one could not be resolved or made; a contradiction is a step that failed.
        """
        groups: defaultdict[str, list[Member]] = defaultdict(list)
        for factor, (component, release) in sorted(members.items()):
            groups[component.installer].append(Member(factor=factor, component=component, release=release))
        steps: list[StepResult] = []
        resolutions: list[Resolution] = []
        installed: dict[str, Installed] = {}
        facts: dict[str, str] = {}
        files: dict[str, str] = {}
        for name in sorted(groups):
            builder = self._builders[name]
            request = self._request(builder, groups[name], combination)
            started = time.monotonic()
            found = self._resolve(builder, request)
            if isinstance(found, Wanted):
                prefix = self._environments.ensure(found)
                resolutions.append(found.resolution)
                installed |= {one.factor: Installed(component=one.component, prefix=prefix) for one in request.members}
                facts |= {f"{name}.{fact}": value for fact, value in found.resolution.facts.items()}
                facts[f"{name}.closure"] = closure_digest(found.resolution)
                files |= {f"{name}/{part.file}": part.digest for part in found.resolution.parts}
                steps.append(self._passed(found, time.monotonic() - started))
            else:
                steps.append(self._ended(name, request, found, time.monotonic() - started))
                break
        return Assembled(
            steps=tuple(steps),
            installed=installed,
            facts=facts,
            files=files,
            closure=closure_digest(*resolutions),
        )

    def _options(self, builder: EnvironmentBuilder) -> Mapping[str, object]:
        return self._config.environments.get(builder.name, {})

    def _request(
        self, builder: EnvironmentBuilder, members: list[Member], combination: Combination
    ) -> EnvironmentRequest:
        return EnvironmentRequest(
            members=tuple(members),
            combination=combination,
            options=self._options(builder),
            cache_dir=self._config.home / "cache" / "environments" / builder.name,
            network=self._config.network,
            http=self._http,
            source_options={
                name: {**self._profile.source_options.get(name, {}), **self._config.sources.get(name, {})}
                for name in {*self._profile.source_options, *self._config.sources}
            },
        )

    @staticmethod
    def _resolve(builder: EnvironmentBuilder, request: EnvironmentRequest) -> Wanted | MisfitError | NotApplicableError:
        try:
            return Wanted(builder=builder, request=request, resolution=builder.resolve(request))
        except (MisfitError, NotApplicableError) as error:
            return error

    def _passed(self, wanted: Wanted, seconds: float) -> StepResult:
        parts, moved = wanted.resolution.parts, self._environments.moved(wanted)
        reason = f"{len(parts)} packages fit each other"
        lines = [f"{part.name} {part.version} {part.digest} {part.url}" for part in sorted(parts)]
        if moved:
            reason += f"; since the last run: {', '.join(moved)}"
        return StepResult(
            name=wanted.builder.name,
            capability=self._capability,
            outcome=Outcome.PASS,
            exercises=wanted.resolution.exercises,
            reason=reason,
            seconds=seconds,
            log="\n".join([*lines, "", wanted.resolution.log]).strip(),
        )

    def _ended(
        self, name: str, request: EnvironmentRequest, error: MisfitError | NotApplicableError, seconds: float
    ) -> StepResult:
        if isinstance(error, NotApplicableError):
            exercises = frozenset(member.factor for member in request.members)
            return StepResult(
                name=name,
                capability=self._capability,
                outcome=Outcome.SKIP,
                exercises=exercises,
                reason=error.message,
                seconds=seconds,
            )
        return StepResult(
            name=name,
            capability=self._capability,
            outcome=Outcome.FAIL,
            exercises=error.factors,
            reason=error.message,
            cause=error.cause,
            cause_name=error.cause_name,
            # The same requirements contradict each other every time.
            is_deterministic=True,
            seconds=seconds,
            log=error.log,
        )
