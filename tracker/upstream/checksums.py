"""What checksum files say of an asset, and whether all that is said of it agrees."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.upstream.assets import checksum_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model import Asset, Component

_ALGORITHMS = {40: "sha1", 64: "sha256", 128: "sha512"}
_BARE = re.compile(r"([0-9A-Fa-f]{32,})")
_PLAIN = re.compile(r"\\?([0-9A-Fa-f]{32,})[ \t]+[*]?(\S.*)")
_BSD = re.compile(r"\\?([A-Za-z0-9/-]+)[ \t]*\((.+)\)[ \t]*=[ \t]*([0-9A-Fa-f]{32,})")
_POWERSHELL = re.compile(r"([A-Za-z][A-Za-z0-9]*)[ \t]+([0-9A-Fa-f]{32,})(?:[ \t]+(\S.*))?")
_CLAIM = re.compile(
    r"(?i)(?:^|[^a-z])(md5|sha-?3-?\d*|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|b2|blake\w*)(?:sums?)?"
)
_SHOWN = 12
_UPSTREAM = "the upstream itself"


def checksum_files(component: Component, asset: Asset, assets: Sequence[Asset]) -> tuple[Asset, ...]:
    """Return the files among ``assets`` that hold digests of ``asset``, in the order of the component's rules."""
    by_name = {one.name: one for one in assets}
    names = checksum_names(component, asset.name)
    return tuple(by_name[name] for name in names if name in by_name and name != asset.name)


def read_checksums(text: str, *, file_name: str, asset_name: str) -> str | None:
    """Return what a checksum file says of one asset, for ``settle``.

    Understood are the lines of ``sha256sum`` (text and binary mode, with or without a path), its BSD style, the table
    of PowerShell's ``Get-FileHash``, and a digest alone in a file that is named for its asset. A digest whose length
    is not that of the algorithm that the line or the file's name claims is not read.

    Returns:
        ``"sha256:<hex>"`` (or sha1, sha512); several with a space between, sorted, when the file tells several
        different ones; empty when it tells digests of other files and none of this one; ``None`` when it tells none.
    """
    claims = _claims(file_name, asset_name)
    told = [
        (f"{algorithm}:{digest.lower()}", name)
        for claimed, digest, name in _lines(_clean(text))
        if (algorithm := _ALGORITHMS.get(len(digest)))
        and (not claimed or _plain(claimed) == algorithm)
        and (not claims or algorithm in claims)
    ]
    own = {digest for digest, name in told if _is_of(name, asset_name, file_name)}
    if own:
        return " ".join(sorted(own))
    return "" if any(name for _, name in told) else None


def settle(asset: Asset, published: Mapping[str, str | None]) -> Asset:
    """Return ``asset`` with the digests that were published for it, or with why it must not be run.

    Its own ``digest`` is the upstream's word and stays. Where there is none, the files' SHA-256 takes its place if
    they agree. All other digests become ``further_digests``. It is distrusted when two digests of one algorithm
    differ, or when a file tells digests of others and none of it.

    Args:
        asset: with the digest that the upstream itself tells, if any.
        published: what ``read_checksums`` says, by name of the file.
    """
    told: dict[str, dict[str, str]] = {}
    own = ((digest, _UPSTREAM) for digest in (asset.digest, *asset.further_digests) if digest)
    # A digest that a file tells too is the file's word: so that settling again what was settled changes nothing.
    for digest, place in (*_told_by(published), *own):
        told.setdefault(digest.partition(":")[0], {}).setdefault(digest, place)
    problems = [_disagreement(told[algorithm]) for algorithm in sorted(told) if len(told[algorithm]) > 1]
    silent = (name for name in sorted(published) if published[name] == "")
    problems += [f"{name} tells digests of other files and none of it" for name in silent]
    short = [*told.get("sha256", ())]
    return replace(
        asset,
        digest=asset.digest or (short[0] if len(short) == 1 else None),
        further_digests=tuple(sorted(one for algorithm, ones in told.items() if algorithm != "sha256" for one in ones)),
        distrust="; ".join(filter(None, (asset.distrust, *(one for one in problems if one not in asset.distrust)))),
    )


def _told_by(published: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    for name in sorted(published):
        yield from ((digest, name) for digest in (published[name] or "").split())


def _disagreement(told: Mapping[str, str]) -> str:
    upstream_first = sorted(told.items(), key=lambda item: item[1] != _UPSTREAM)
    each = ", ".join(f"{_shortened(digest)} ({place})" for digest, place in upstream_first)
    return f"its published digests disagree: {each}"


def _shortened(digest: str) -> str:
    algorithm, _, value = digest.partition(":")
    return f"{algorithm}:{value[:_SHOWN]}..."


def checksum_text(body: bytes) -> str:
    """Return the text of a checksum file: UTF-8 or UTF-16, with or without a byte order mark."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body.removeprefix(mark).decode(encoding, errors="replace")
    return body.decode("utf-8-sig", errors="replace")


def _clean(text: str) -> str:
    # Read as UTF-8 or Latin-1, a file in UTF-16 has a NUL in every character; PowerShell writes such files.
    return text.replace("\0", "").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}\N{REPLACEMENT CHARACTER}ÿþï»¿")


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield algorithm (empty when not told), digest and name (empty when not told)."""
    for raw in re.split(r"[\r\n]+", text):
        line = raw.strip()
        if match := _BARE.fullmatch(line):
            yield "", match[1], ""
        elif match := _PLAIN.fullmatch(line):
            yield "", match[1], match[2]
        elif match := _BSD.fullmatch(line):
            yield match[1], match[3], match[2]
        elif match := _POWERSHELL.fullmatch(line):
            # A table that is wider than the screen ends in dots: then the name is not told.
            yield match[1], match[2], "" if match[3] and match[3].endswith(("...", "…")) else match[3] or ""


def _is_of(name: str, asset_name: str, file_name: str) -> bool:
    if not name:
        return file_name != asset_name and file_name.startswith(asset_name)
    return name.replace("\\", "/").rpartition("/")[2] == asset_name


def _claims(file_name: str, asset_name: str) -> set[str]:
    """Return the algorithms that the name of a checksum file claims; empty when it claims none."""
    return {_plain(match[1]) for match in _CLAIM.finditer(file_name.replace(asset_name, ""))}


def _plain(algorithm: str) -> str:
    # OpenSSL calls SHA-256 SHA2-256.
    return algorithm.lower().replace("sha2-", "sha").replace("-", "")
