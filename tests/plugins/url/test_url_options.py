from __future__ import annotations

import pytest
from tracker.plugins.url.options import FileOptions, ListingOptions, read_options

from tracker.errors import ConfigError
from tracker.model import Component

_URL = "https://example.com/a/get.ps1"


def _component(**options: str) -> Component:
    dotted = {name.replace("__", "."): value for name, value in options.items()}
    return Component(name="script", title="", source="url", scheme="", installer="", options=dotted)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"url": _URL}, """kind = '': must be "file" (watch the content) or "listing" (read versions from it)"""),
        ({"kind": "file"}, "url = '': must be an address"),
        ({"kind": "file", "url": "http://[::1/f"}, "url = '...': cannot be read"),
        ({"kind": "file", "url": "ftp://a/b"}, "url = 'ftp://a/b': must be an address"),
        ({"kind": "file", "url": "https://me:secret@a/b"}, "holds a user name or a password"),
        ({"kind": "file", "url": _URL, "max_kb": "0"}, "max_kb = '0': must be a number from 1 to 65536"),
        ({"kind": "file", "url": _URL, "max_kb": "١"}, "max_kb = '١': must be a number"),  # noqa: RUF001 - a digit
        ({"kind": "file", "url": _URL, "keep_text": "true"}, 'keep_text = \'true\': must be "yes" or "no"'),
        ({"kind": "file", "url": _URL, "pattern": "x"}, "pattern = 'x': is no option of this kind"),
        (
            {"kind": "file", "url": _URL, "named__containerd": "a(?P<version>[0-9"},
            "named.containerd = 'a(?P<version>[0-9': is no regular expression at character 14: unterminated",
        ),
        ({"kind": "file", "url": _URL, "named__a": "(b)"}, "named.a = '(b)': has no group called version"),
        ({"kind": "listing", "url": _URL}, "exactly one of pattern and json_versions must be set"),
        ({"kind": "listing", "url": _URL, "json_versions": "$.a["}, "is no JSONPath (RFC 9535) at character 5"),
        ({"kind": "listing", "url": _URL, "json_versions": "a"}, "is no JSONPath (RFC 9535) at character 1"),
        (
            {"kind": "listing", "url": _URL, "pattern": "(?P<version>x)", "json_url": "u"},
            "json_url = 'u': has no meaning beside pattern",
        ),
        (
            {"kind": "listing", "url": _URL, "pattern": "(?P<version>x)", "asset": "a-{v}.zip"},
            "asset = 'a-{v}.zip': holds {v}; known are {version} and {tag}",
        ),
    ],
)
def test_an_option_that_cannot_be_used_is_named_with_its_component(options: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_options(_component(**options))

    assert caught.value.message.startswith("component script: ")
    assert expected in caught.value.message
    assert "secret" not in str(caught.value)


def test_an_address_never_shows_what_its_query_holds() -> None:
    one = read_options(_component(kind="file", url="https://example.com/f?token=abc#part"))
    two = read_options(_component(kind="file", url="https://example.com/f?token=abd"))

    assert isinstance(one, FileOptions)
    assert one.address.url == "https://example.com/f?token=abc"
    assert one.address.shown == "https://example.com/f?token=..."
    assert one.address.name != two.address.name
    assert "abc" not in one.address.name
    assert one.name == "f"


def test_what_is_not_said_has_a_default() -> None:
    file = read_options(_component(kind="file", url=_URL, named__b="(?P<version>b)", named__a="(?P<version>a)"))
    listing = read_options(_component(kind="listing", url=_URL, pattern="(?P<version>x)"))

    assert isinstance(file, FileOptions)
    assert (file.name, file.keeps_text, file.address.max_bytes) == ("get.ps1", False, 1 << 20)
    assert [what for what, _ in file.named] == ["a", "b"]
    assert isinstance(listing, ListingOptions)
    assert (listing.keeps_old, listing.assets) == (True, ())
