"""Real Debian archives, made on the spot: packages built by dpkg-deb, indexes signed by gpg."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PART = "main/binary-amd64"
MISSING = [name for name in ("gpg", "gpgv", "gpgconf", "dpkg-deb") if shutil.which(name) is None]


@dataclass(frozen=True)
class Signer:
    """A key that signs, and the public half of it as a file."""

    home: Path
    fingerprint: str

    @property
    def public(self) -> bytes:
        return _gpg(self.home, "--export", self.fingerprint)

    @property
    def armored(self) -> str:
        return _gpg(self.home, "--armor", "--export", self.fingerprint).decode()

    def clear_sign(self, text: str, *more: str) -> bytes:
        return _gpg(self.home, "--local-user", self.fingerprint, *more, "--clear-sign", stdin=text.encode())


@contextmanager
def gpg_home() -> Iterator[Path]:
    """A place for keys; gpg's agent has a socket there, whose path must be short."""
    with tempfile.TemporaryDirectory(prefix="gpg") as name:
        home = Path(name)
        try:
            yield home
        finally:
            subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, capture_output=True)


def new_signer(home: Path, user: str) -> Signer:
    _gpg(home, "--passphrase", "", "--quick-generate-key", user, "ed25519", "sign", "never")
    listed = _gpg(home, "--with-colons", "--list-keys", f"={user}").decode()
    fingerprint = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
    return Signer(home, fingerprint)


def _gpg(home: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", str(home), "--batch", "--yes", "--quiet", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


@dataclass
class Archive:
    """An archive below ``root``; nothing is there before ``publish``."""

    root: Path
    signer: Signer
    stanzas: dict[str, list[str]] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        return self.root.as_uri()

    def suite_dir(self, suite: str) -> Path:
        return self.root / "dists" / suite

    def add(self, suite: str, package: str, version: str, **fields: str) -> Path:
        """Build a package, put it into the pool and into the suite's list; return its path."""
        control = {"Package": package, "Version": version, "Architecture": "amd64", "Maintainer": "Nobody <n@invalid>"}
        control |= {"Section": "admin", "Description": package} | {k.replace("_", "-"): v for k, v in fields.items()}
        text = "".join(f"{name}: {value}\n" for name, value in control.items())
        path = self.root / "pool" / "main" / package / f"{package}_{version.partition(':')[2] or version}_amd64.deb"
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            (tree / "DEBIAN").mkdir()
            (tree / "DEBIAN" / "control").write_text(text)
            (tree / "usr" / "share" / package).mkdir(parents=True)
            (tree / "usr" / "share" / package / "version").write_text(version)
            path.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["dpkg-deb", "--root-owner-group", "--build", name, str(path)], check=True, capture_output=True
            )
        data = path.read_bytes()
        place = f"Filename: {path.relative_to(self.root)}\nSize: {len(data)}\nSHA256: {_sha256(data)}\n"
        self.stanzas.setdefault(suite, []).append(text + place)
        return path

    def drop(self, suite: str, package: str) -> None:
        self.stanzas[suite] = [one for one in self.stanzas[suite] if not one.startswith(f"Package: {package}\n")]

    def publish(
        self,
        suite: str,
        *,
        codename: str | None = None,
        signer: Signer | None = None,
        head: Mapping[str, str] | None = None,
        by_hash: bool = True,
    ) -> None:
        """Write the suite's indexes and their signed head."""
        packages = "\n".join(self.stanzas.get(suite, [])).encode()
        directory = self.suite_dir(suite)
        shutil.rmtree(directory, ignore_errors=True)
        listed = []
        for ending, data in {"": packages, ".xz": lzma.compress(packages), ".gz": gzip.compress(packages)}.items():
            path = directory / PART / f"Packages{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            hashed = path.parent / "by-hash" / "SHA256" / _sha256(data)
            hashed.parent.mkdir(parents=True, exist_ok=True)
            if by_hash:
                hashed.write_bytes(data)
            listed.append(f" {_sha256(data)} {len(data):>8} {PART}/Packages{ending}")
        fields = {
            "Origin": "Debian",
            "Suite": suite,
            "Codename": codename or suite,
            "Date": _date(NOW - timedelta(days=1)),
            "Valid-Until": _date(NOW + timedelta(days=6)),
            "Acquire-By-Hash": "yes" if by_hash else "no",
            "Components": "main",
        } | dict(head or {})
        text = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
        self.sign(suite, text + "SHA256:\n" + "\n".join(listed) + "\n", signer or self.signer)

    def sign(self, suite: str, text: str, signer: Signer, *more: str) -> None:
        (self.suite_dir(suite) / "InRelease").write_bytes(signer.clear_sign(text, *more))


def date(moment: datetime) -> str:
    return _date(moment)


def _date(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S UTC")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
