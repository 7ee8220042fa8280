"""The decompressors of single streams, each behind the interface that ``bz2`` and ``lzma`` share."""

from __future__ import annotations

import bz2
import importlib
import lzma
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.smoke.unpack.bounds import Refusal

MEMORY_BYTES = 128 << 20
"""What a stream may make its reader keep; ``xz -9`` needs 65 MiB, and ``zstd --ultra -22`` 128."""
_ZSTD_WINDOW_LOG = 27
_ZSTD_MODULES = ("compression.zstd", "backports.zstd")
KNOWN = ("gz", "xz", "bz2", "zst", "lzma")
PADDED = frozenset({"gz", "xz"})
"""Compressions whose streams may be followed by zeros."""


class Codec(Protocol):
    """Decompresses one stream, a bounded piece at a time."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether more must be given to get more."""

    @property
    def unused_data(self) -> bytes:
        """What was given and lies behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take ``data`` and return at most ``max_length`` bytes."""


class _Gzip:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


def codec_of(compression: str, refuse: Refusal) -> tuple[Callable[[], Codec], tuple[type[Exception], ...]]:
    """Return what makes a decompressor for one stream, and the errors by which it says that the stream is broken.

    Raises:
        UnpackError: the compression is not known, or this Python cannot read it.
    """
    if compression == "gz":
        return _Gzip, (zlib.error,)
    if compression == "bz2":
        return bz2.BZ2Decompressor, (OSError, EOFError)
    if compression in {"xz", "lzma"}:
        form = lzma.FORMAT_XZ if compression == "xz" else lzma.FORMAT_ALONE
        return lambda: lzma.LZMADecompressor(format=form, memlimit=MEMORY_BYTES), (lzma.LZMAError, EOFError)
    if compression == "zst":
        return _zstd(refuse)
    return refuse(f"is compressed with {compression!r}; known are {', '.join(KNOWN)} and none")


def _zstd(refuse: Refusal) -> tuple[Callable[[], Codec], tuple[type[Exception], ...]]:
    module = next(filter(None, map(_module, _ZSTD_MODULES)), None)
    if module is None:
        return refuse("is compressed with zstd (zst), which this Python cannot read; install backports.zstd")
    options = {module.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    return partial(module.ZstdDecompressor, options=options), (module.ZstdError, EOFError)


def _module(name: str) -> Any:  # noqa: ANN401 - which of two it is, the Python decides
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
