"""What plugins provide and what the host hands to them; shapes only, no behaviour."""

from typing import TYPE_CHECKING

from tracker.lazily import loader

if TYPE_CHECKING:
    from tracker.protocols.declared import DeclaredEvidence, DeclaredView
    from tracker.protocols.environment_builder import (
        EnvironmentBuilder,
        EnvironmentRequest,
        Member,
        Part,
        Resolution,
    )
    from tracker.protocols.facts import Check, HostChecks, HostFacts
    from tracker.protocols.http import Fetched, HttpClient
    from tracker.protocols.installer import Installer, InstallRequest, Selective, Unpacker
    from tracker.protocols.launcher import Launched, Launcher, LauncherState
    from tracker.protocols.network import NetworkSettings
    from tracker.protocols.scenario import Bench, Completed, IsolationNeeds, Process, Scenario, Step, StepSaid
    from tracker.protocols.site_page import SitePage
    from tracker.protocols.source import (
        BatchSource,
        CredentialHint,
        ExplainedSource,
        NoNews,
        Observed,
        PollRequest,
        Source,
        Target,
    )
    from tracker.protocols.version_scheme import VersionScheme

__all__ = [
    "BatchSource",
    "Bench",
    "Check",
    "Completed",
    "CredentialHint",
    "DeclaredEvidence",
    "DeclaredView",
    "EnvironmentBuilder",
    "EnvironmentRequest",
    "ExplainedSource",
    "Fetched",
    "HostChecks",
    "HostFacts",
    "HttpClient",
    "InstallRequest",
    "Installer",
    "IsolationNeeds",
    "Launched",
    "Launcher",
    "LauncherState",
    "Member",
    "NetworkSettings",
    "NoNews",
    "Observed",
    "Part",
    "PollRequest",
    "Process",
    "Resolution",
    "Scenario",
    "Selective",
    "SitePage",
    "Source",
    "Step",
    "StepSaid",
    "Target",
    "Unpacker",
    "VersionScheme",
]

__getattr__ = loader(
    __name__,
    {
        "declared": "DeclaredEvidence DeclaredView",
        "environment_builder": "EnvironmentBuilder EnvironmentRequest Member Part Resolution",
        "facts": "Check HostChecks HostFacts",
        "http": "Fetched HttpClient",
        "installer": "Installer InstallRequest Selective Unpacker",
        "launcher": "Launched Launcher LauncherState",
        "network": "NetworkSettings",
        "scenario": "Bench Completed IsolationNeeds Process Scenario Step StepSaid",
        "site_page": "SitePage",
        "source": "BatchSource CredentialHint ExplainedSource NoNews Observed PollRequest Source Target",
        "version_scheme": "VersionScheme",
    },
)
