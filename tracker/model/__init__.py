"""The words of the product as immutable values; no I/O, no clock."""

from typing import TYPE_CHECKING

from tracker.lazily import loader

if TYPE_CHECKING:
    from tracker.model.change import Change, ChangeKind
    from tracker.model.combination import ABSENT, Combination, Value, same_value
    from tracker.model.component import AssetRule, Component, TagRule, Watch
    from tracker.model.correction import RetractedRun, Retraction, Waiver
    from tracker.model.culprit import Clearance, Culprit, CulpritStanding, Suspect, Suspicion, Witness, culprit_key
    from tracker.model.declaration import Condition, Declaration, DeclarationKind, Expectation
    from tracker.model.evidence import EvidenceKey, Moment, Moments, Trial, from_microseconds, to_microseconds
    from tracker.model.exchange import ForeignRun, Provenance
    from tracker.model.factor import Axis, Exclusion, Factor
    from tracker.model.job import Job, JobKind
    from tracker.model.outcome import Outcome, RunState
    from tracker.model.profile import Profile, StoryRequest
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
    "RetractedRun",
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

__getattr__ = loader(
    __name__,
    {
        "change": "Change ChangeKind",
        "combination": "ABSENT Combination Value same_value",
        "component": "AssetRule Component TagRule Watch",
        "correction": "RetractedRun Retraction Waiver",
        "culprit": "Clearance Culprit CulpritStanding Suspect Suspicion Witness culprit_key",
        "declaration": "Condition Declaration DeclarationKind Expectation",
        "evidence": "EvidenceKey Moment Moments Trial from_microseconds to_microseconds",
        "exchange": "ForeignRun Provenance",
        "factor": "Axis Exclusion Factor",
        "job": "Job JobKind",
        "outcome": "Outcome RunState",
        "profile": "Profile StoryRequest",
        "release": "Asset AssetRole Release",
        "run": "Cause Run StepResult",
        "sighting": "SIGHTING_KINDS Basis Branch Containment PullRequest PullState Repository Sighting Succession Tag "
        "WatchedFile",
        "story": "Chapter Stage Story",
        "verdict": "Verdict VerdictKind",
    },
)
