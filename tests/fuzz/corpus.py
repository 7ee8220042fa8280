"""Seeds for the fuzzer: small archives made by the machine's own programs, and by Python where those are missing."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL = "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n"
_TARS: tuple[tuple[int, Sequence[str]], ...] = (
    *((0, ("tar", f"--format={form}", "-cf", "{to}", ".")) for form in ("v7", "oldgnu", "gnu", "pax", "ustar")),
    *((0, ("bsdtar", f"--format={form}", "-cf", "{to}", ".")) for form in ("pax", "gnutar", "ustar")),
    (0, ("tar", "--sparse", "--format=pax", "-cf", "{to}", ".")),
    (0, ("7z", "a", "-bd", "-ttar", "{to}", ".")),
    (1, ("tar", "-czf", "{to}", ".")),
    (2, ("tar", "-cJf", "{to}", ".")),
    (3, ("tar", "-cjf", "{to}", ".")),
    (4, ("tar", "--zstd", "-cf", "{to}", ".")),
    (5, ("sh", "-c", "tar -c . | xz --format=lzma -c >{to}")),
)
_ZIPS = (("zip", "-qr", "{to}", "."), ("zip", "-qr0", "{to}", "."), ("bsdtar", "--format=zip", "-cf", "{to}", "."))
_DEBS = tuple(("dpkg-deb", f"-Z{kind}", "--build", ".", "{to}") for kind in ("none", "gzip", "xz"))


def write(form: str, directory: Path) -> None:
    """Write the seeds of ``form`` (``tar``, ``zip`` or ``deb``) into ``directory``, which is made."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(_seeds(form)):
        (directory / f"seed-{number}").write_bytes(data)


def _seeds(form: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as made:
        tree = Path(made, "tree")
        _plant(tree, form)
        commands = {"tar": _TARS, "zip": [(None, one) for one in _ZIPS], "deb": [(None, one) for one in _DEBS]}[form]
        for number, (choice, command) in enumerate(commands):
            target = Path(made, f"{number}.{form}")
            if shutil.which(command[0]) is None:
                continue
            filled = [part.replace("{to}", str(target)) for part in command]
            subprocess.run(filled, cwd=tree, check=True, capture_output=True)
            head = b"" if choice is None else bytes([choice])
            yield head + target.read_bytes()
    if form == "tar":
        yield b"\0" + _python_tar()
    if form == "zip":
        yield _python_zip()


def _plant(tree: Path, form: str) -> None:
    (tree / "bin").mkdir(parents=True)
    (tree / "bin/tool").write_bytes(b"tool" * 30)
    if form != "zip":
        (tree / "bin/same").hardlink_to(tree / "bin/tool")
        (tree / "bin/link").symlink_to("tool")
        (tree / "up").symlink_to("bin/../bin/link")
    if form == "deb":
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(_CONTROL, encoding="utf-8")


def _python_tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "made"}) as archive:
        for name in ("ünï", "long" * 40):
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    return out.getvalue()


def _python_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ünï/x", b"abc")
        archive.writestr("d/", b"")
        with archive.open("streamed", "w", force_zip64=True) as member:
            member.write(b"x" * 100)
    return out.getvalue()
