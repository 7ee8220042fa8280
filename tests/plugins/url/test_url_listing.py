from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tracker.plugins.url.listing import read_digest, read_listing, read_time
from tracker.plugins.url.options import ListingOptions, read_options

from tracker.errors import SourceError
from tracker.model import Component

_BASE = "https://example.com/dl/index.html"
_ONE, _TWO = "1" * 64, "2" * 64


def _options(**options: str) -> ListingOptions:
    every = {"kind": "listing", "url": _BASE, **options}
    found = read_options(Component(name="a", title="", source="url", scheme="", installer="", options=every))
    assert isinstance(found, ListingOptions)
    return found


def test_an_html_page_lists_files_with_relative_addresses() -> None:
    page = f"""<a href="a-1.10.zip">a-1.10.zip</a> 2026-03-01 {_ONE}
               <a href="/old/a-1.9.zip">a-1.9.zip</a>
               <a href="https://cdn.example/a-1.8.zip">a</a> <a href="a-1.10.zip">again</a>"""
    pattern = (
        r'href="(?P<url>[^"]*a-(?P<version>[\d.]+)\.zip)"[^>]*>[^<]*</a>'
        r"(?: (?P<date>[\d-]{10}) (?P<digest>[0-9a-f]{64}))?"
    )

    found = read_listing(page, _options(pattern=pattern), _BASE)

    assert [(one.text, [asset.url for asset in one.assets]) for one in found] == [
        ("1.10", ["https://example.com/dl/a-1.10.zip"]),
        ("1.9", ["https://example.com/old/a-1.9.zip"]),
        ("1.8", ["https://cdn.example/a-1.8.zip"]),
    ]
    assert found[0].assets[0].digest == f"sha256:{_ONE}"
    assert found[0].published_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_json_document_gives_texts_or_objects() -> None:
    texts = json.dumps({"versions": ["1.0", "1.1", 7, None]})
    objects = json.dumps(
        [
            {"v": "2.0", "files": [{"u": "x-2.0.zip"}], "sum": {"sha256": _ONE}, "day": "2026-01-02T03:04:05+01:00"},
            {"v": 3, "files": []},
            {"name": "no version"},
        ]
    )

    of_texts = read_listing(texts, _options(json_versions="$.versions[*]"), _BASE)
    of_objects = read_listing(
        objects,
        _options(
            json_versions="$[*]", json_version="v", json_url="files.0.u", json_digest="sum.sha256", json_date="day"
        ),
        _BASE,
    )

    assert [one.text for one in of_texts] == ["1.0", "1.1"]
    assert [(one.text, [asset.url for asset in one.assets]) for one in of_objects] == [
        ("2.0", ["https://example.com/dl/x-2.0.zip"]),
        ("3", []),
    ]
    assert of_objects[0].assets[0].digest == f"sha256:{_ONE}"
    assert of_objects[0].published_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_a_path_may_choose_by_a_condition() -> None:
    text = json.dumps([{"version": "1", "stable": True}, {"version": "2", "stable": False}])

    assert [one.text for one in read_listing(text, _options(json_versions="$[?@.stable == true]"), _BASE)] == ["1"]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("<h1>Sign in</h1>", {"pattern": "v(?P<version>9)"}, "v(?P<version>9) finds nothing there, which begins: <h1>"),
        ('{"a": []}', {"json_versions": "$.b[*]"}, "finds nothing there, which begins: {"),
        ("<h1>Sign in</h1>", {"json_versions": "$.b"}, "is no JSON: Expecting value"),
        ("[" * 100_000, {"json_versions": "$.b"}, "is no JSON"),
        ("", {"pattern": "(?P<version>)"}, "finds nothing there"),
        ("v" * 201, {"pattern": "(?P<version>v+)"}, "finds a version of 201 characters"),
        ("x" * 20_001, {"pattern": "(?P<version>x)"}, "finds more than 20000 versions"),
    ],
)
def test_a_page_that_does_not_fit_is_an_error_that_shows_it(text: str, options: dict[str, str], expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_listing(text, _options(**options), _BASE)

    assert expected in caught.value.message
    assert caught.value.message.startswith(_BASE)


def test_what_is_no_file_digest_or_date_is_left_out_and_said() -> None:
    page = "1.0 javascript:alert(1) zz yesterday\n1.1 f.zip abc 2026-99-99\n"
    pattern = r"^(?P<version>\S+) (?P<url>\S+) (?P<digest>\S+) (?P<date>\S+)$"

    one, two = read_listing(page, _options(pattern=pattern), _BASE)

    assert (one.assets, one.published_at) == ([], None)
    assert one.remarks == [
        "1.0: 'yesterday' is no date that is understood.",
        "1.0: 'zz' is no digest that is understood.",
        "1.0: 'javascript:alert(1)' is no address of a file.",
    ]
    assert [asset.digest for asset in two.assets] == [None]
    assert "1.1: 'abc' is no digest that is understood." in two.remarks


def test_two_digests_for_one_file_are_not_believed() -> None:
    page = f"1.0 a.zip {_ONE}\n1.0 a.zip {_TWO}\n"

    (one,) = read_listing(page, _options(pattern=r"(?P<version>1.0) (?P<url>\S+) (?P<digest>\S+)"), _BASE)

    (asset,) = one.assets
    assert (asset.digest, asset.distrust) == (None, "the page tells two digests of it")


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (_ONE.upper(), f"sha256:{_ONE}"),
        (f"SHA-256:{_ONE}", f"sha256:{_ONE}"),
        (f" sha512-{_ONE}{_ONE} ", f"sha512:{_ONE}{_ONE}"),
        (f"sha512:{_ONE}", None),
        ("d41d8cd98f00b204e9800998ecf8427e", None),
        ("", None),
    ],
)
def test_digests_are_read_as_people_write_them(text: str, digest: str | None) -> None:
    assert read_digest(text) == digest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 12:00:00 +0100", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("March", None),
        ("", None),
    ],
)
def test_dates_are_read_in_two_forms(text: str, expected: datetime | None) -> None:
    assert read_time(text) == expected
