"""What programs read of a published site fits the schemas that are published with it, and refers to what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tracker.evidence.verdict_document import verdict_document
from tracker.render import Snapshot, publish
from tracker.snapshot import to_document
from tracker.snapshot.content import VerdictSnapshot
from tracker.snapshot.parts import SnapshotRow

if TYPE_CHECKING:
    from pathlib import Path

    from tests.render.conftest import World

FORMATS = jsonschema.FormatChecker(formats=["date"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, small_world: World) -> Path:
    directory = tmp_path_factory.mktemp("documents") / "site"
    publish(small_world.snapshot(), directory)
    return directory


def check(site: Path, schema: str, document: object) -> None:
    content = json.loads((site / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    jsonschema.Draft202012Validator(content, format_checker=FORMATS).validate(document)


def test_every_component_has_a_document_that_fits_the_schema(site: Path, snapshot: Snapshot) -> None:
    documents = sorted((site / "components").glob("*.json"))

    assert [path.stem for path in documents] == sorted(snapshot.components)
    for path in documents:
        document = json.loads(path.read_text(encoding="utf-8"))
        check(site, "component", document)
        assert document["name"] == path.stem
        pages = [document["page"], *(release["page"] for release in document["releases"])]
        assert [page for page in pages if not (site / page).is_file()] == []


def test_a_document_with_a_field_that_the_schema_does_not_tell_of_is_refused(site: Path) -> None:
    document = json.loads((site / "components" / "containerd.json").read_text(encoding="utf-8"))

    with pytest.raises(jsonschema.ValidationError):
        check(site, "component", {**document, "more": 1})
    with pytest.raises(jsonschema.ValidationError):
        check(site, "component", {**document, "releases": [{"version": "1"}]})


def test_a_document_tells_releases_with_digests_offers_and_counted_verdicts(site: Path) -> None:
    document = json.loads((site / "components" / "containerd.json").read_text(encoding="utf-8"))

    newest = document["releases"][0]
    assert newest["version"] == document["recommended"] == "2.1.9+ds1-5"
    assert newest["assets"][0]["digests"][0].startswith("sha256:")
    assert newest["offers"][0]["channel"]
    assert newest["verdicts"]["works"] >= 1


def test_the_times_of_the_last_looks_fit_their_schema(site: Path) -> None:
    check(site, "health", json.loads((site / "health.json").read_text(encoding="utf-8")))


def test_the_verdicts_fit_their_schema(site: Path, snapshot: Snapshot) -> None:
    known = VerdictSnapshot(
        profile=snapshot.profile.name,
        title=snapshot.profile.title,
        scenario=snapshot.profile.scenario,
        host_key=snapshot.host_key,
        host_title=snapshot.host_title,
        capabilities=snapshot.profile.capabilities,
        required=snapshot.profile.required,
        factors=snapshot.profile.factors,
        values=(),
        rows=tuple(SnapshotRow(combination=one, verdicts=own) for one, own in list(snapshot.verdicts.items())[:40]),
        judgement={"schema": 2},
        others=(),
        exclusions=(),
        waivers=(),
        terms=(),
    )

    document = json.loads(json.dumps(to_document(known)))

    check(site, "matrix", document)
    assert document["rows"][0]["verdicts"]["installs"] == verdict_document(
        next(iter(snapshot.verdicts.values()))["installs"]
    )
