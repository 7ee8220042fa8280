"""Programs by themselves: a release that is no archive, and a file that somebody built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.archives.conftest import Shop, packed_zip
from tracker.config import Config
from tracker.errors import SmokeError
from tracker.model import Component
from tracker.passes.local_artifacts import take_local_files
from tracker.passes.workplace import Workplace
from tracker.registry import build_registry
from tracker.smoke.prefixes import PrefixPlan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WCN = "windows-container-networking"


def _install_pinned(shop: Shop, home: Path, pin: str) -> Path:
    """Install what a person named by ``cni=`` with ``pin``, as the command ``smoke`` does."""
    registry = build_registry()
    place = Workplace(
        config=Config(home=home, site_dir=home / "site"),
        registry=registry,
        profile=registry.profiles["windows-containers"],
    )
    with place.open_store(create=True) as store:
        take_local_files(place, store, {"cni": pin})
        (stored,) = store.releases(_WCN)
    component = registry.components[_WCN]
    installer = registry.installers[component.installer]
    release = stored.release.to_install("windows/amd64")
    return shop.prefixes.ensure(PrefixPlan(component=component, release=release, installer=installer))


def test_a_nat_exe_of_ones_own_stands_for_the_network_plugins(
    shop: Shop, program: Callable[[str], bytes], tmp_path: Path
) -> None:
    built = tmp_path / "out" / "nat.exe"
    built.parent.mkdir()
    built.write_bytes(program("nat.exe"))
    built.chmod(0o600)

    prefix = _install_pinned(shop, tmp_path / "home", f"{_WCN}@file:{built}")

    assert (prefix / "nat.exe").read_bytes() == program("nat.exe")
    assert (prefix / "nat.exe").stat().st_mode & 0o111
    assert [path.name for path in prefix.iterdir() if path.name[0] != "."] == ["nat.exe"]


def test_a_zip_of_ones_own_stands_for_them_too(shop: Shop, tree: Callable[..., Path], tmp_path: Path) -> None:
    built = packed_zip(tree("nat.exe", "sdnbridge.exe"), tmp_path / "my build (2).zip")

    prefix = _install_pinned(shop, tmp_path / "home", f"{_WCN}@file:{built}")

    assert {path.name for path in prefix.glob("*.exe")} == {"nat.exe", "sdnbridge.exe"}


@pytest.mark.parametrize("name", ["mynat.exe", "nat", "nat-amd64.exe", "NUL", "containerd.exe", "wcn.7z", "nat.exe.gz"])
def test_a_program_of_another_name_is_refused_with_the_names_that_it_may_have(
    name: str, shop: Shop, tmp_path: Path
) -> None:
    built = tmp_path / name
    built.write_bytes(b"MZ")

    with pytest.raises(SmokeError, match=r"nat\.exe, sdnbridge\.exe, sdnoverlay\.exe") as caught:
        _install_pinned(shop, tmp_path / "home", f"{_WCN}@file:{built}")

    assert f"the file {name} is no archive that is known here" in str(caught.value)
    assert "Give the file the name of the program that it is" in str(caught.value)


def test_the_case_of_a_name_does_not_matter_and_the_program_is_found(shop: Shop, tmp_path: Path) -> None:
    built = tmp_path / "NAT.EXE"
    built.write_bytes(b"MZ")

    prefix = _install_pinned(shop, tmp_path / "home", f"{_WCN}@file:{built}")

    assert [path.name for path in prefix.iterdir() if path.name[0] != "."] == ["nat.exe"]


def test_a_bare_program_lies_where_it_is_looked_for(shop: Shop, tmp_path: Path) -> None:
    component = Component(
        name="tool", title="", source="", scheme="", installer="", binaries={"ctr": ("bin/ctr.exe", "ctr.exe")}
    )
    built = tmp_path / "ctr.exe"
    built.write_bytes(b"MZ")

    prefix = shop.install(component, built)

    assert (prefix / "bin/ctr.exe").read_bytes() == b"MZ"


def test_a_bare_program_of_a_component_without_named_programs_keeps_its_name(shop: Shop, tmp_path: Path) -> None:
    built = tmp_path / "runc.amd64"
    built.write_bytes(b"\x7fELF")
    component = Component(name="tool", title="", source="", scheme="", installer="")

    prefix = shop.install(component, built)

    assert (prefix / "runc.amd64").stat().st_mode & 0o100
