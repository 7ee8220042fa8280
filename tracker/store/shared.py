"""What many runs share is stored once: combinations, evidence keys, environments."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tracker.store.tables import combinations, environments, evidence_keys
from tracker.store.types import combination_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from tracker.model import Combination, EvidenceKey


def combination_id(connection: Connection, combination: Combination) -> int:
    """Return the id of ``combination``, which is added when it is new."""
    digest = _digest(combination_rows(combination))
    found = connection.scalar(select(combinations.c.id).where(combinations.c.digest == digest))
    if found is not None:
        return found
    added = connection.execute(
        insert(combinations).values(digest=digest, key=combination.key, parts=combination).returning(combinations.c.id)
    )
    return added.scalar_one()


def evidence_key_id(connection: Connection, key: EvidenceKey) -> int:
    """Return the id of ``key``, which is added when it is new."""
    found = connection.scalar(
        select(evidence_keys.c.id).where(
            evidence_keys.c.host_key == key.host_key,
            evidence_keys.c.scenario_digest == key.scenario_digest,
            evidence_keys.c.artifact_digest == key.artifact_digest,
        )
    )
    if found is not None:
        return found
    added = connection.execute(
        insert(evidence_keys)
        .values(scenario_digest=key.scenario_digest, artifact_digest=key.artifact_digest, host_key=key.host_key)
        .returning(evidence_keys.c.id)
    )
    return added.scalar_one()


def environment_id(connection: Connection, facts: Mapping[str, str]) -> int:
    """Return the id of the environment with exactly ``facts``, which is added when it is new."""
    plain = dict(facts)
    digest = _digest(plain)
    found = connection.scalar(select(environments.c.id).where(environments.c.digest == digest))
    if found is not None:
        return found
    added = connection.execute(insert(environments).values(digest=digest, facts=plain).returning(environments.c.id))
    return added.scalar_one()


def _digest(document: object) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
