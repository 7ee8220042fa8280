from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.debian.apt_settings import parse_settings
from tracker.plugins.debian.apt_sources import (
    AptEntry,
    SignedBy,
    parse_deb822,
    parse_one_line,
    read_entries,
)

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=10)
_uris = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), _words, _words)
_truths = st.sampled_from([None, True, False])
_signers = st.one_of(
    st.builds(SignedBy, keyrings=st.lists(st.builds("/keys/{}.gpg".format, _words), max_size=3).map(tuple)),
    st.builds(
        SignedBy, fingerprints=st.lists(st.text("0123456789ABCDEF", min_size=40, max_size=40), max_size=2).map(tuple)
    ),
)
_entries = st.builds(
    AptEntry,
    uri=_uris,
    suite=_words,
    components=st.lists(_words, min_size=1, max_size=3).map(tuple),
    architectures=st.lists(st.sampled_from(["amd64", "arm64"]), max_size=2).map(tuple),
    signed_by=_signers,
    check_valid_until=_truths,
    check_date=_truths,
    file=st.just("a.file"),
)


def _options(entry: AptEntry) -> dict[str, str]:
    told = {
        "arch": ",".join(entry.architectures),
        "signed-by": ",".join((*entry.signed_by.keyrings, *entry.signed_by.fingerprints)),
        "check-valid-until": {None: "", True: "yes", False: "no"}[entry.check_valid_until],
        "check-date": {None: "", True: "true", False: "0"}[entry.check_date],
    }
    return {name: value for name, value in told.items() if value}


def _one_line(entry: AptEntry) -> str:
    options = " ".join(f"{name}={value}" for name, value in _options(entry).items())
    return f"deb {f'[ {options} ] ' if options else ''}{entry.uri} {entry.suite} {' '.join(entry.components)} # why\n"


def _stanza(entry: AptEntry) -> str:
    names = {
        "arch": "Architectures",
        "signed-by": "Signed-By",
        "check-valid-until": "Check-Valid-Until",
        "check-date": "Check-Date",
    }
    fields = {
        "Types": "deb-src deb",
        "URIs": entry.uri,
        "Suites": entry.suite,
        "Components": " ".join(entry.components),
    }
    fields |= {names[name]: value.replace(",", " ") for name, value in _options(entry).items()}
    return "# a comment\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + "\n"


@given(st.lists(_entries, max_size=4))
def test_both_formats_say_the_same(entries: list[AptEntry]) -> None:
    lines = "# a comment\n\n" + "".join(map(_one_line, entries))
    stanzas = "".join(map(_stanza, entries))

    assert list(parse_one_line(lines, "a.file")) == entries
    assert list(parse_deb822(stanzas, "a.file")) == entries


@pytest.mark.parametrize(
    "line",
    [
        "# deb http://a.example stable main",
        "deb-src http://a.example stable main",
        "",
        "   ",
    ],
)
def test_lines_that_name_no_binaries_are_no_entries(line: str) -> None:
    assert list(parse_one_line(line, "a.list")) == []


def test_a_hash_inside_brackets_is_no_comment() -> None:
    (entry,) = parse_one_line("deb [signed-by=/keys/a#b.gpg] http://a.example/ stable main # rest", "a.list")

    assert entry.signed_by.keyrings == ("/keys/a#b.gpg",)
    assert entry.uri == "http://a.example"


@pytest.mark.parametrize(
    "line", ["deb", "deb http://a.example", "deb http://a.example stable", "deb [arch=amd64 http://a b c"]
)
def test_a_line_that_apt_refuses_is_named(line: str) -> None:
    with pytest.raises(ConfigError, match=r"a\.list:2: "):
        list(parse_one_line(f"\n{line}\n", "a.list"))


def test_a_stanza_tells_every_suite_at_every_address() -> None:
    text = "Types: deb\nURIs: http://a.example http://b.example/\nSuites: one two\nComponents: main contrib\n"

    found = [(entry.uri, entry.suite, entry.components) for entry in parse_deb822(text, "a.sources")]

    parts = ("main", "contrib")
    assert found == [
        ("http://a.example", "one", parts),
        ("http://a.example", "two", parts),
        ("http://b.example", "one", parts),
        ("http://b.example", "two", parts),
    ]


@pytest.mark.parametrize("word", ["no", "No", "false", "0", "off"])
def test_a_stanza_that_is_switched_off_is_no_entry(word: str) -> None:
    text = f"Enabled: {word}\nTypes: deb\nURIs: http://a.example\nSuites: one\nComponents: main\n"

    assert list(parse_deb822(text, "a.sources")) == []


def test_a_key_in_the_entry_itself_is_read_with_its_empty_lines() -> None:
    text = (
        "Types: deb\nURIs: http://a.example\nSuites: one\nComponents: main\nSigned-By:\n"
        " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDME\n =abcd\n -----END PGP PUBLIC KEY BLOCK-----\n"
    )

    (entry,) = parse_deb822(text, "a.sources")

    assert entry.signed_by.key_block.splitlines() == [
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
        "",
        "mDME",
        "=abcd",
        "-----END PGP PUBLIC KEY BLOCK-----",
    ]


def test_only_files_with_names_that_apt_accepts_are_read_and_in_its_order(tmp_path: Path) -> None:
    listed, parts = tmp_path / "sources.list", tmp_path / "sources.list.d"
    parts.mkdir()
    listed.write_text("deb http://first.example a main\n")
    for name in ("b.list", "c.list", ".hidden.list", "d.list.bak", "e.list.disabled", "f g.list", "h.txt", "i.list~"):
        (parts / name).write_text(f"deb http://{name[0]}.example a main\n")
    (parts / "a.sources").write_text("Types: deb\nURIs: http://stanza.example\nSuites: a\nComponents: main\n")
    (parts / "a.sources.bak").write_text("no entry at all\n")

    found = [entry.uri for entry in read_entries(listed, parts)]

    assert found == ["http://first.example", "http://stanza.example", "http://b.example", "http://c.example"]


def test_no_files_are_no_entries(tmp_path: Path) -> None:
    assert read_entries(tmp_path / "sources.list", tmp_path / "sources.list.d") == ()


@pytest.mark.parametrize(
    ("dump", "expected"),
    [
        pytest.param({}, ("/etc/apt/sources.list", "/etc/apt/sources.list.d"), id="defaults"),
        pytest.param({"Dir::Etc": "/x"}, ("/x/sources.list", "/x/sources.list.d"), id="another directory"),
        pytest.param({"Dir": "/r", "Dir::Etc": "e"}, ("/r/e/sources.list", "/r/e/sources.list.d"), id="another root"),
        pytest.param(
            {"dir::etc::SourceList": "/dev/null", "Dir::Etc::sourceparts": "p"}, ("/dev/null", "/etc/apt/p"), id="parts"
        ),
        pytest.param({"RootDir": "/r"}, ("/r/etc/apt/sources.list", "/r/etc/apt/sources.list.d"), id="root directory"),
    ],
)
def test_paths_follow_apts_directories(dump: Mapping[str, str], expected: tuple[str, str]) -> None:
    settings = parse_settings("".join(f'{name} "{value}";\n' for name, value in dump.items()))

    assert (settings.source_list, settings.source_parts) == tuple(map(Path, expected))


def test_checks_are_on_unless_apt_switches_them_off() -> None:
    assert parse_settings("").check_valid_until
    assert not parse_settings('Acquire::Check-Valid-Until "false";\n').check_valid_until
    assert not parse_settings('Acquire::Check-Date "0";\n').check_date
