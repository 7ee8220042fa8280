"""How a recommendation is told: for people, and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.cli.output import print_table, say
from tracker.evidence.verdict_document import verdict_document
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.newer import Newer
    from tracker.evidence.recommend import Recommendation
    from tracker.model import Combination, Factor, Value, Verdict
    from tracker.passes.recommending import Download


def tell(
    found: Recommendation,
    files: Sequence[Download],
    factors: Sequence[Factor],
    *,
    host_key: str,
    held: Sequence[Value] = (),
) -> None:
    """Print the recommendation for people."""
    needs = ", ".join(found.needs)
    if found.best is None:
        say(f"No set is known to work for {needs} on {host_key}{_with(held)}.")
        _tell_nothing(found, factors, held)
        _tell_change(found, factors)
    else:
        say(f"The newest set that works for {needs} on {host_key}{_with(held)}:")
        say(f"  {in_order(found.best, factors)}")
        _tell_evidence(found.verdicts)
        _tell_age(found, factors)
        _tell_change(found, factors)
        say(f"How to install it: tracker recipe {in_order(found.best, factors)}")
        _tell_files(files)
        _tell_newer(found, factors)


def document(
    found: Recommendation,
    files: Sequence[Download],
    *,
    host_key: str,
    given: Sequence[Value] = (),
    held: Sequence[Value] = (),
) -> dict[str, Any]:
    """Return the recommendation for machines; values are texts by factor, times ISO 8601 in UTC."""
    change = found.change
    return {
        "host_key": host_key,
        "needs": list(found.needs),
        "best": _named(found.best),
        "verdicts": [verdict_document(verdict) for verdict in found.verdicts],
        "behind": dict(found.behind),
        "formerly": _named(found.formerly),
        "set_aside": _named(found.set_aside),
        "is_newest_of_all": found.is_newest_of_all,
        "newer": [
            {
                "factor": one.value.factor,
                "value": one.value.text,
                "is_open": one.is_open,
                "verdict": str(one.verdict.kind),
                "sentence": one.sentence,
                "combination": _named(one.combination),
            }
            for one in found.newer
        ],
        "kept": {value.factor: value.text for value in held},
        "given": {value.factor: value.text for value in given},
        "change": {
            "combination": _named(change.combination),
            "replaced": [
                {"factor": old.factor, "given": old.text, "instead": new.text} for old, new in change.replaced
            ],
        }
        if change
        else None,
        "downloads": [
            {
                "factor": one.value.factor,
                "value": one.value.text,
                "name": one.asset.name,
                "url": one.asset.url,
                "size": one.asset.size,
                "digest": one.asset.digest,
            }
            for one in files
        ],
    }


def _with(held: Sequence[Value]) -> str:
    return f" with {' '.join(map(str, held))}" if held else ""


def _tell_nothing(found: Recommendation, factors: Sequence[Factor], held: Sequence[Value]) -> None:
    if found.set_aside:
        say(f"What works there has a part that is not recommended: {in_order(found.set_aside, factors)}")
    if found.formerly:
        say(f"What once worked, with older files, an older test or long ago: {in_order(found.formerly, factors)}")
    if held:
        say(f"Why: tracker check {' '.join(map(str, held))}")


def _tell_evidence(verdicts: Sequence[Verdict]) -> None:
    """Tell what the last need rests on: it can have worked only where those before it did."""
    verdict = verdicts[-1]
    runs = ", ".join(map(str, verdict.runs[:5]))
    until = f" Fresh until {verdict.fresh_until.date().isoformat()}." if verdict.fresh_until else ""
    say(f"{verdict.sentence} Evidence: run{'s' if len(verdict.runs) > 1 else ''} {runs}.{until}")
    if verdict.reported_by:
        say(f"Reported by: {verdict.reported_by}")


def _tell_age(found: Recommendation, factors: Sequence[Factor]) -> None:
    late = [f"{factor.name} {found.behind[factor.name]}" for factor in factors if found.behind.get(factor.name)]
    if late:
        say(f"Newer live versions that it leaves out: {', '.join(late)}.")
    elif found.is_newest_of_all:
        say("Every part of it is the newest.")


def _tell_change(found: Recommendation, factors: Sequence[Factor]) -> None:
    if found.change is None:
        return
    if not found.change.replaced:
        say(f"What is used now works: {in_order(found.change.combination, factors)}")
        return
    told = ", ".join(f"{old} -> {new.text}" for old, new in found.change.replaced)
    say(f"Smallest change of what is used now: {told}")
    say(f"  {in_order(found.change.combination, factors)}")


def _tell_files(files: Sequence[Download]) -> None:
    for one in files:
        say(f"{one.value}: {one.asset.url}")
        say(f"  {one.asset.digest or 'no digest is published'}")


def _tell_newer(found: Recommendation, factors: Sequence[Factor]) -> None:
    best = found.best
    if best is None or not found.newer:
        return
    say("")
    rows = [
        [str(one.value), "yes" if one.is_open else "no", _beside(one, best, factors), one.sentence]
        for one in found.newer
    ]
    print_table(["NEWER", "MAY WORK", "WITH", "WHY IT IS NOT RECOMMENDED"], rows, empty="")
    count = sum(one.is_open for one in found.newer)
    say("")
    if count:
        say(f"{count} of them may still turn out to work: `tracker up` tries what its plan asks for.")
    else:
        say("None of them is left to try.")


def _beside(one: Newer, best: Combination, factors: Sequence[Factor]) -> str:
    """Return what else of the set would have to be changed."""
    names = [factor.name for factor in factors]
    others = [value for value in one.combination if value not in best and value != one.value]
    return " ".join(map(str, sorted(others, key=lambda value: names.index(value.factor)))) or "the rest of it"


def _named(combination: Combination | None) -> dict[str, str] | None:
    return {value.factor: value.text for value in combination} if combination else None
