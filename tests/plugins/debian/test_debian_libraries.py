from __future__ import annotations

from tracker.plugins.debian.libraries import Libraries, Shelves, libraries_of
from tracker.plugins.debian.packages_index import PackagesIndex


def _index(*stanzas: str) -> PackagesIndex:
    return PackagesIndex("\n\n".join(stanzas).encode() + b"\n")


def _package(name: str, *, depends: str = "", section: str = "libs", version: str = "1-1", more: str = "") -> str:
    return (
        f"Package: {name}\nVersion: {version}\n"
        + (f"Depends: {depends}\n" if depends else "")
        + more
        + f"Section: {section}"
    )


def _libraries(depends: str, *indexes: PackagesIndex) -> Libraries:
    def opener(index: PackagesIndex) -> PackagesIndex:
        return index

    shelves = Shelves([lambda index=index: opener(index) for index in indexes])
    return libraries_of({"Package": "program", "Version": "1", "Depends": depends}, shelves)


def _names(found: Libraries) -> list[tuple[str, str, int]]:
    return [(one.stanza["Package"], one.stanza["Version"], one.shelf) for one in found.found]


def test_libraries_of_libraries_are_found_and_circles_end() -> None:
    index = _index(_package("liba1", depends="libb1"), _package("libb1", depends="liba1, libc6"), _package("libz1"))

    assert _names(_libraries("liba1", index)) == [("liba1", "1-1", 0), ("libb1", "1-1", 0)]


def test_programs_and_the_c_library_are_left_to_the_host() -> None:
    index = _index(
        _package("tool", section="net", depends="liba1"), _package("liba1"), _package("libc6"), _package("libgcc-s1")
    )

    found = _libraries("tool, libc6 (>= 2.38), libgcc-s1 (>= 3), gcc-12-base, not-there", index)

    assert found == Libraries(found=(), missing=())


def test_the_newest_version_that_fits_is_taken() -> None:
    index = _index(*(_package("liba1", version=version) for version in ("1.9-1", "1.10-1", "2.0-1")))

    assert _names(_libraries("liba1 (<< 2)", index)) == [("liba1", "1.10-1", 0)]


def test_the_first_alternative_that_is_there_is_taken() -> None:
    index = _index(_package("libb1"), _package("libc-two1"))

    assert _names(_libraries("liba1 | libb1 | libx1", index)) == [("libb1", "1-1", 0)]


def test_the_suite_itself_goes_before_the_one_below() -> None:
    own, below = _index(_package("liba1", version="1-1")), _index(_package("liba1", version="9-1"), _package("libb1"))

    assert _names(_libraries("liba1, libb1", own, below)) == [("liba1", "1-1", 0), ("libb1", "1-1", 1)]


def test_the_suite_below_is_not_opened_without_need() -> None:
    def refuse() -> PackagesIndex:
        raise AssertionError

    own = _index(_package("liba1"))

    found = libraries_of({"Package": "p", "Version": "1", "Depends": "liba1"}, Shelves([lambda: own, refuse]))

    assert _names(found) == [("liba1", "1-1", 0)]


def test_a_provided_library_counts_with_the_version_that_is_provided() -> None:
    index = _index(_package("liba1t64", more="Provides: liba1 (= 1.5), libother\n"))

    assert _names(_libraries("liba1 (>= 1.5)", index)) == [("liba1t64", "1-1", 0)]
    assert _libraries("liba1 (>= 1.6)", index).missing == ("liba1 (>= 1.6)",)
    assert _libraries("libother (>= 1)", index).missing == ("libother (>= 1)",)


def test_libraries_that_nobody_offers_are_named_with_their_alternatives() -> None:
    index = _index(_package("liba1", version="1-1"))

    assert _libraries("liba1 (>= 2) | libb1, libz9 [amd64]", index).missing == ("liba1 (>= 2) | libb1", "libz9")


def test_a_stanza_is_whole_wherever_its_name_stands() -> None:
    index = _index("Version: 1\nPackage: a\nDescription: x\n Package: b", "Package: b\nVersion: 2")

    assert [dict(one)["Version"] for one in index.named("a")] == ["1"]
    assert [dict(one)["Version"] for one in index.named("b")] == ["2"]
    assert index.named("c") == ()
