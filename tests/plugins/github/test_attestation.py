"""Signed statements about files, real ones and spoilt ones."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.plugins.github.attestation import Attested, Standing, attest

if TYPE_CHECKING:
    import pytest

BUNDLES = Path(__file__).parent / "bundles"
PUBLIC: dict[str, Any] = json.loads((BUNDLES / "public_instance.json").read_text(encoding="utf-8"))
OLD: dict[str, Any] = json.loads((BUNDLES / "old_log.json").read_text(encoding="utf-8"))
SIGNED = "sha256:49a3aa6075e0f49f82843e74b5baa614ad2a588e6675612bf108a0a008c5ac25"
REPOSITORY = "malancas/attest-demo"


def _attest(*bundles: dict[str, Any], digest: str = SIGNED, repository: str = REPOSITORY) -> Attested:
    found = attest(bundles, digest=digest, repository=repository, web_url="https://github.com")
    assert found is not None
    return found


def _spoilt() -> dict[str, Any]:
    envelope = PUBLIC["dsseEnvelope"]
    said = json.loads(base64.b64decode(envelope["payload"]))
    said["subject"][0]["digest"]["sha256"] = "0" * 64
    payload = base64.b64encode(json.dumps(said).encode()).decode()
    return {**PUBLIC, "dsseEnvelope": {**envelope, "payload": payload}}


def test_a_real_statement_about_these_bytes_by_this_repository_is_verified() -> None:
    assert _attest(PUBLIC).standing is Standing.VERIFIED


def test_a_statement_by_another_repository_does_not_hold() -> None:
    assert _attest(PUBLIC, repository="somebody/else").standing is Standing.REFUTED


def test_a_statement_about_other_bytes_does_not_hold() -> None:
    assert _attest(PUBLIC, digest="sha256:" + "1" * 64) == Attested(
        standing=Standing.REFUTED, reason="it was signed for other bytes"
    )


def test_a_statement_that_was_changed_after_it_was_signed_does_not_hold() -> None:
    assert _attest(_spoilt(), digest="sha256:" + "0" * 64).standing is Standing.REFUTED


def _in_no_log() -> dict[str, Any]:
    """Return a statement in the form of GitHub's own instance, which writes into no public log."""
    material = {name: value for name, value in PUBLIC["verificationMaterial"].items() if name != "tlogEntries"}
    return {**PUBLIC, "verificationMaterial": material}


def test_a_statement_in_no_public_log_is_not_verifiable_which_is_no_accusation() -> None:
    assert _attest(_in_no_log()).standing is Standing.NOT_VERIFIABLE


def test_a_statement_of_an_older_form_is_not_verifiable_which_is_no_accusation() -> None:
    assert _attest(OLD, repository="sigstore/sigstore-js").standing is Standing.NOT_VERIFIABLE


def test_a_verified_statement_outweighs_one_that_cannot_be_checked() -> None:
    assert _attest(_in_no_log(), PUBLIC).standing is Standing.VERIFIED


def test_no_statement_says_nothing() -> None:
    assert attest([], digest=SIGNED, repository=REPOSITORY, web_url="https://github.com") is None


def test_without_the_library_nothing_is_verified_and_nothing_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore.errors", None)

    found = _attest(_spoilt())

    assert found.standing is Standing.NOT_VERIFIABLE
    assert "pip install" in found.reason
