"""Archives, keys and a place to look at them from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.plugins.debian.archive import MISSING, NOW, Archive, Signer, gpg_home, new_signer
from tracker.config import Config
from tracker.http import Client
from tracker.model import Component, Factor, Profile
from tracker.registry import build_registry
from tracker.store import Store
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tracker.store import Look

COMPONENTS = ("engine", "runner")


@dataclass
class Watcher:
    """Looks at archives with the real store, client and plugin; each look is a minute after the last."""

    home: Path
    options: dict[str, object]
    store: Store
    http: Client
    now: datetime = NOW
    seen: list[Look] = field(default_factory=list)

    def look(self) -> dict[str, Look]:
        components = {
            name: Component(
                name=name,
                title=name,
                source="debian",
                scheme="debian",
                installer="deb",
                options={"package": f"{name}-bin"},
            )
            for name in COMPONENTS
        }
        profile = Profile(
            name="test",
            title="test",
            factors=tuple(Factor(name=name, title=name, components=(name,)) for name in COMPONENTS),
            scenario="none",
            capabilities=(),
            required=(),
            host_key=(),
            source_options={"debian": {"architecture": "amd64"}},
        )
        registry = replace(build_registry(), components=components, profiles={"test": profile})
        config = Config(home=self.home, site_dir=self.home / "site", sources={"debian": self.options})
        self.now += timedelta(minutes=1)
        poll_all(registry, profile, config, self.store, self.http, now=lambda: self.now, on_event=self.seen.append)
        return {look.target: look for look in self.seen if look.looked_at == self.now}

    def versions(self) -> dict[str, list[str]]:
        """What is offered now, by component."""
        stored = self.store.releases(offered_only=True)
        return {name: [one.release.version for one in stored if one.release.component == name] for name in COMPONENTS}


@pytest.fixture(autouse=True)
def apt_dir(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of an apt configuration that is the test's own and empty; the machine's for a marked test."""
    directory = tmp_path / "apt"
    if request.node.get_closest_marker("archive") is None:
        (directory / "sources.list.d").mkdir(parents=True)
        (directory / "apt.conf.d").mkdir()
        (directory / "first.conf").write_text(f'Dir::Etc "{directory}";\nAPT::Architecture "amd64";\n')
        monkeypatch.setenv("APT_CONFIG", str(directory / "first.conf"))
    return directory


@pytest.fixture(scope="session")
def keys() -> Iterator[tuple[Signer, Signer]]:
    """Two signing keys: the archive's, and somebody else's."""
    if MISSING:
        pytest.skip(f"not installed: {', '.join(MISSING)}")
    with gpg_home() as home:
        yield new_signer(home, "Archive <archive@example.invalid>"), new_signer(home, "Stranger <s@example.invalid>")


@pytest.fixture
def signer(keys: tuple[Signer, Signer]) -> Signer:
    return keys[0]


@pytest.fixture
def stranger(keys: tuple[Signer, Signer]) -> Signer:
    return keys[1]


@pytest.fixture
def archive(tmp_path: Path, signer: Signer) -> Archive:
    """An archive with one suite and both packages, one of which needs a library."""
    archive = Archive(tmp_path / "archive", signer)
    archive.add("stable", "engine-bin", "1.0~ds1-1", Depends="runner-bin, libc6 (>= 2.3)")
    archive.add("stable", "runner-bin", "2.0-1", Depends="libfast1 (>= 1.2), libc6")
    archive.add("stable", "libfast1", "1.2-1", Section="libs", Depends="libdeep2 | libother2, libc6")
    archive.add("stable", "libdeep2", "3-1", Section="libs")
    archive.publish("stable", codename="bookworm")
    return archive


@pytest.fixture
def keyring(tmp_path: Path, signer: Signer) -> Path:
    path = tmp_path / "keyring.gpg"
    path.write_bytes(signer.public)
    return path


@pytest.fixture
def watcher(tmp_path: Path, archive: Archive, keyring: Path) -> Iterator[Watcher]:
    """Looks at the archive's suite ``stable``."""
    options: dict[str, object] = {"mirror": archive.uri, "suites": ["stable"], "keyring": str(keyring)}
    config = Config(home=tmp_path / "home", site_dir=tmp_path / "site")
    config.home.mkdir()
    with Store.open(config.store_path) as store, Client(config.network) as http:
        yield Watcher(config.home, options, store, http)
