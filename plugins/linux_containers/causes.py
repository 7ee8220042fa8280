"""Known reasons for failing; the patterns were taken from real runs on Debian 12 (2026-11-23)."""

from __future__ import annotations

from tracker.api import Cause

CAUSES = (
    Cause(
        name="libc-too-old",
        pattern=r"version `GLIBC_(?P<libc>[\d.]+)' not found",
        sentence="It was built for the C library {libc}, which is newer than this host's.",
        is_deterministic=True,
    ),
    Cause(
        name="symbol-missing",
        pattern=r"symbol lookup error: .*undefined symbol: (?P<symbol>\w+)",
        sentence="It was built for a library that has {symbol}; the one here lacks it.",
        is_deterministic=True,
    ),
    Cause(
        name="kernel-too-old",
        pattern=r"FATAL: kernel too old",
        sentence="It was built for a newer kernel than this host's.",
        is_deterministic=True,
    ),
    Cause(
        name="cni-spec-unknown-to-plugin",
        pattern=(
            r'(?<!\(delete\): )incompatible CNI versions; config is "(?P<spec>[^"]+)", '
            r"plugin supports \[(?P<known>[^\]]*)\]"
        ),
        sentence="The network configuration says CNI {spec}; the plugin speaks {known}.",
        is_deterministic=True,
    ),
    Cause(
        name="cni-result-unknown-to-containerd",
        pattern=r'unsupported CNI result version "(?P<spec>[^"]+)"',
        sentence="The plugin answers in CNI {spec}, which this containerd does not understand.",
        is_deterministic=True,
    ),
    Cause(
        name="crun-refuses-hybrid-cgroups",
        pattern=r"cgroups in hybrid mode not supported",
        sentence="This crun does not work with the host's hybrid control groups.",
        is_deterministic=True,
    ),
    Cause(
        name="oci-version-unknown-to-crun",
        pattern=r"unknown version specified",
        sentence="containerd writes a runtime configuration of an OCI version that this crun does not know.",
        is_deterministic=True,
    ),
    Cause(
        name="no-answer-in-time",
        pattern=r"context deadline exceeded",
        sentence="One part waited for another in vain.",
        is_deterministic=False,
    ),
)
"""Most specific first."""
