"""How does a compressed body become bytes without ever holding much more than what is asked for?

Every decoder yields pieces of bounded size, so that a reader can stop at its cap: a gigabyte of zeros in a megabyte of gzip
costs what the cap says. gzip (with several members), deflate (with and without the zlib header), br and zstd.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Any, Final, Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE: Final = 256 * 1024
"""Most bytes a decoder gives at once."""
ACCEPT: Final = "gzip, deflate, br, zstd"
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


class BrokenEncodingError(ValueError):
    """The body is not what its Content-Encoding says, or ends in the middle."""


class Decoder(Protocol):
    """Bytes in, pieces out."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` adds, in pieces of at most ``PIECE`` bytes. Raises BrokenEncodingError."""
        ...

    def finish(self) -> None:
        """Raises BrokenEncodingError where the body ended too early."""
        ...


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class _Zlib:
    """gzip and deflate. Servers that call plain bodies gzip exist; the first bytes decide."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inner: Any = None
        self._plain = False
        self._head = b""
        self._done = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._done:
            return
        if self._plain:
            yield data
            return
        if self._inner is None:
            data, self._head = self._head + data, b""
            if len(data) < len(_GZIP):
                self._head = data
                return
            self._begin(data)
            if self._plain:
                yield data
                return
        yield from self._inflate(data)

    def _begin(self, data: bytes) -> None:
        if self._gzip:
            self._plain = not data.startswith(_GZIP)
            self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        else:
            wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950, 2.2
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        try:
            while data:
                if piece := self._inner.decompress(data, PIECE):
                    yield piece
                data = self._inner.unconsumed_tail
                if self._inner.eof:
                    data = self._inner.unused_data
                    if not (self._gzip and data.startswith(_GZIP)):
                        self._done = len(data) >= len(_GZIP)  # what follows is no further member: padding, ignored
                        return
                    self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        except zlib.error as error:
            raise BrokenEncodingError(f"the compressed body is broken: {error}") from error

    def finish(self) -> None:
        if self._head or (self._inner is not None and not self._plain and not self._inner.eof):
            raise BrokenEncodingError("the compressed body ends too early")


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        try:
            piece = self._inner.process(data, output_buffer_limit=PIECE)
            while piece or not self._inner.can_accept_more_data():
                yield piece
                piece = self._inner.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise BrokenEncodingError(f"the compressed body is broken: {error}") from error

    def finish(self) -> None:
        if self._begun and not self._inner.is_finished():
            raise BrokenEncodingError("the compressed body ends too early")


def _zstd() -> Any:
    """A decoder that refuses windows above 8 MB, as RFC 9659 asks of senders."""
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})


class _Zstd:
    def __init__(self) -> None:
        self._inner = _zstd()
        self._begun = self._done = False
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        try:
            while not self._done:
                if self._inner.eof:
                    data, self._head = self._head + (self._inner.unused_data or data), b""
                    if len(data) < len(_ZSTD):
                        self._head = data
                        return
                    self._done = not data.startswith(_ZSTD)
                    self._inner = _zstd()
                    continue
                if piece := self._inner.decompress(data, PIECE):
                    yield piece
                data = b""
                if self._inner.needs_input and not self._inner.eof:
                    return
        except zstd.ZstdError as error:
            raise BrokenEncodingError(f"the compressed body is broken: {error}") from error

    def finish(self) -> None:
        if self._begun and not self._inner.eof:
            raise BrokenEncodingError("the compressed body ends too early")


class _Chain:
    """Two encodings, one inside the other."""

    def __init__(self, outer: Decoder, inner: Decoder) -> None:
        self._outer, self._inner = outer, inner

    def feed(self, data: bytes) -> Iterator[bytes]:
        for piece in self._outer.feed(data):
            yield from self._inner.feed(piece)

    def finish(self) -> None:
        self._outer.finish()
        self._inner.finish()


def decoder(content_encoding: str | None) -> Decoder:
    """For one ``Content-Encoding`` header. Raises BrokenEncodingError for an unknown encoding or more than two."""
    names = [name for name in (part.strip().lower() for part in (content_encoding or "").split(",")) if name not in {"", "identity"}]
    if len(names) > 2:  # noqa: PLR2004 - nobody encodes three times except to do harm
        raise BrokenEncodingError(f"the body is encoded {len(names)} times")
    made: Decoder = _Plain()
    for index, name in enumerate(names):
        one = _single(name)
        made = one if index == 0 else _Chain(one, made)
    return made


def _single(name: str) -> Decoder:
    match name:
        case "gzip" | "x-gzip":
            return _Zlib(gzip=True)
        case "deflate":
            return _Zlib(gzip=False)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
    raise BrokenEncodingError(f"the body has the unknown encoding {name!r}")
