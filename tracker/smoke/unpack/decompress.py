"""Streams that come out of compressed ones, with bounds on ratio, number and memory."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, cast

from tracker.smoke.unpack.codecs import PADDED, codec_of

if TYPE_CHECKING:
    from tracker.smoke.unpack.bounds import Meter, Refusal

_CHUNK = 1 << 16


class _Counting(io.RawIOBase):
    """Counts what is read from the compressed side."""

    def __init__(self, stream: IO[bytes], refuse: Refusal) -> None:
        super().__init__()
        self._stream = stream
        self._refuse = refuse
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except OSError as error:
            self._refuse(f"cannot be read: {error.strerror or error}")
        view[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Streams(io.RawIOBase):
    """Reads one or more streams of one compression behind each other, a bounded piece at a time."""

    def __init__(self, stream: IO[bytes], compression: str, most: int, refuse: Refusal) -> None:
        super().__init__()
        self._stream = stream
        self._refuse = refuse
        self._most = most
        self._count = 1
        self._make, self._broken = codec_of(compression, refuse)
        self._is_padded = compression in PADDED
        self._codec = self._make()
        self._given = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._codec.eof or self._begin():
            is_hungry = self._codec.needs_input
            given, self._given = self._given, b""
            if is_hungry and not given:
                given = self._stream.read(_CHUNK)
            try:
                out = self._codec.decompress(given, len(view))
            except self._broken as error:
                self._refuse(f"cannot be decompressed: {error}")
            if out:
                view[: len(out)] = out
                return len(out)
            if is_hungry and not given and not self._codec.eof:
                self._refuse("cannot be decompressed: it ends early")
        return 0

    def _begin(self) -> bool:
        """Begin with the stream that follows; false when there is none."""
        rest = self._codec.unused_data or self._stream.read(_CHUNK)
        while self._is_padded and rest and not (rest := rest.lstrip(b"\0")):
            rest = self._stream.read(_CHUNK)
        if not rest:
            return False
        self._count += 1
        if self._count > self._most:
            self._refuse(f"is made of more than {self._most} compressed streams")
        self._given = rest
        self._codec = self._make()
        return True


class Decompressed:
    """What an archive's reader reads from: counts, bounds and translates errors.

    Args:
        stream: the compressed side.
        compression: ``""``, ``"gz"``, ``"xz"``, ``"bz2"``, ``"zst"`` or ``"lzma"``.
        meter: counts the whole.
        refuse: names archive and member.
    """

    def __init__(self, stream: IO[bytes], compression: str, meter: Meter, refuse: Refusal) -> None:
        self._raw = _Counting(stream, refuse)
        self._meter = meter
        self._refuse = refuse
        self._out = 0
        self._source = cast("IO[bytes]", io.BufferedReader(self._raw, _CHUNK))
        if compression:
            streams = _Streams(self._source, compression, meter.bounds.member_count, refuse)
            self._source = cast("IO[bytes]", io.BufferedReader(streams, _CHUNK))

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer at the end only.

        Raises:
            UnpackError: the stream is broken, or a bound is passed.
        """
        data = self._source.read(size)
        self._out += len(data)
        self._meter.count_bytes(len(data), self._refuse)
        bounds = self._meter.bounds
        if self._out > max(bounds.ratio_floor_bytes, bounds.ratio * self._raw.count):
            self._refuse(f"unpacks to more than {bounds.ratio} times its size")
        return data
