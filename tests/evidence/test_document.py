"""A judgement survives JSON."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.evidence.ledger import MAX_AGE, Ledger, combination
from tracker.evidence.document import DocumentError, from_document, to_document
from tracker.model import Outcome


def _eventful() -> Ledger:
    ledger = Ledger()
    ledger.run("2 a x")
    ledger.run("3 b y", stops_at="runs")
    ledger.run("2 a x", stops_at="runs")
    ledger.run("2 a x")
    ledger.run("1 a x", stops_at="starts", with_outcome=Outcome.ERROR)
    ledger.run("1 b x", stops_at="networks", timed_out=True)
    ledger.run("3 a x", stops_at="starts", is_deterministic=True)
    return ledger


def test_a_judgement_survives_json() -> None:
    judgement = _eventful().judge()

    document = json.loads(json.dumps(to_document(judgement)))

    assert from_document(document, now=judgement.now) == judgement


def test_a_document_answers_for_combinations_that_were_never_run() -> None:
    ledger = Ledger()
    for passing in ("3 b x", "3 a y", "2 b y"):
        ledger.run(passing)

    read = from_document(to_document(ledger.judge()), now=ledger.now)

    assert read.verdict(combination("3 b y"), "networks").kind == "likely"
    assert read.verdict(combination("1 b y"), "networks").kind == "untested"


def test_a_document_ages_by_its_readers_clock_and_not_by_its_writers() -> None:
    ledger = Ledger()
    ledger.run("3 b y")
    early = to_document(ledger.judge())
    late = to_document(ledger.judge(now=ledger.now + timedelta(days=400)))

    read = from_document(early, now=ledger.now + MAX_AGE)

    assert early == late
    assert read.verdict(combination("3 b y"), "runs").kind == "stale"


def test_another_schema_is_refused_with_both_numbers() -> None:
    with pytest.raises(DocumentError, match="schema 99: this program reads schema 2"):
        from_document({"schema": 99}, now=Ledger().now)


def test_a_damaged_document_is_refused() -> None:
    document = to_document(_eventful().judge())
    document["rows"][0]["combination"] = [999]

    with pytest.raises(DocumentError, match="damaged"):
        from_document(document, now=Ledger().now)
