"""One question of ``tracker check`` with its answer: a set of pins, or a change from one set to another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.cli.check_pins import Asked, asked_about
from tracker.cli.check_policy import is_worse
from tracker.config import FILE_NAME
from tracker.errors import UsageError
from tracker.snapshot.ages import badness
from tracker.snapshot.answer import answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from tracker.pins import UnresolvedPin
    from tracker.snapshot.answer import Answer
    from tracker.snapshot.opened import OpenSnapshot

EXAMPLE = "tracker check containerd=1.7.24 runtime=runc@1.1.5 --need networks"


class Answered(NamedTuple):
    """What came of a question.

    Attributes:
        asked: the pins, each with its place.
        found: what is known of them.
        change: what was asked about: ``--upgrade``, ``--base`` with its commit, or empty for no change.
        before: what is known of the set before the change; ``None`` when there was none.
        is_worse: whether the change made it worse; true where no change was asked about or nothing was before.
        also: what is known of the other sets, where files name several alternatives of a factor; ``found`` is the
            worst of all.
    """

    asked: Asked
    found: Answer
    change: str = ""
    before: Answer | None = None
    is_worse: bool = True
    also: tuple[Answer, ...] = ()


class Question(NamedTuple):
    """What is asked, of whom.

    Attributes:
        snapshot: who answers.
        words: pins and files from the command line.
        configured: [pins] of tracker.toml.
        config_path: tracker.toml; ``None`` when there is none.
        needs: capabilities in order of the chain.
        now: aware UTC time at which ages are told; ``None`` for this moment.
        max_age: after which evidence is stale; ``None`` for what judging was told.
    """

    snapshot: OpenSnapshot
    words: Sequence[str]
    configured: dict[str, str]
    config_path: Path | None
    needs: Sequence[str]
    now: datetime | None
    max_age: timedelta | None

    def answer(self) -> Answered:
        """Return what is known of the pins."""
        asked = self._asked()
        found, *also = self._known(asked)
        return Answered(asked=asked, found=found, also=tuple(also))

    def answer_change(self, upgrade: Sequence[str]) -> Answered:
        """Return what is known of the pins once those of ``upgrade`` took their places."""
        present = self._asked(may_be_none=True)
        new = asked_about(self.snapshot, upgrade, {}, place="--upgrade")
        changed = {one.value.factor for one in new.pins}
        kept = tuple(one for one in present.pins if one.value.factor not in changed)
        asked = Asked(pins=(*kept, *new.pins), unresolved=present.unresolved)
        before = self._known(present)[0] if present.pins else None
        return self._compared(asked, "--upgrade", before)

    def answer_since(self, reference: str) -> Answered:
        """Return what is known of the pins, and of those that the same files had at ``reference``."""
        from tracker.cli.check_base import at_reference, pins_at

        asked = self._asked()
        read = None
        configured = self.configured
        if self.words:

            def read(name: str) -> bytes | None:
                return at_reference(reference, name)

        else:
            configured = dict(pins_at(reference, self.config_path or Path(FILE_NAME)))
        earlier = asked_about(self.snapshot, self.words, configured, read=read, is_lenient=True)
        try:
            before = self._known(earlier)[0] if earlier.pins else None
        except UsageError:
            # Pins that disagreed there are nothing to compare with.
            before = None
        return self._compared(asked, f"--base {reference}", before)

    def _asked(self, *, may_be_none: bool = False) -> Asked:
        asked = asked_about(self.snapshot, self.words, self.configured)
        if not asked.pins and not may_be_none:
            raise without_pins(self.words, asked.unresolved)
        return asked

    def _known(self, asked: Asked) -> list[Answer]:
        """Return what is known of each set, the worst first."""
        now = self.now or datetime.now(UTC)
        answers = [answer(self.snapshot, one, self.needs, now=now, max_age=self.max_age) for one in asked.sets]
        return sorted(answers, key=lambda one: badness(one.verdict), reverse=True)

    def _compared(self, asked: Asked, change: str, before: Answer | None) -> Answered:
        found, *also = self._known(asked)
        worse = before is None or is_worse(found, before, self.snapshot.capabilities)
        return Answered(asked=asked, found=found, change=change, before=before, is_worse=worse, also=tuple(also))


def without_pins(words: Sequence[str], unresolved: Sequence[UnresolvedPin] = ()) -> UsageError:
    """Return the error of a question about nothing."""
    message = "no pins to check" if not words else f"no pins in {' '.join(words)}"
    hint = f"Name them as in: {EXAMPLE}\nor write them into [pins] of tracker.toml."
    for one in unresolved[:3]:
        hint = f"{one.path}:{one.line}: {one.name}: no version can be told: {one.why}\n{hint}"
    return UsageError(message, hint=hint)
