"""Pure judging and planning: what the trials say, and what to run next. No I/O, no clock, no randomness."""

from tracker.evidence.attempts import Attempt, Failure
from tracker.evidence.belief import Doubt, DoubtKind
from tracker.evidence.clearing import Clearings
from tracker.evidence.climb import climb
from tracker.evidence.document import SCHEMA, DocumentError, from_document, to_document
from tracker.evidence.incidents import Incident
from tracker.evidence.judge import judge
from tracker.evidence.judgement import Judgement
from tracker.evidence.newer import Newer
from tracker.evidence.newest import newest_working
from tracker.evidence.plan import plan
from tracker.evidence.recommend import Recommendation, Replacement, recommend

__all__ = [
    "SCHEMA",
    "Attempt",
    "Clearings",
    "DocumentError",
    "Doubt",
    "DoubtKind",
    "Failure",
    "Incident",
    "Judgement",
    "Newer",
    "Recommendation",
    "Replacement",
    "climb",
    "from_document",
    "judge",
    "newest_working",
    "plan",
    "recommend",
    "to_document",
]
