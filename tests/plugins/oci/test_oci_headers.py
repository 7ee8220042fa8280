from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker.plugins.oci.challenge import Challenge, read_challenges

from tracker.upstream.links import next_page, origin_of

_SCHEMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)
_NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20)
_PARAMETERS = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.lists(st.tuples(_SCHEMES, _PARAMETERS), max_size=3), st.sampled_from([",", ", ", " ,\t", ",, "]))
def test_whatever_is_written_by_the_grammar_is_read_back(written: list[tuple[str, dict[str, str]]], comma: str) -> None:
    header = comma.join(
        f"{scheme} " + comma.join(f"{name}={_quoted(value)}" for name, value in parameters.items())
        for scheme, parameters in written
    )

    assert read_challenges(header) == tuple(Challenge(scheme=one, parameters=two) for one, two in written)


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_other_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        found = read_challenges(text)
    except ValueError:
        return
    assert all(one.scheme for one in found)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(
            'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
            [("bearer", "", {"realm": "https://auth.example/token", "service": "registry.example"})],
            id="a comma inside quotes",
        ),
        pytest.param(
            'Basic realm="x", Bearer Realm=y', [("basic", "", {"realm": "x"}), ("bearer", "", {"realm": "y"})]
        ),
        pytest.param("Negotiate", [("negotiate", "", {})], id="a scheme alone"),
        pytest.param(
            'Negotiate abc+/== , NTLM, Bearer realm="y"',
            [("negotiate", "abc+/==", {}), ("ntlm", "", {}), ("bearer", "", {"realm": "y"})],
            id="a token in place of parameters",
        ),
        pytest.param(r'Basic realm="a \"b\" \\ c"', [("basic", "", {"realm": r'a "b" \ c'})], id="escapes"),
        pytest.param('Bearer  realm = "a" ,service="b"', [("bearer", "", {"realm": "a", "service": "b"})], id="spaces"),
    ],
)
def test_headers_that_registries_send(header: str, expected: list[tuple[str, str, dict[str, str]]]) -> None:
    found = read_challenges(header)

    assert [(one.scheme, one.token) for one in found] == [(scheme, token) for scheme, token, _ in expected]
    for one, (_, _, parameters) in zip(found, expected, strict=True):
        assert dict(one.parameters).items() >= parameters.items()


def test_a_comma_inside_quotes_parts_nothing() -> None:
    (found,) = read_challenges('Bearer realm="https://a/t",service="r",scope="repository:a/b:pull,push"')

    assert found.parameters["scope"] == "repository:a/b:pull,push"


@pytest.mark.parametrize(
    "header",
    [
        'Bearer realm="a',
        'Bearer realm="a" service="b"',
        'Bearer realm="a",realm="b"',
        'Bearer realm="a";service="b"',
        'realm="a"',
        'Bearer realm="a\nb"',
        "Bearer @",
    ],
)
def test_a_header_that_breaks_the_grammar_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match=r"not understood at character|said twice"):
        read_challenges(header)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ('</v2/a/tags/list?n=2&last=b>; rel="next"', "https://r.example/v2/a/tags/list?n=2&last=b"),
        ("</v2/a/tags/list?n=2>; rel=next", "https://r.example/v2/a/tags/list?n=2"),
        ('<https://other.example/x>; rel="next"', "https://other.example/x"),
        ('<?last=z>; rel="next"', "https://r.example/v2/a/tags/list?last=z"),
        ('<a>; rel="prev", <b>; title="x, <c>; rel=next"; rel="last NEXT"', "https://r.example/v2/a/tags/b"),
        ('<a>; rel="last"', None),
        ("<a>", None),
        ("nonsense", None),
        ('<a>; rel="first"; rel="next"', None),
    ],
)
def test_the_next_page_is_the_one_whose_relation_says_so(header: str, expected: str | None) -> None:
    assert next_page(header, "https://r.example/v2/a/tags/list?n=2") == expected


_TARGETS = st.from_regex(r"[a-j0-9]([a-j0-9&=?._~-]|/[a-j0-9])*", fullmatch=True)
_RELATIONS = st.lists(st.sampled_from(["first", "prev", "next", "last"]), min_size=1, max_size=2, unique=True)


@given(st.lists(st.tuples(_TARGETS, _RELATIONS, _VALUES), max_size=4))
def test_the_first_of_several_links_that_is_next_counts(links: list[tuple[str, list[str], str]]) -> None:
    header = ", ".join(
        f'<https://r.example/{target}>; title={_quoted(title)}; rel="{" ".join(relations)}"'
        for target, relations, title in links
    )
    following = [target for target, relations, _ in links if "next" in relations]

    expected = urljoin("https://r.example/", f"/{following[0]}") if following else None
    assert next_page(header, "https://r.example/") == expected


@given(st.text(max_size=60))
def test_no_header_makes_reading_links_fail(text: str) -> None:
    try:
        next_page(text, "https://r.example/")
    except ValueError:
        # An address that Python cannot join ("//[") is refused like one that leads elsewhere.
        assert "[" in text or "]" in text


def test_a_port_that_goes_without_saying_is_the_same_origin() -> None:
    assert origin_of("https://R.example/a") == origin_of("https://r.example:443/b")
    assert origin_of("https://r.example/a") != origin_of("http://r.example/a")
    assert origin_of("http://r.example:5000/a") != origin_of("http://r.example/a")
