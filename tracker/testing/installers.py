"""What every installer must do."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from tracker.errors import SmokeError
from tracker.model import Asset, AssetRole, Release
from tracker.protocols import InstallRequest
from tracker.smoke.unpack import PrefixUnpacker
from tracker.testing.hostile import EVIL, FORMS, hostile
from tracker.testing.http import FakeHttp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model import Component
    from tracker.protocols import HttpClient, Installer


class InstallerContract:
    """Derive from it, and say:

    - ``installer``: the object that the plugin registers;
    - ``archives``: which of ``tar``, ``tar.gz``, ``tar.xz``, ``zip``, ``deb`` it unpacks; empty where it unpacks none;
    - fixture ``component``: what is installed, with its ``binaries``;
    - fixture ``files``: the files of a good release, main file first (for an installer that fetches by itself: the
      fixtures ``release`` and ``http`` instead).
    """  # noqa: D415 - a list follows

    installer: ClassVar[Installer]
    archives: ClassVar[tuple[str, ...]]

    @pytest.fixture
    def component(self) -> Component:
        """Return what is installed."""
        raise NotImplementedError

    @pytest.fixture
    def files(self) -> Sequence[Path]:
        """Return the files of a good release."""
        return ()

    @pytest.fixture
    def http(self) -> HttpClient:
        """Return the client for an installer that fetches."""
        return FakeHttp({})

    @pytest.fixture
    def release(self, component: Component, files: Sequence[Path]) -> Release:
        """Return the release that consists of ``files``."""
        return _release(component, files)

    @pytest.fixture
    def install(self, tmp_path: Path, component: Component, http: HttpClient) -> _Installing:
        """Return how to install a release as the host does."""
        return _Installing(self.installer, component, http, tmp_path / "home")

    def test_it_says_whether_it_fetches(self) -> None:
        assert self.installer.name
        assert isinstance(self.installer.fetches, bool)
        assert set(self.archives) <= set(FORMS)

    def test_it_fills_its_staging_directory_and_nothing_else(
        self,
        install: _Installing,
        release: Release,
        files: Sequence[Path],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        before = _tree(tmp_path)

        staging = install(release, files, "staging")

        assert _tree(staging), "nothing is installed"
        inside = staging.relative_to(tmp_path).as_posix()
        after = {name: what for name, what in _tree(tmp_path).items() if not f"{name}/".startswith(f"{inside}/")}
        assert {name: what for name, what in after.items() if name != "home"} == before

    def test_the_programs_of_the_component_are_there(
        self, install: _Installing, release: Release, files: Sequence[Path], component: Component
    ) -> None:
        staging = install(release, files, "staging")

        for name, places in component.binaries.items():
            found = [staging / place for place in places if (staging / place).is_file()]
            assert found, f"{name} is in none of its places"
            assert os.access(found[0], os.X_OK), f"{found[0].name} cannot be executed"

    def test_the_same_files_give_the_same_tree(
        self, install: _Installing, release: Release, files: Sequence[Path]
    ) -> None:
        one, two = (_tree(install(release, files, name)) for name in ("one", "two"))

        assert one == two

    @pytest.mark.parametrize("what", EVIL)
    def test_a_hostile_archive_is_refused(
        self, install: _Installing, component: Component, tmp_path: Path, what: str
    ) -> None:
        for form in self.archives:
            path = tmp_path / f"{component.name}-1.{form}"
            path.write_bytes(hostile(form, what))
            before = _tree(tmp_path)

            with pytest.raises(SmokeError):
                install(_release(component, (path,)), (path,), f"staging-{form}")

            assert not Path(EVIL["an absolute name"]).exists()
            after = {name: what for name, what in _tree(tmp_path).items() if not name.startswith("home")}
            assert after == {name: what for name, what in before.items() if not name.startswith("home")}

    def test_an_archive_that_ends_too_early_is_refused(
        self, install: _Installing, release: Release, files: Sequence[Path]
    ) -> None:
        for path in files[: 1 if self.archives else 0]:
            whole = path.read_bytes()
            for part in (len(whole) // 2, len(whole) // 10, 0):
                path.write_bytes(whole[:part])
                with pytest.raises(SmokeError):
                    install(release, files, f"staging-{part}")


class _Installing:
    """Installs as the host does, but keeps what an installer left in the staging directory."""

    def __init__(self, installer: Installer, component: Component, http: HttpClient, home: Path) -> None:
        self._installer = installer
        self._component = component
        self._http = http
        self._home = home

    def __call__(self, release: Release, files: Sequence[Path], name: str) -> Path:
        staging = self._home / name
        staging.mkdir(parents=True)
        given = {} if self._installer.fetches else dict(zip(release.assets, files, strict=True))
        self._installer.install(
            InstallRequest(
                component=self._component,
                release=release,
                files=given,
                staging=staging,
                prefix=self._home / "prefix",
                unpacker=PrefixUnpacker(staging),
                http=self._http,
            )
        )
        assert not (self._home / "prefix").exists(), "the final directory is the host's to make"
        return staging


def _release(component: Component, files: Sequence[Path]) -> Release:
    assets = tuple(
        Asset(
            name=path.name,
            url=f"https://upstream.invalid/{path.name}",
            size=path.stat().st_size,
            digest=f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
            role=AssetRole.LIBRARY if index else AssetRole.MAIN,
        )
        for index, path in enumerate(files)
    )
    return Release(
        component=component.name, version="1", upstream_version="1", line="1", channel="contract", assets=assets
    )


def _tree(root: Path) -> Mapping[str, object]:
    """Return all that lies below ``root``, with kind, mode and content."""
    found: dict[str, object] = {}
    for directory, directories, names in os.walk(root):
        for name in (*directories, *names):
            path = Path(directory, name)
            state = path.lstat()
            content: object = ""
            if path.is_symlink():
                content = path.readlink()
            elif path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.relative_to(root).as_posix()] = (oct(state.st_mode), content)
    return found
