"""Against Debian's docker-registry, and skopeo as a second opinion."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins.oci.images import image, index
from tracker.errors import SourceError
from tracker.model import TagRule
from tracker.protocols import NoNews

if TYPE_CHECKING:
    from tests.plugins.oci.conftest import Eye
    from tests.plugins.oci.real import RealRegistry

_LTSC = TagRule(version=r"ltsc(?P<version>\d{4})", line=r"\d{4}")
_OLD = image(os_version="10.0.17763.6532")
_NEW = image(os_version="10.0.20348.2849")
_LINUX = image("linux")


def _skopeo(*arguments: str) -> Any:  # noqa: ANN401 - whatever its JSON holds
    if shutil.which("skopeo") is None:
        pytest.skip("not installed: skopeo")
    said = subprocess.run(["skopeo", *arguments], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


@pytest.mark.parametrize("docker", [False, True], ids=["OCI's kinds", "Docker's kinds"])
def test_an_index_is_a_release_with_an_image_for_each_platform(eye: Eye, real: RealRegistry, *, docker: bool) -> None:
    new, linux = image(os_version="10.0.20348.2849", docker=docker), image("linux", docker=docker)
    whole = index(linux.manifest, new.manifest, docker=docker)
    real.push_index("ltsc2022", whole, new, linux)

    observed = eye.look(real.image, "ltsc2022")

    (release,) = observed.releases
    assert observed.keeps_old
    assert observed.remarks == ()
    assert (release.version, release.line, release.channel) == ("ltsc2022", "ltsc2022", real.image)
    assert (release.url, release.commit) == (f"docker://{real.image}:ltsc2022", "")
    assert [(one.name, one.platform, one.os_version) for one in release.assets] == [
        ("ltsc2022 linux/amd64", "linux/amd64", ""),
        ("ltsc2022 windows/amd64 10.0.20348.2849", "windows/amd64", "10.0.20348.2849"),
    ]
    for asset, each in zip(release.assets, (linux, new), strict=True):
        assert asset.url == f"docker://{real.image}@{each.manifest.digest}"
        assert (asset.digest, asset.size) == (each.manifest.digest, len(each.manifest.body))
        assert asset.revision == whole.digest


def test_only_the_wanted_system_is_told(eye: Eye, real: RealRegistry) -> None:
    real.push_index("ltsc2022", index(_LINUX.manifest, _NEW.manifest), _NEW, _LINUX)
    real.push_image("other", _LINUX)

    observed = eye.look(real.image, "ltsc2022 other", platform_os="windows")

    assert [[one.platform for one in release.assets] for release in observed.releases] == [["windows/amd64"]]
    assert observed.remarks == ("Tag other has no image for windows.",)


def test_a_plain_manifest_tells_its_platform_in_its_configuration(eye: Eye, real: RealRegistry) -> None:
    real.push_image("ltsc2022-amd64", _NEW)

    (release,) = eye.look(real.image, "ltsc2022-amd64").releases

    (asset,) = release.assets
    assert (asset.platform, asset.os_version, asset.digest) == (
        "windows/amd64",
        "10.0.20348.2849",
        _NEW.manifest.digest,
    )
    assert asset.revision == _NEW.manifest.digest
    assert release.published_at == datetime(2026, 11, 10, 12, 0, 0, 123456, tzinfo=UTC)


def test_the_rule_chooses_tags_from_the_list_and_reads_their_versions(eye: Eye, real: RealRegistry) -> None:
    for tag, each in {"ltsc2022": _NEW, "ltsc2019": _OLD, "latest": _NEW, "1809": _OLD}.items():
        real.push_image(tag, each)

    observed = eye.look(real.image, rule=_LTSC)

    assert sorted((one.version, one.line) for one in observed.releases) == [("2019", "2019"), ("2022", "2022")]
    listed = _skopeo("list-tags", "--tls-verify=false", f"docker://{real.image}")
    assert sorted(listed["Tags"]) == ["1809", "latest", "ltsc2019", "ltsc2022"]


def test_skopeo_reads_the_same(eye: Eye, real: RealRegistry) -> None:
    real.push_index("ltsc2022", index(_LINUX.manifest, _NEW.manifest), _NEW, _LINUX)

    (release,) = eye.look(real.image, "ltsc2022").releases

    raw = _skopeo("inspect", "--raw", "--tls-verify=false", release.url)
    assert sorted(one["digest"] for one in raw["manifests"]) == sorted(one.digest or "" for one in release.assets)
    for asset in release.assets:
        config = _skopeo("inspect", "--raw", "--config", "--tls-verify=false", asset.url)
        assert f"{config['os']}/{config['architecture']}" == asset.platform
        assert config.get("os.version", "") == asset.os_version


def test_a_second_look_is_no_news_until_a_tag_moves(eye: Eye, real: RealRegistry) -> None:
    real.push_image("ltsc2022", _NEW)
    real.push_image("ltsc2019", _OLD)
    eye.look(real.image, "ltsc2022 ltsc2019")

    assert isinstance(eye.glance(real.image, "ltsc2022 ltsc2019"), NoNews)

    newer = image(os_version="10.0.20348.2966")
    real.push_image("ltsc2022", newer)
    moved = {one.version: one for one in eye.look(real.image, "ltsc2022 ltsc2019").releases}
    assert [one.digest for one in moved["ltsc2022"].assets] == [newer.manifest.digest]
    assert [one.digest for one in moved["ltsc2019"].assets] == [_OLD.manifest.digest]


def test_a_tag_that_is_not_there_is_said_and_the_others_are_told(eye: Eye, real: RealRegistry) -> None:
    real.push_image("ltsc2022", _NEW)

    observed = eye.look(real.image, "ltsc2022 ltsc2099")

    assert [one.version for one in observed.releases] == ["ltsc2022"]
    assert observed.remarks == ("Tag ltsc2099 is not there.",)


def test_an_image_that_does_not_exist_is_an_error(eye: Eye, real: RealRegistry) -> None:
    with pytest.raises(SourceError, match="has none of the tags that are watched"):
        eye.look(real.image, "ltsc2022")
    with pytest.raises(SourceError, match="the registry has no such image"):
        eye.look(real.image, rule=_LTSC)
