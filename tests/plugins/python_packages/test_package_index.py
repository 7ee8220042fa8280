"""What a package index offers becomes releases: as JSON and as HTML, from pip's own configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.python_packages.pip_settings import read_settings

from tracker.errors import ConfigError, RefusedError, SourceError, UnreachableError
from tracker.model import AssetRole

from .conftest import Index, World, package

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("speaks_json", [True, False], ids=["json", "html"])
def test_each_version_is_a_release_with_its_wheels_and_their_digests(
    index: Index, world: World, *, speaks_json: bool
) -> None:
    index.speaks_json = speaks_json
    offer = index.offer("alpha", "1.0.1")
    index.add("alpha", "alpha-1.0.1.tar.gz", b"source")
    index.offer("alpha", "1.1rc1")

    old, new = world.look(package("alpha")).releases

    assert (old.version, old.line, old.is_prerelease) == ("1.0.1", "1.0", False)
    assert (new.version, new.line, new.is_prerelease) == ("1.1rc1", "1.1", True)
    assert [(asset.name, asset.role) for asset in old.assets] == [
        (offer.name, AssetRole.MAIN),
        ("alpha-1.0.1.tar.gz", AssetRole.OTHER),
    ]
    hashes = offer.told["hashes"]
    assert isinstance(hashes, dict)
    assert old.assets[0].digest == f"sha256:{hashes['sha256']}"
    assert old.assets[0].url == f"{index.url.removesuffix('/simple')}/files/alpha/{offer.name}"


@pytest.mark.parametrize("speaks_json", [True, False], ids=["json", "html"])
def test_a_version_that_was_yanked_is_no_release_and_its_reason_is_told(
    index: Index, world: World, *, speaks_json: bool
) -> None:
    index.speaks_json = speaks_json
    index.offer("alpha", "1.0")
    index.offer("alpha", "1.1", yanked="it eats data")

    seen = world.look(package("alpha"))

    assert [release.version for release in seen.releases] == ["1.0"]
    assert seen.remarks == ("alpha 1.1 was yanked: it eats data.",)
    assert seen.keeps_old


def test_the_time_of_a_release_is_that_of_its_first_file(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", **{"upload-time": "2026-02-03T04:05:06.7Z"})
    index.offer("alpha", "1.0", tag="cp311-cp311-linux_x86_64", **{"upload-time": "2026-02-01T00:00:00Z"})

    (release,) = world.look(package("alpha")).releases

    assert release.published_at == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_file_without_a_digest_that_can_be_trusted_is_listed_and_has_none(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", hashes={"md5": "0" * 32})

    (release,) = world.look(package("alpha")).releases

    assert release.assets[0].digest is None
    assert release.assets[0].further_digests == ()


def test_files_that_are_of_no_version_are_counted_and_set_aside(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    index.add("alpha", "alpha-1.0.exe", b"")
    index.add("alpha", "beta-1.0.tar.gz", b"")

    seen = world.look(package("alpha"))

    assert len(seen.releases[0].assets) == 1
    assert seen.remarks == ("2 files of alpha are no wheel and no source archive of it (alpha-1.0.exe, say).",)


def test_the_option_package_names_a_project_in_any_spelling(index: Index, world: World) -> None:
    index.offer("some_thing", "1.0")
    index.files["some-thing"] = index.files.pop("some_thing")

    assert [one.component for one in world.look(package("thing", package="Some.Thing")).releases] == ["thing"]


def test_a_project_that_no_index_knows_could_not_be_looked_at(world: World) -> None:
    with pytest.raises(SourceError, match="no index knows the project"):
        world.look(package("alpha"))


def test_a_further_index_may_lack_the_project_but_not_be_out_of_reach(
    index: Index, world: World, configured: Path
) -> None:
    index.offer("alpha", "1.0")
    with configured.open("a", encoding="utf-8") as file:
        file.write(f"extra-index-url =\n    {index.url}/nowhere\n    {configured.parent.as_uri()}/none\n")
    assert len(world.look(package("alpha"), {}).releases) == 1

    index.files["nowhere"] = index.files["alpha"]
    index.trouble["nowhere"] = 403
    with pytest.raises(RefusedError):
        world.look(package("alpha"), {})


def test_an_index_in_a_directory_is_read_as_pip_reads_it(index: Index, world: World, configured: Path) -> None:
    wheel = index.offer("alpha", "1.0").content
    project = configured.parent / "local" / "alpha"
    project.mkdir(parents=True)
    (project / "alpha-1.0-py3-none-any.whl").write_bytes(wheel)
    (project / "index.html").write_text('<a href="alpha-1.0-py3-none-any.whl">it</a>', encoding="utf-8")

    (release,) = world.look(package("alpha"), {"url": (configured.parent / "local").as_uri()}).releases

    assert release.assets[0].url == (project / "alpha-1.0-py3-none-any.whl").as_uri()


def test_the_password_in_pips_address_is_sent_and_never_shown(index: Index, world: World, configured: Path) -> None:
    index.offer("alpha", "1.0")
    index.password = "s3cret"  # noqa: S105 - of a server on loopback
    configured.write_text(f"[global]\nindex-url = {index.url.replace('//', '//me:s3cret@')}\n", encoding="utf-8")

    (release,) = world.look(package("alpha"), {}).releases

    assert "s3cret" not in repr(release)
    assert "s3cret" not in repr(read_settings())


def test_the_password_in_netrc_is_sent(index: Index, world: World, configured: Path) -> None:
    index.offer("alpha", "1.0")
    index.password = "s3cret"  # noqa: S105 - of a server on loopback
    netrc = configured.parent / ".netrc"
    netrc.write_text("machine localhost login me password s3cret\n", encoding="utf-8")
    netrc.chmod(0o600)

    assert len(world.look(package("alpha")).releases) == 1


def test_without_the_password_the_look_fails(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    index.password = "s3cret"  # noqa: S105 - of a server on loopback

    with pytest.raises(UnreachableError, match="401"):
        world.look(package("alpha"), {})


def test_variables_stand_over_pips_files_and_the_install_section_over_the_global_one(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured.write_text(
        "[global]\nindex-url = https://one.example/simple\ntimeout = 3\n"
        "[install]\nindex-url = https://two.example/simple\n",
        encoding="utf-8",
    )
    assert [index.url for index in read_settings().indexes] == ["https://two.example/simple"]

    monkeypatch.setenv("PIP_INDEX_URL", "https://three.example/simple/")
    settings = read_settings()
    assert [index.url for index in settings.indexes] == ["https://three.example/simple"]
    assert settings.for_pip["PIP_INDEX_URL"] == "https://three.example/simple/"
    assert settings.for_pip["PIP_TIMEOUT"] == "3"


def test_where_nothing_is_configured_the_index_is_the_one_that_pip_itself_asks(configured: Path) -> None:
    configured.write_text("", encoding="utf-8")

    (index,) = read_settings().indexes

    assert index.url.startswith("https://")
    assert index.url.endswith("/simple")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"url": 3}, "url: must be an address"),
        ({"url": "https://me:pw@index.example/simple"}, "holds a user name or a password"),
        ({"extra_urls": ["https://index.example/simple"]}, "extra_urls: must be set together with url"),
        ({"url": "ftp://index.example/simple"}, "ftp://index.example/simple: is no address of a package index"),
    ],
)
def test_an_address_that_is_none_is_refused(world: World, options: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        world.look(package("alpha"), options)


def test_no_index_at_all_is_refused_with_what_to_do(configured: Path, world: World) -> None:
    configured.write_text("[global]\nno-index = true\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="no-index"):
        world.look(package("alpha"), {})


def test_an_option_that_no_package_has_is_refused(world: World) -> None:
    with pytest.raises(ConfigError, match="component alpha: projekt is no option"):
        world.look(package("alpha", projekt="alpha"))
