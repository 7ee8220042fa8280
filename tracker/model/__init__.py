"""The words of the product as immutable values; no I/O, no clock."""

from tracker.model.change import Change, ChangeKind
from tracker.model.combination import ABSENT, Combination, Value, same_value
from tracker.model.component import AssetRule, Component, TagRule, Watch
from tracker.model.correction import Retraction, Waiver
from tracker.model.culprit import Clearance, Culprit, CulpritStanding, Suspect, Suspicion, Witness, culprit_key
from tracker.model.declaration import Condition, Declaration, DeclarationKind, Expectation
from tracker.model.evidence import EvidenceKey, Moment, Moments, Trial, from_microseconds, to_microseconds
from tracker.model.exchange import ForeignRun, Provenance
from tracker.model.job import Job, JobKind
from tracker.model.outcome import Outcome, RunState
from tracker.model.profile import Axis, Exclusion, Factor, Profile, StoryRequest
from tracker.model.release import Asset, AssetRole, Release
from tracker.model.run import Cause, Run, StepResult
from tracker.model.sighting import (
    SIGHTING_KINDS,
    Basis,
    Branch,
    Containment,
    PullRequest,
    PullState,
    Repository,
    Sighting,
    Succession,
    Tag,
    WatchedFile,
)
from tracker.model.story import Chapter, Stage, Story
from tracker.model.verdict import Verdict, VerdictKind

__all__ = [
    "ABSENT",
    "SIGHTING_KINDS",
    "Asset",
    "AssetRole",
    "AssetRule",
    "Axis",
    "Basis",
    "Branch",
    "Cause",
    "Change",
    "ChangeKind",
    "Chapter",
    "Clearance",
    "Combination",
    "Component",
    "Condition",
    "Containment",
    "Culprit",
    "CulpritStanding",
    "Declaration",
    "DeclarationKind",
    "EvidenceKey",
    "Exclusion",
    "Expectation",
    "Factor",
    "ForeignRun",
    "Job",
    "JobKind",
    "Moment",
    "Moments",
    "Outcome",
    "Profile",
    "Provenance",
    "PullRequest",
    "PullState",
    "Release",
    "Repository",
    "Retraction",
    "Run",
    "RunState",
    "Sighting",
    "Stage",
    "StepResult",
    "Story",
    "StoryRequest",
    "Succession",
    "Suspect",
    "Suspicion",
    "Tag",
    "TagRule",
    "Trial",
    "Value",
    "Verdict",
    "VerdictKind",
    "Waiver",
    "Watch",
    "WatchedFile",
    "Witness",
    "culprit_key",
    "from_microseconds",
    "same_value",
    "to_microseconds",
]
