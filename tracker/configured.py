"""What a person decides, as immutable values, with defaults for what tracker.toml does not say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from tracker.declared_stack import DeclaredStack
    from tracker.model import Succession

DEFAULT_TITLE = "What works together"
DEFAULT_MAX_AGE_DAYS = 90.0
HOME_NAME = "tracker-data"
SCHEMA = 1
PLATFORMS = ("linux", "windows")


class HostConfig(NamedTuple):
    """Whose programs are run, where it is not this machine's own platform.

    Attributes:
        platform: one of ``PLATFORMS``; empty for this machine's.
        launcher: name of what runs them here (``wine``); empty for nothing.
    """

    platform: str = ""
    launcher: str = ""


class SmokeConfig(NamedTuple):
    """How runs are executed.

    Attributes:
        lanes: runs at the same time; 0 for one per processor core.
        budget_jobs: how many jobs one pass may run.
        budget_minutes: after how many minutes a pass begins no further run; 0 for no such end.
        spare_jobs: how many runs a pass that has spare time makes of what nobody waits for.
        retry_after_minutes: how long a run that ended in ERROR waits before it is tried again.
        memory_mib: how much memory one run may take, in MiB; 0 for no bound, as in the next three.
        processes: how many processes and threads one run may have at the same time.
        disk_mib: how much one run may write into its workspace, in MiB.
        output_mib: how much one program of a run may write to an output, in MiB.
    """

    lanes: int = 0
    budget_jobs: int = 500
    budget_minutes: float = 0.0
    spare_jobs: int = 6
    retry_after_minutes: float = 30.0
    memory_mib: int = 2048
    processes: int = 2048
    disk_mib: int = 4096
    output_mib: int = 64


class DaemonConfig(NamedTuple):
    """When the daemon makes a pass.

    Attributes:
        interval_minutes: from the start of one pass to the next.
        jitter_minutes: at most this much is added at random, so that many boxes do not ask at once.
    """

    interval_minutes: float = 60.0
    jitter_minutes: float = 5.0


class Superseded(NamedTuple):
    """What a person declares of a pull request whose place another one took.

    Attributes:
        repository: ``"owner/name"``, as it is watched.
        number: of the pull request.
        succession: which one took its place, and why.
    """

    repository: str
    number: int
    succession: Succession


class ConfiguredWaiver(NamedTuple):
    """A failure that tracker.toml accepts.

    Attributes:
        pins: the versions that it is about, by factor, as a person writes them.
        capability: what may fail; empty for all.
        reason: one sentence.
        url: where more is said; may be empty.
        until: last day on which it holds, in UTC.
        closes_after: it closes itself once so many runs with these versions have passed.
    """

    pins: Mapping[str, str]
    capability: str
    reason: str
    url: str
    until: date
    closes_after: int


class TrustConfig(NamedTuple):
    """Whose evidence and verdicts count here.

    Attributes:
        name: what this host is called in what it exports; empty for its title.
        keys: public keys by the name under which they are trusted, each as `tracker key` prints it.
        accept_unsigned: what nobody that is trusted signed may be read all the same; it is told, and decides nothing.
    """

    name: str = ""
    keys: Mapping[str, str] = MappingProxyType({})
    accept_unsigned: bool = False

    def holder(self, key: str) -> str:
        """Return the name under which a key is trusted; empty where it is not."""
        return next((name for name, own in self.keys.items() if own == key), "") if key else ""


class OutletConfig(NamedTuple):
    """Where the finished site goes besides its directory.

    Attributes:
        git: the repository that a branch of is pushed to; empty for none.
        branch: that branch; it holds the site and nothing else.
        command: program and arguments that are run in the site's directory; empty for none.
        minutes: after which either of them is given up.
    """

    git: str = ""
    branch: str = "gh-pages"
    command: tuple[str, ...] = ()
    minutes: float = 10.0


class SiteConfig(NamedTuple):
    """How the site is made, and where it goes.

    Attributes:
        templates: files that take the place of shipped ones; ``None`` for none.
        search: whether it gets a search, where Pagefind is installed.
        outlet: where it goes besides its directory.
    """

    templates: Path | None = None
    search: bool = True
    outlet: OutletConfig = OutletConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings, with defaults for what the file does not say.

    Attributes:
        path: the file that they came from; ``None`` when there is none.
        profile: name of the profile; empty for the one of this platform.
        home: absolute directory of store, cache, prefixes and runs.
        site_dir: absolute directory of the published site.
        site_title: heading of the site.
        site_address: where the site is read, ends in ``/``; empty where nobody said.
        site_report: where a mistake is told, a web address or a mail address; empty where nobody said.
        site: how it is made besides, and where it goes.
        disabled_plugins: plugins that are not loaded.
        max_age_days: after how many days a result is stale.
        sources: tables of options, by source, over the profile's defaults.
        pins: versions that a person uses, by factor, as they write them.
        host: whose programs are run.
        minimum_age_days: how old a release must be to be live.
        superseded: pull requests of which a person knows what took their place.
        waivers: failures that a person accepts.
        trust: whose evidence and verdicts count here.
        environments: tables of options, by builder of environments.
        stack: what the file declares itself; ``None`` when it declares no stack.
    """

    path: Path | None = None
    profile: str = ""
    home: Path
    site_dir: Path
    site_title: str = DEFAULT_TITLE
    site_address: str = ""
    site_report: str = ""
    site: SiteConfig = field(default_factory=SiteConfig)
    disabled_plugins: frozenset[str] = frozenset()
    max_age_days: float = DEFAULT_MAX_AGE_DAYS
    host: HostConfig = field(default_factory=HostConfig)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    smoke: SmokeConfig = field(default_factory=SmokeConfig)
    daemon: DaemonConfig = field(default_factory=DaemonConfig)
    sources: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    minimum_age_days: float = 0.0
    superseded: tuple[Superseded, ...] = ()
    waivers: tuple[ConfiguredWaiver, ...] = ()
    trust: TrustConfig = field(default_factory=TrustConfig)
    environments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    stack: DeclaredStack | None = None

    def publishing_into(self, directory: Path) -> Config:
        """Return the same with another directory for the site, from which it goes nowhere else."""
        return replace(self, site_dir=directory, site=self.site._replace(outlet=OutletConfig()))

    @property
    def store_path(self) -> Path:
        """The SQLite store."""
        return self.home / "tracker.sqlite"

    @property
    def verdicts_path(self) -> Path:
        """The verdict snapshot that ``check`` reads."""
        return self.home / "verdicts.sqlite"

    @property
    def signing_key_path(self) -> Path:
        """The private key of this home; there is none until somebody makes it."""
        return self.home / "signing-key.pem"
