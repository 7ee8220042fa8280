"""Who built a file, as signed statements say; an extra that needs ``sigstore``.

Three answers are kept apart. *Verified*: a statement about these very bytes was signed by a workflow of the expected
repository, in Sigstore's public log. *Refuted*: a statement is there and does not hold. *Not verifiable*: it may hold,
but it cannot be told here: the library is not installed, or the statement is of a form that it cannot check (GitHub's
own instance, which signs releases and private repositories and is in no public log; logs of before 2024).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ISSUER = "https://token.actions.githubusercontent.com"
_UNSUPPORTED = "integrated time only supported"


class Standing(StrEnum):
    """What a statement is worth; the most telling first."""

    VERIFIED = "verified"
    REFUTED = "does not hold"
    NOT_VERIFIABLE = "not verifiable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What the statements about one file are worth together, and why, in a few words."""

    standing: Standing
    reason: str


def attest(bundles: Sequence[Mapping[str, object]], *, digest: str, repository: str, web_url: str) -> Attested | None:
    """Return what the statements say of a file; ``None`` when there is none. Asks no network.

    One that is verified outweighs all others. One that does not hold outweighs those that cannot be verified.

    Args:
        bundles: Sigstore bundles as GitHub's ``attestations`` lists them.
        digest: ``"sha256:<hex>"`` of the file.
        repository: ``"owner/name"`` whose workflow must have signed.
        web_url: where repositories lie, as ``"https://github.com"``.
    """
    found = [_one(bundle, digest, f"{web_url}/{repository}") for bundle in bundles]
    order = list(Standing)
    return min(found, key=lambda one: order.index(one.standing), default=None)


def _one(bundle: Mapping[str, object], digest: str, source: str) -> Attested:
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle, InvalidBundle
        from sigstore.verify import Verifier, policy
    except ImportError:
        return _unknown("sigstore is not installed (pip install 'tracker[attest]')")
    try:
        signed = Bundle.from_json(json.dumps(bundle))
    except InvalidBundle as error:
        return _unknown(f"a statement of a form that cannot be checked here ({_short(error)})")
    who = policy.AllOf([policy.OIDCIssuerV2(_ISSUER), policy.OIDCSourceRepositoryURI(source)])
    try:
        _, payload = Verifier.production(offline=True).verify_dsse(signed, who)
    except Error as error:
        if _UNSUPPORTED in str(error).casefold():
            return _unknown(f"a statement of a form that cannot be checked here ({_short(error)})")
        return Attested(standing=Standing.REFUTED, reason=_short(error))
    if digest not in _subjects(payload):
        return Attested(standing=Standing.REFUTED, reason="it was signed for other bytes")
    return Attested(standing=Standing.VERIFIED, reason=f"signed by a workflow of {source}")


def _subjects(payload: bytes) -> set[str]:
    try:
        subjects = json.loads(payload)["subject"]
        return {f"sha256:{one['digest']['sha256']}" for one in subjects if "sha256" in one.get("digest", {})}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _unknown(reason: str) -> Attested:
    return Attested(standing=Standing.NOT_VERIFIABLE, reason=reason)


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:160]
