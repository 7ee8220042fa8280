"""The reader, the schema for editors and the settings that ``init`` writes come from one description."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.config import Config, read_config
from tracker.errors import ConfigError
from tracker.passes.starter import editor_schema, starter_config
from tracker.passes.workplace import Workplace, open_workplace
from tracker.settings import Day, Key, Named, Table, Tables, Texts
from tracker.tables import TOP

PROFILES = ("linux-containers", "windows-containers")
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-2, 10**7),
    st.floats(allow_nan=False),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["", "linux", "windows", "2026-12-31", "2026-13-01", "http://proxy.example", "owner/name", " "]),
)
_NAMES = st.sampled_from(["containerd", "github", "lanes", "url", "token", "x"])
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_NAMES, inner, max_size=2))
)
CHECKER = jsonschema.FormatChecker(formats=["date"])
SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def _near(kind: object) -> st.SearchStrategy[Any]:
    """Return documents that look like what ``kind`` allows, right and wrong ones."""
    match kind:
        case Table():
            keys = {key.name: st.one_of(_near(key.kind), _near(key.kind), ANYTHING) for key in kind.keys}
            return st.one_of(
                st.fixed_dictionaries({}, optional=keys),
                st.fixed_dictionaries(keys),
                st.fixed_dictionaries({}, optional={**keys, "unknown": SCALARS}),
            )
        case Tables():
            return st.lists(_near(kind.of), max_size=2)
        case Texts():
            return st.lists(SCALARS, max_size=2)
        case Named():
            return st.dictionaries(_NAMES, _near(kind.of), max_size=2)
    # To an editor a date is a text: only where a day is wanted can the two agree on one.
    return st.one_of(SCALARS, st.dates()) if isinstance(kind, Day) else SCALARS


def _one_at_a_time() -> st.SearchStrategy[dict[str, Any]]:
    """Return documents of one or two tables, so that one fault does not hide behind another."""
    choices = [st.fixed_dictionaries({key.name: _near(key.kind)}) for key in TOP.keys]
    return st.one_of(*choices, st.dictionaries(_NAMES, ANYTHING, max_size=2))


def _as_json(value: object) -> object:
    """Return what an editor makes of a TOML document: dates become texts."""
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _file(directory: Path, document: dict[str, Any]) -> Path:
    path = directory / "tracker.toml"
    path.write_text(tomli_w.dumps(document), encoding="utf-8")
    return path


@lru_cache
def place_of(profile: str) -> Workplace:
    home = Path("nowhere")
    return open_workplace(Config(profile=profile, home=home, site_dir=home / "site"))


@SETTINGS
@given(document=_one_at_a_time())
def test_the_reader_and_the_schema_take_and_refuse_the_same_documents(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = _file(tmp_path_factory.mktemp("any", numbered=True), document)
    network = document.get("network")
    if isinstance(network, dict) and network.get("ca_file"):
        return  # whether a file is there, no schema tells
    told = ""
    try:
        read_config(path)
    except ConfigError as error:
        told = str(error)

    host = document.get("host")
    if told and isinstance(host, dict) and "needs platform" in told:
        return  # nor what goes together
    faults = list(jsonschema.Draft7Validator(TOP.schema(), format_checker=CHECKER).iter_errors(_as_json(document)))

    assert bool(told) == bool(faults), (told, faults)


@SETTINGS
@given(text=st.one_of(st.text(max_size=60), st.builds(tomli_w.dumps, st.dictionaries(_NAMES, ANYTHING, max_size=3))))
def test_no_document_whatsoever_gives_anything_but_settings_or_an_error_for_people(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any", numbered=True) / "tracker.toml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))

    told = str(path)
    try:
        read_config(path)
    except ConfigError as error:
        told = str(error)

    assert str(path) in told


@pytest.mark.parametrize("profile", PROFILES)
def test_what_init_writes_explains_every_key_and_is_taken_by_reader_and_schema(profile: str, tmp_path: Path) -> None:
    place = place_of(profile)
    text = starter_config(place)
    path = tmp_path / "tracker.toml"
    path.write_text(text, encoding="utf-8")
    schema = json.loads(editor_schema(place))
    jsonschema.Draft7Validator.check_schema(schema)

    config = read_config(path)

    assert text.startswith("#:schema ./tracker.schema.json\n")
    assert open_workplace(config).profile.name == profile
    document = _as_json(tomllib.loads(text))
    assert list(jsonschema.Draft7Validator(schema, format_checker=CHECKER).iter_errors(document)) == []
    for key in TOP.keys:
        assert key.sentence.split()[0] in text
        assert f"[{key.name}" in text or f"{key.name} = " in text


@pytest.mark.parametrize("profile", PROFILES)
def test_the_settings_that_init_comments_out_are_the_defaults(profile: str, tmp_path: Path) -> None:
    text = starter_config(place_of(profile))
    (tmp_path / "tracker.toml").write_text(text, encoding="utf-8")
    as_written = open_workplace(read_config(tmp_path / "tracker.toml"))
    uncommented = re.sub(r"^#(?=[a-z])", "", text, flags=re.MULTILINE)
    assert uncommented.count("\n#") < text.count("\n#") - 15
    (tmp_path / "tracker.toml").write_text(uncommented, encoding="utf-8")

    config = open_workplace(read_config(tmp_path / "tracker.toml")).config

    for name in ("home", "site_dir", "site_title", "network", "smoke", "daemon", "host", "trust", "waivers", "pins"):
        assert getattr(config, name) == getattr(as_written.config, name)
    assert config.minimum_age_days == as_written.config.minimum_age_days
    assert config.max_age_days == as_written.config.max_age_days
    for name, options in config.sources.items():
        source = as_written.registry.sources[name]
        written = as_written.config.sources.get(name, {})
        components = [one for one in as_written.registry.components.values() if one.source == name][:1]
        assert repr(source.targets(components, options)) == repr(source.targets(components, written))


def _keys(table: Table) -> list[Key]:
    return [one for key in table.keys for one in (key, *(_keys(key.kind) if isinstance(key.kind, Table) else ()))]


def test_every_key_says_what_it_decides() -> None:
    assert [key.name for key in _keys(TOP) if not key.sentence.endswith(".")] == []
