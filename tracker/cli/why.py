"""``tracker why``: what is known of one combination, and from which runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.misfits import misfit_documents, print_misfits
from tracker.cli.output import moment, print_json, print_table, say
from tracker.cli.run_document import run_document
from tracker.cli.settings import JsonOption, workplace
from tracker.errors import UsageError
from tracker.local_files import named_by_digest
from tracker.naming import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.evidence.judgement import Judgement
    from tracker.model import Combination, Verdict
    from tracker.snapshot.content import VerdictSnapshot

EXAMPLE = "tracker why containerd=2.1.9 runtime=runc@1.1.5 cni-plugins=1.9.1 cni-spec=1.1.0"


def command(
    context: typer.Context,
    pins: Annotated[list[str], typer.Argument(metavar="FACTOR=VALUE...", help="One value for each factor.")],
    json: JsonOption = False,
) -> None:
    """Tell the verdict of each capability of one combination, what it rests on, and what would change it."""
    from tracker.evidence.ageing import aged
    from tracker.evidence.document import from_document
    from tracker.evidence.verdict_document import verdict_document
    from tracker.passes.declaring import collect_declared, expectations, with_expectations
    from tracker.snapshot.file import read_snapshot

    place = workplace(context)
    snapshot = read_snapshot(place.config.verdicts_path)
    combination = whole_combination(pins, snapshot)
    now = datetime.now(UTC)
    judgement = from_document(snapshot.judgement, now=now)
    verdicts = {capability: aged(one, now) for capability, one in _verdicts(snapshot, judgement, combination).items()}
    misfits = [one for one in judgement.culprits if one.is_in(combination)]
    with place.open_store() as store:
        releases = store.releases()
        declared = collect_declared(place, releases, store.sightings())
        runs = store.runs(profile=place.profile.name, combination=combination)
    verdicts = with_expectations(verdicts, expectations(place, declared, releases, today=now.date()))
    if json:
        document = {
            "combination": {value.factor: value.text for value in combination},
            "host_key": snapshot.host_key,
            "verdicts": {name: verdict_document(verdict) for name, verdict in verdicts.items()},
            "misfits": misfit_documents(misfits),
            "runs": [run_document(run, logs=False) for run in runs],
        }
        print_json("why/1", document)
        return
    say(in_order(combination, snapshot.factors))
    say(f"on {snapshot.host_key}\n")
    _print_verdicts(list(verdicts.values()))
    if misfits:
        print_misfits(misfits)
    rows = [[str(run.id), moment(run.finished_at or run.started_at), str(run.outcome)] for run in runs]
    print_table(["RUN", "ENDED (UTC)", "OUTCOME"], rows, empty="It was never run.")


def whole_combination(pins: Sequence[str], snapshot: VerdictSnapshot) -> Combination:
    """Return the combination that ``pins`` name.

    Raises:
        UsageError: a pin is wrong, or a factor has no value.
    """
    from tracker.model import Combination
    from tracker.naming import find_pinned, split_pins

    named = named_by_digest(split_pins(pins)).items()
    values = [find_pinned(name, text, snapshot.factors, snapshot.values) for name, text in named]
    missing = [factor.name for factor in snapshot.factors if factor.name not in {value.factor for value in values}]
    if missing:
        message = f"no value for: {', '.join(missing)}"
        raise UsageError(message, hint="Name one value for each factor, or ask `tracker check`.")
    return Combination.of(values)


def _verdicts(snapshot: VerdictSnapshot, judgement: Judgement, combination: Combination) -> dict[str, Verdict]:
    for row in snapshot.rows:
        if row.combination == combination:
            return {capability: row.verdicts[capability] for capability in snapshot.capabilities}
    return {capability: judgement.verdict(combination, capability) for capability in snapshot.capabilities}


def _print_verdicts(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        say(f"{verdict.capability}: {str(verdict.kind).upper()}")
        say(f"  {verdict.sentence}")
        if verdict.cause and verdict.cause not in verdict.sentence:
            say(f"  Cause: {verdict.cause}")
        if verdict.would_change:
            say(f"  What would change this: {verdict.would_change}")
    say("")
