"""The tracker.toml that ``init`` writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.config import DEFAULT_TITLE, HOME_NAME, SCHEMA, DaemonConfig, SmokeConfig
from tracker.protocols import NetworkSettings

if TYPE_CHECKING:
    from tracker.model import Profile

_SMOKE, _DAEMON, _NETWORK = SmokeConfig(), DaemonConfig(), NetworkSettings()


def starter_config(profile: Profile) -> str:
    """Return a commented tracker.toml for ``profile``: what is set is what a person most likely changes."""
    parts = [_head(profile), _sources(profile), _pins(profile), _REST]
    return "\n".join(parts)


def _head(profile: Profile) -> str:
    return f"""# What tracker watches and tests on this machine. A line that starts with # shows a default.
# Relative paths count from the directory of this file.
schema = {SCHEMA}
profile = {json.dumps(profile.name)}  # {profile.title}

[paths]
# Store, downloads, installed versions and work directories.
home = {json.dumps(HOME_NAME)}
# The published site; by default the directory "site" in home.
# site = "{HOME_NAME}/site"
"""


def _sources(profile: Profile) -> str:
    tables = []
    for source, options in sorted(profile.source_options.items()):
        lines = [f"{name} = {json.dumps(value)}" for name, value in sorted(options.items())]
        tables.append("\n".join([f"[sources.{source}]", *lines, ""]))
    advice = "\n".join(f"# {line}".rstrip() for line in profile.advice)
    return "\n".join([*([f"{advice}\n"] if advice else []), *tables])


def _pins(profile: Profile) -> str:
    examples = [f'# {factor.name} = "..."' for factor in profile.factors]
    return "\n".join(
        ["# The versions that you use now: tested first, and what `tracker check` asks about.", "[pins]", *examples, ""]
    )


_REST = f"""[smoke]
# Runs at the same time; 0 means one for each processor core.
# lanes = {_SMOKE.lanes}
# How many jobs one pass may run.
# budget_jobs = {_SMOKE.budget_jobs}
# After how many minutes a pass begins no further run; 0 means never.
# budget_minutes = {_SMOKE.budget_minutes:g}
# How many runs of what nobody waits for (audits) the daemon and `tracker up --spare` add to a pass.
# spare_jobs = {_SMOKE.spare_jobs}
# How long a run that could not be made waits before it is tried again.
# retry_after_minutes = {_SMOKE.retry_after_minutes:g}

[watch]
# A release that is younger than so many days is not tried yet.
# minimum_age_days = 0
# A pull request that took the place of another, where upstream's own text does not say so:
# [[watch.superseded]]
# repository = "owner/name"
# number = 96
# by = 101
# reason = "It makes the same change."

[evidence]
# After so many days a result is stale.
# max_age_days = 90

[daemon]
# interval_minutes = {_DAEMON.interval_minutes:g}
# jitter_minutes = {_DAEMON.jitter_minutes:g}

[network]
# offline = false
# proxy = ""
# Certificates to trust besides the operating system's.
# ca_file = "company-ca.pem"
# timeout_seconds = {_NETWORK.timeout_seconds:g}

[site]
# title = {json.dumps(DEFAULT_TITLE)}

[plugins]
# disabled = []
"""
