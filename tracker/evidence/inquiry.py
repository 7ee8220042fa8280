"""The jobs that find out who is at fault, and those that repeat what is about to be published."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tracker.evidence.belief import DoubtKind
from tracker.evidence.blame import told
from tracker.evidence.board import bits
from tracker.evidence.ground import Ground
from tracker.evidence.isolate import Isolation
from tracker.evidence.suspects import lone_item
from tracker.model import CulpritStanding, Job, JobKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tracker.evidence.belief import Doubt
    from tracker.evidence.board import Board
    from tracker.evidence.coverage import Coverage
    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, Culprit, Suspicion, Value

    Row = tuple[int, ...]


class Inquiry:
    """Chooses what to run so that every failure is put down to somebody."""

    def __init__(self, board: Board, judgement: Judgement, coverage: Coverage) -> None:
        self._board = board
        self._judgement = judgement
        self._coverage = coverage
        self._grounds: dict[str, Ground] = {}

    def confirmations(self) -> Iterator[Job]:
        """Yield the failing rows and passing twins that have to be repeated before a culprit is published."""
        for pending in self._judgement.pending:
            culprit = pending.culprit
            if self._judgement.verdict(culprit.failure.combination, culprit.capability).because_of:
                continue
            for missing, witness, what in (
                (pending.fails, culprit.failure, "its failing row"),
                (pending.passes, culprit.twin, "its nearest passing row"),
            ):
                if missing and witness is not None and self._board.row(witness.combination) is not None:
                    yield Job(
                        combination=witness.combination,
                        kind=JobKind.CONFIRM,
                        reason=f"Before {told(culprit.values)} is blamed for {culprit.capability}, {what} is repeated.",
                    )

    def probes(self) -> Iterator[Job]:
        """Yield rows that separate suspects, one for each failure that shares no suspect with an earlier one."""
        seen: set[Value] = set()
        for suspicion in sorted(self._judgement.suspicions, key=lambda one: len(one.suspects)):
            values = {value for suspect in suspicion.suspects for value in suspect}
            if suspicion.is_the_test_suspected or not values or values <= seen:
                continue
            row = self._separating(suspicion)
            if row is not None:
                seen |= values
                yield self._job(row, f"{suspicion.capability} fails in {suspicion.failure.combination}: find out why.")

    def seconds(self) -> Iterator[Job]:
        """Yield rows that prove a named pair: everything else in them is different."""
        known = (*self._judgement.culprits, *(one.culprit for one in self._judgement.pending))
        for culprit in known:
            if culprit.standing is CulpritStanding.NAMED and len(culprit.values) == 1:
                yield from self._repeated(culprit)
                continue
            row = self._board.row(culprit.failure.combination)
            if culprit.standing is not CulpritStanding.NAMED or len(culprit.values) == 1 or row is None:
                continue
            second = self._isolation(culprit.capability).second(row, culprit.values)
            if second is not None:
                reason = f"{told(culprit.values)} fails at {culprit.capability}: try it where all else is different."
                yield self._job(second, reason)

    def partners(self) -> Iterator[Job]:
        """Yield rows of each item that has passed nothing, with ever other partners."""
        for (capability, item), values in self._lone.items():
            for row in self._isolation(capability).partners(item, values):
                yield self._job(row, f"{item} has passed {capability} with nobody: try it with others.")

    @cached_property
    def later(self) -> tuple[Doubt, ...]:
        """Failures of parts that have passed nothing: other partners tell as much of the part as a rerun does.

        Not so with its newest partners, which must fail again: parts that move in lockstep fail in any other row.
        """
        found: list[Doubt] = []
        for (capability, item), values in self._lone.items():
            newest = self._isolation(capability).newest_partners(item, values)
            found += [
                doubt
                for doubt in self._judgement.doubts
                if doubt.kind is DoubtKind.RERUN
                and not doubt.is_slow
                and doubt.capability == capability
                and item in doubt.combination
                and not newest <= set(self._board.row(doubt.combination) or newest)
            ]
        return tuple(dict.fromkeys(found))

    @cached_property
    def _lone(self) -> dict[tuple[str, Value], set[Value]]:
        """The items that are alone under suspicion, by capability, with the values that their failures exercised."""
        exercised: dict[tuple[str, Value], set[Value]] = {}
        for suspicion in self._judgement.suspicions:
            item = lone_item(suspicion.suspects)
            if item is not None and not suspicion.is_the_test_suspected and self._board.mask([item]):
                # Each failure alone may lack a factor, where a part was absent.
                values = exercised.setdefault((suspicion.capability, item), set())
                values.update(value for suspect in suspicion.suspects for value in suspect)
        return exercised

    def untold(self) -> Iterator[Job]:
        """Yield one rerun for each item that has passed nothing, of a row of which no other failure tells as much.

        That is the row with its oldest partners, or one with two partners that have failed beside it nowhere else.
        """
        for (capability, item), values in self._lone.items():
            for doubt in self.later:
                row = self._board.row(doubt.combination)
                if row is None or doubt.capability != capability or item not in doubt.combination:
                    continue
                if self._isolation(capability).is_unequalled(row, item, values):
                    reason = f"{capability} failed, and no other row tells as much of {item}: run it again."
                    yield Job(combination=doubt.combination, kind=JobKind.RERUN, reason=reason)
                    break

    def _repeated(self, culprit: Culprit) -> Iterator[Job]:
        """Yield the rerun of a failure that shares nothing with the first but the ``culprit``, where there is one."""
        item, others = culprit.values[0], set(culprit.failure.combination) - set(culprit.values)
        for doubt in self._judgement.doubts:
            if (
                doubt.kind is DoubtKind.RERUN
                and doubt.capability == culprit.capability
                and item in doubt.combination
                and others.isdisjoint(doubt.combination)
                and self._board.row(doubt.combination) is not None
            ):
                yield Job(
                    combination=doubt.combination,
                    kind=JobKind.CONFIRM,
                    reason=f"{item} is blamed for {culprit.capability}: repeat a failure that shares nothing else.",
                )
                return

    def _separating(self, suspicion: Suspicion) -> Row | None:
        failure = self._board.row(suspicion.failure.combination)
        if failure is None:
            return None
        isolation = self._isolation(suspicion.capability)
        row = isolation.halving(failure)
        if row is not None or lone_item(suspicion.suspects) is not None:
            return row
        live = [suspect for suspect in suspicion.suspects if all(self._board.mask([value]) for value in suspect)]
        return isolation.splitting(live)

    def _job(self, row: Row, reason: str) -> Job:
        return Job(combination=self._board.combination(row), kind=JobKind.ISOLATE, reason=reason)

    def _isolation(self, capability: str) -> Isolation:
        return Isolation(self._board, self._ground(capability))

    def _ground(self, capability: str) -> Ground:
        if capability not in self._grounds:
            self._grounds[capability] = Ground(
                self._board,
                self._judgement,
                capability,
                tried=self._coverage.taken,
                failed=self._failed(capability),
                out=self._out(capability),
                is_open=lambda row: self._is_open(self._board.combination(row), capability),
                is_explained=lambda row: self._is_explained(self._board.combination(row), capability),
            )
        return self._grounds[capability]

    def _failed(self, capability: str) -> Collection[Row]:
        return {
            row
            for row, attempt in self._coverage.attempts.items()
            if any(failure.capability == capability for failure in attempt.failures)
        }

    def _is_open(self, combination: Combination, capability: str) -> bool:
        """Whether nothing that is known by now keeps ``combination`` from getting as far as ``capability``."""
        return not any(one.is_in(combination) for one in self._earlier(capability))

    def _is_explained(self, combination: Combination, capability: str) -> bool:
        """Whether two parts that are blamed at ``capability`` are in ``combination``."""
        known = (*self._judgement.culprits, *(one.culprit for one in self._judgement.pending))
        return any(one.capability == capability and len(one.values) > 1 and one.is_in(combination) for one in known)

    def _out(self, capability: str) -> Collection[int]:
        items = [one.values[0] for one in self._earlier(capability) if len(one.values) == 1]
        return set(bits(self._board.mask(items)))

    def _earlier(self, capability: str) -> list[Culprit]:
        """Return the culprits of the capabilities before ``capability``."""
        earlier = self._judgement.capabilities[: self._judgement.capabilities.index(capability)]
        known = (*self._judgement.culprits, *(one.culprit for one in self._judgement.pending))
        return [one for one in known if one.capability in earlier]
