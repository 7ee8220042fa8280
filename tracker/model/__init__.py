"""The words of the product as immutable values; no I/O, no clock."""

from tracker.model.change import Change, ChangeKind
from tracker.model.combination import ABSENT, Combination, Value
from tracker.model.component import Component
from tracker.model.evidence import EvidenceKey, Trial
from tracker.model.job import Job, JobKind
from tracker.model.outcome import Outcome, RunState
from tracker.model.profile import Axis, Factor, Profile
from tracker.model.release import Asset, AssetRole, Release
from tracker.model.run import Cause, Run, StepResult
from tracker.model.verdict import Verdict, VerdictKind

__all__ = [
    "ABSENT",
    "Asset",
    "AssetRole",
    "Axis",
    "Cause",
    "Change",
    "ChangeKind",
    "Combination",
    "Component",
    "EvidenceKey",
    "Factor",
    "Job",
    "JobKind",
    "Outcome",
    "Profile",
    "Release",
    "Run",
    "RunState",
    "StepResult",
    "Trial",
    "Value",
    "Verdict",
    "VerdictKind",
]
