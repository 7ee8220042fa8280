"""What of an answer makes ``tracker check`` fail: the reasons that count, and whether a change made things worse."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.snapshot.answer import Answer

REASONS = {
    "broken": ExitCode.BROKEN,
    "unknown": ExitCode.UNKNOWN,
    "stale": ExitCode.STALE,
    "unreachable": ExitCode.INCOMPLETE,
}
UNREADABLE = "unresolved"
"""A further reason, which counts only where it is asked for: a file pins a part in a version that cannot be told."""


class Policy(NamedTuple):
    """The reasons that count, by their names."""

    reasons: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Policy:
        """Return the policy that ``--fail-on`` names.

        Raises:
            UsageError: there is no such reason.
        """
        words = frozenset(word.strip() for word in text.split(",")) - {"", "none"}
        for word in sorted(words - REASONS.keys() - {UNREADABLE}):
            message = f"--fail-on: there is no reason '{word}'"
            raise UsageError(message, hint=f"Reasons: {', '.join((*REASONS, UNREADABLE, 'none'))}")
        return cls(words)

    @property
    def counts_unreachable(self) -> bool:
        """Whether verdicts that cannot be had are a failure."""
        return "unreachable" in self.reasons

    def exit_code(self, found: Answer, *, unresolved_count: int, is_worse: bool) -> ExitCode:
        """Return the code with which ``check`` ends.

        Args:
            found: the answer.
            unresolved_count: how many pins of files have no version that could be told.
            is_worse: whether the change that was asked about made it worse; true where no change was.
        """
        code = found.exit_code if is_worse else ExitCode.OK
        if code in {REASONS[word] for word in self.reasons & REASONS.keys()}:
            return code
        return ExitCode.UNKNOWN if unresolved_count and UNREADABLE in self.reasons else ExitCode.OK


def is_worse(found: Answer, base: Answer, chain: Sequence[str]) -> bool:
    """Whether ``found`` says worse than ``base``.

    Worse is a worse verdict, one that fails earlier in the chain of capabilities, or something more that does not fit.
    """
    from tracker.snapshot.ages import badness

    worse_by = badness(found.verdict) - badness(base.verdict)
    if worse_by or found.exit_code is ExitCode.OK:
        return worse_by > 0
    if _reached(found, chain) != _reached(base, chain):
        return _reached(found, chain) < _reached(base, chain)
    return not {one.key for one in found.culprits} <= {one.key for one in base.culprits}


def _reached(answer: Answer, chain: Sequence[str]) -> int:
    decisive = answer.verdict.because_of or answer.verdict.capability
    return chain.index(decisive) if decisive in chain else len(chain)
