"""Streams that come out of compressed ones, with bounds on ratio and memory."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Meter, Refusal

_CHUNK = 1 << 16
_XZ_MEMORY_BYTES = 512 << 20
_ZSTD_MODULES = ("compression.zstd", "backports.zstd")
_BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error)


class _Counting(io.RawIOBase):
    """Counts what is read from the compressed side."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self.count += len(data)
        return len(data)


class _BoundedDecoder(io.RawIOBase):
    """Reads one or more concatenated xz or bz2 streams, a bounded piece at a time."""

    def __init__(self, stream: IO[bytes], compression: str) -> None:
        super().__init__()
        self._stream = stream
        self._compression = compression
        self._decoder = self._new()
        self._is_fresh = True

    def _new(self) -> lzma.LZMADecompressor | bz2.BZ2Decompressor:
        if self._compression == "xz":
            return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
        return bz2.BZ2Decompressor()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while True:
            data = b""
            if self._decoder.eof:
                data = self._decoder.unused_data
                self._decoder, self._is_fresh = self._new(), True
            if not data and self._decoder.needs_input:
                data = self._stream.read(_CHUNK)
                if not data:
                    if not self._is_fresh:
                        message = "the compressed stream ends early"
                        raise EOFError(message)
                    return 0
            out = self._decoder.decompress(data, max_length=len(view))
            self._is_fresh = False
            if out:
                view[: len(out)] = out
                return len(out)


class Decompressed:
    """What tarfile reads from: counts, bounds and translates errors.

    Args:
        stream: the compressed side.
        compression: ``""``, ``"gz"``, ``"xz"``, ``"bz2"`` or ``"zst"``.
        meter: counts the whole.
        refuse: names archive and member.
    """

    def __init__(self, stream: IO[bytes], compression: str, meter: Meter, refuse: Refusal) -> None:
        self._raw = _Counting(stream)
        self._meter = meter
        self._refuse = refuse
        self._out = 0
        self._allowed = 0
        self._source = self._open(compression)

    def _open(self, compression: str) -> IO[bytes]:
        if compression == "":
            return self._raw  # type: ignore[return-value]
        if compression == "gz":
            return gzip.GzipFile(fileobj=io.BufferedReader(self._raw, _CHUNK))  # type: ignore[return-value]
        if compression in {"xz", "bz2"}:
            return io.BufferedReader(_BoundedDecoder(self._raw, compression), _CHUNK)  # type: ignore[arg-type]
        if compression == "zst":
            return self._open_zstd()
        return self._refuse(f"is compressed with {compression!r}; known are gz, xz, bz2, zst and none")

    def _open_zstd(self) -> IO[bytes]:
        for name in _ZSTD_MODULES:
            try:
                module = importlib.import_module(name)
            except ImportError:
                continue
            opened: IO[bytes] = module.ZstdFile(io.BufferedReader(self._raw, _CHUNK))
            return opened
        return self._refuse("is compressed with zstd (zst), which this Python cannot read; install backports.zstd")

    def allow(self, count: int) -> None:
        """Let ``count`` more bytes be read, and no more, before this is called again."""
        self._allowed = self._out + count

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes.

        Raises:
            UnpackError: the stream is broken, or a bound is passed.
        """
        try:
            data = self._source.read(size)
        except _BROKEN as error:
            self._refuse(f"cannot be decompressed: {error}")
        self._out += len(data)
        self._meter.count_bytes(len(data), self._refuse)
        bounds = self._meter.bounds
        if self._out > max(bounds.ratio_floor_bytes, bounds.ratio * self._raw.count):
            self._refuse(f"unpacks to more than {bounds.ratio} times its size")
        if self._out > self._allowed:
            self._refuse(f"holds a header of more than {bounds.header_bytes} bytes")
        return data
