"""Archives that no installer may take: they reach out of the prefix."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVIL = {
    "a name that climbs out": "../../climbed-out",
    "an absolute name": "/tmp/tracker-contract-absolute",  # noqa: S108 - what is refused is never written
    "a link that leads out": "link",
}
FORMS = ("tar", "tar.gz", "tar.xz", "zip", "deb")


def hostile(form: str, what: str) -> bytes:
    """Return an archive of ``form`` (one of ``FORMS``) with a good member and, behind it, ``what`` of ``EVIL``."""
    makers: dict[str, Callable[[str], bytes]] = {"zip": _zip, "deb": _deb}
    return makers[form](what) if form in makers else _tar(what, form.partition(".")[2])


def _tar(what: str, compression: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        _add(archive, tarfile.TarInfo("./usr/bin/good"), b"good\n")
        evil = tarfile.TarInfo(EVIL[what])
        if what == "a link that leads out":
            evil.type, evil.linkname = tarfile.SYMTYPE, "../../../../elsewhere"
            _add(archive, evil, b"")
            evil = tarfile.TarInfo("link/through-the-link")
        _add(archive, evil, b"evil\n")
    return out.getvalue()


def _add(archive: tarfile.TarFile, info: tarfile.TarInfo, content: bytes) -> None:
    info.size, info.mode = len(content), 0o755
    archive.addfile(info, io.BytesIO(content))


def _zip(what: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("usr/bin/good", b"good\n")
        evil = zipfile.ZipInfo(EVIL[what])
        if what == "a link that leads out":
            evil.create_system, evil.external_attr = 3, 0o120777 << 16
            archive.writestr(evil, b"../../../../elsewhere")
            evil = zipfile.ZipInfo("link/through-the-link")
        archive.writestr(evil, b"evil\n")
    return out.getvalue()


def _deb(what: str) -> bytes:
    members = ((b"debian-binary", b"2.0\n"), (b"control.tar.xz", b""), (b"data.tar.xz", _tar(what, "xz")))
    return b"!<arch>\n" + b"".join(_member(name, content) for name, content in members)


def _member(name: bytes, content: bytes) -> bytes:
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
    return header + str(len(content)).encode().ljust(10) + b"`\n" + content + b"\n" * (len(content) % 2)
