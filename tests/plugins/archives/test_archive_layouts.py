"""Releases as their upstreams lay them out, installed for the bundled components of Windows."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

import pytest

from tests.plugins.archives.conftest import Shop, packed_tar, packed_zip
from tracker.errors import SmokeError, UnpackError
from tracker.model import AssetRole, Component
from tracker.registry import build_registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SHIM = "bin/containerd-shim-runhcs-v1.exe"
_PLUGINS = ("win-bridge.exe", "win-overlay.exe", "host-local.exe", "flannel.exe", "LICENSE", "README.md")


def _containerd() -> str:
    """Return the name of the component, which Debian's packages of the same software do not share."""
    (name,) = build_registry().profiles["windows-containers"].factor("containerd").components
    return name


def _has_zstd() -> bool:
    for name in ("compression.zstd", "backports.zstd"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
            return True
    return False


def _held(prefix: Path) -> set[str]:
    return {path.relative_to(prefix).as_posix() for path in prefix.rglob("*") if path.is_file() and path.name[0] != "."}


def test_containerd_lies_below_bin(
    shop: Shop, tree: Callable[..., Path], program: Callable[[str], bytes], tmp_path: Path
) -> None:
    paths = ("bin/containerd.exe", "bin/ctr.exe", _SHIM, "bin/containerd-stress.exe")
    archive = packed_tar(tree(*paths), tmp_path / "containerd-2.1.4-windows-amd64.tar.gz", "-z", "bin")

    prefix = shop.install(_containerd(), archive)

    assert _held(prefix) == set(paths)
    assert (prefix / "bin/ctr.exe").read_bytes() == program("ctr.exe")
    assert (prefix / "bin/ctr.exe").stat().st_mode & 0o100


def test_nerdctl_lies_flat(shop: Shop, tree: Callable[..., Path], tmp_path: Path) -> None:
    archive = packed_tar(tree("nerdctl.exe"), tmp_path / "nerdctl-2.1.3-windows-amd64.tar.gz", "-z", "nerdctl.exe")

    assert _held(shop.install("nerdctl", archive)) == {"nerdctl.exe"}


def test_the_network_plugins_of_windows_lie_flat_in_a_zip(
    shop: Shop, tree: Callable[..., Path], program: Callable[[str], bytes], tmp_path: Path
) -> None:
    names = ("nat.exe", "sdnbridge.exe", "sdnoverlay.exe")
    archive = packed_zip(tree(*names), tmp_path / "windows-container-networking-cni-amd64-v0.3.1.zip")

    prefix = shop.install("windows-container-networking", archive)

    assert _held(prefix) == set(names)
    assert (prefix / "nat.exe").read_bytes() == program("nat.exe")
    assert (prefix / "nat.exe").stat().st_mode & 0o111


@pytest.mark.parametrize("names", [(".",), _PLUGINS], ids=["with ./ before each name", "plain names"])
def test_the_reference_plugins_lie_flat_beside_their_texts(
    names: tuple[str, ...], shop: Shop, tree: Callable[..., Path], tmp_path: Path
) -> None:
    archive = packed_tar(tree(*_PLUGINS), tmp_path / "cni-plugins-windows-amd64-v1.7.1.tgz", "-z", *names)

    assert _held(shop.install("containernetworking-plugins", archive)) == set(_PLUGINS)


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("tool.tar", "--no-auto-compress"),
        ("tool.tar.gz", "--gzip"),
        ("tool.tgz", "--gzip"),
        ("tool.tar.xz", "--xz"),
        ("tool.txz", "--xz"),
        ("tool.tar.bz2", "--bzip2"),
        ("TOOL.TAR.GZ", "--gzip"),
    ],
)
def test_the_name_of_a_file_says_how_it_is_packed(
    name: str, option: str, shop: Shop, tree: Callable[..., Path], tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs(option.strip("-") if "no" not in option else "tar")
    archive = packed_tar(tree("nerdctl.exe"), tmp_path / name, option, "nerdctl.exe")

    assert _held(shop.install("nerdctl", archive)) == {"nerdctl.exe"}


def test_zstd_is_unpacked_or_said_to_need_another_package(
    shop: Shop, tree: Callable[..., Path], tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("zstd")
    archive = packed_tar(tree("nerdctl.exe"), tmp_path / "tool.tar.zst", "--zstd", "nerdctl.exe")

    if _has_zstd():
        assert _held(shop.install("nerdctl", archive)) == {"nerdctl.exe"}
    else:
        with pytest.raises(UnpackError, match=r"tool\.tar\.zst: .*install backports\.zstd"):
            shop.install("nerdctl", archive)


def test_files_beside_the_release_are_not_unpacked(shop: Shop, tree: Callable[..., Path], tmp_path: Path) -> None:
    archive = packed_tar(tree("nerdctl.exe"), tmp_path / "nerdctl.tar.gz", "-z", "nerdctl.exe")
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("0 nerdctl.tar.gz", encoding="utf-8")

    prefix = shop.install("nerdctl", archive, sums, roles=[AssetRole.MAIN, AssetRole.CHECKSUM])

    assert _held(prefix) == {"nerdctl.exe"}


def test_a_release_without_a_file_of_its_own_is_no_release(shop: Shop, tmp_path: Path) -> None:
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("0 nerdctl.tar.gz", encoding="utf-8")

    with pytest.raises(SmokeError, match=r"nerdctl 1\.0\.0: has no file of its own"):
        shop.install("nerdctl", sums, roles=[AssetRole.CHECKSUM])


def test_an_archive_of_something_else_says_what_it_holds_and_what_was_looked_for(
    shop: Shop, tree: Callable[..., Path], tmp_path: Path
) -> None:
    archive = packed_tar(tree("linux/nat", "README.md"), tmp_path / "wcn.tar.gz", "-z", ".")

    with pytest.raises(SmokeError) as caught:
        shop.install("windows-container-networking", archive)

    said = str(caught.value)
    assert "wcn.tar.gz holds none of nat.exe, sdnbridge.exe, sdnoverlay.exe; it holds " in said
    assert {"linux", "linux/nat", "README.md"} == set(said.splitlines()[0].rpartition("it holds ")[2].split(", "))
    assert not any(tmp_path.glob("prefixes/[!.]*/*"))


def test_an_archive_of_nothing_holds_nothing(shop: Shop, tmp_path: Path, tree: Callable[..., Path]) -> None:
    archive = packed_tar(tree("x"), tmp_path / "empty.tar", "--exclude=*", ".")

    with pytest.raises(SmokeError, match="it holds nothing"):
        shop.install("nerdctl", archive)


def test_of_many_files_a_few_are_named_and_the_rest_counted(
    shop: Shop, tree: Callable[..., Path], tmp_path: Path
) -> None:
    archive = packed_zip(tree(*(f"{number:02}.txt" for number in range(30))), tmp_path / "many.zip")

    with pytest.raises(SmokeError, match="and 18 more"):
        shop.install("nerdctl", archive)


def test_a_program_that_lies_deeper_than_it_is_looked_for_is_not_found(
    shop: Shop, tree: Callable[..., Path], tmp_path: Path
) -> None:
    archive = packed_tar(tree("nerdctl-2.1/nerdctl.exe"), tmp_path / "nerdctl.tar", "--no-auto-compress", ".")

    with pytest.raises(SmokeError, match=r"it holds nerdctl-2\.1, nerdctl-2\.1/nerdctl\.exe"):
        shop.install("nerdctl", archive)


def test_a_component_without_named_programs_takes_whatever_comes(
    shop: Shop, tree: Callable[..., Path], tmp_path: Path
) -> None:
    component = Component(name="tool", title="", source="", scheme="", installer="archive")
    archive = packed_zip(tree("one.exe", "two.txt"), tmp_path / "tool.zip")

    assert _held(shop.install(component, archive)) == {"one.exe", "two.txt"}


def test_two_files_of_one_release_lie_beside_each_other(shop: Shop, tree: Callable[..., Path], tmp_path: Path) -> None:
    root = tree("nat.exe", "sdnbridge.exe")
    one = packed_tar(root, tmp_path / "one.tgz", "-z", "nat.exe")
    two = packed_tar(root, tmp_path / "two.tgz", "-z", "sdnbridge.exe")

    assert _held(shop.install("windows-container-networking", one, two)) == {"nat.exe", "sdnbridge.exe"}


@pytest.mark.parametrize("name", ["nerdctl.tar.gz", "nerdctl.zip", "nerdctl.tar", "nerdctl.tar.xz"])
def test_a_page_that_came_instead_of_an_archive_is_named_by_the_release_and_the_file(
    name: str, shop: Shop, tmp_path: Path
) -> None:
    page = tmp_path / name
    page.write_text("<html>Not found</html>" * 99, encoding="utf-8")

    with pytest.raises(UnpackError, match=rf"^nerdctl 1\.0\.0: {name}: ") as caught:
        shop.install("nerdctl", page)

    assert str(caught.value).count("nothing of it was installed") == 1
    assert not any(tmp_path.glob("prefixes/[!.]*/*"))


def test_an_archive_that_is_cut_off_leaves_no_prefix(shop: Shop, tree: Callable[..., Path], tmp_path: Path) -> None:
    archive = packed_tar(tree("nerdctl.exe"), tmp_path / "nerdctl.tar.gz", "-z", "nerdctl.exe")
    archive.write_bytes(archive.read_bytes()[:-300])

    with pytest.raises(UnpackError):
        shop.install("nerdctl", archive)

    assert not any(tmp_path.glob("prefixes/[!.]*/*"))
