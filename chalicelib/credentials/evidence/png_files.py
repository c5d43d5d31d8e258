"""PNG images, read by the standard (ISO/IEC 15948, https://www.w3.org/TR/png-3/) with `zlib` alone.

Every chunk's sum is checked and every pixel decompressed and counted, a piece at a time: an image costs the memory of a
piece, whatever it claims to be.
"""

import struct
import zlib
from collections.abc import Iterator

from chalicelib.credentials.evidence.findings import Facts, Reason, Unacceptable, check_pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 20_000
_PIECE = 64 * 1024
# A colour profile or a comment that decompresses to more is of no use to anybody.
_MAX_ASIDE = 8 * 1024 * 1024

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
# Adam7: first column and row of each pass, and the steps between.
_PASSES = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip


def read_png(content: bytes) -> Facts:
    """Return the size of a still image that decodes whole.

    Raises
    ------
    Unacceptable
        If it does not, moves, is too large to be decoded, or something comes after it.
    """
    pixels: _Pixels | None = None
    width = height = 0
    palette = False
    needs_palette = False
    for name, data in _chunks(content):
        if pixels is None:
            if name != b"IHDR" or len(data) != 13:
                raise Unacceptable(Reason.DAMAGED)
            width, height, pixels, needs_palette = _header(data)
        elif name in _ANIMATION:
            raise Unacceptable(Reason.ANIMATED)
        elif name == b"PLTE":
            palette = True
        elif name == b"IDAT":
            if needs_palette and not palette:
                raise Unacceptable(Reason.DAMAGED)
            pixels.add(data)
        elif name == b"IHDR" or (name not in _CRITICAL and not name[0] & 0x20):
            # A chunk that is not to be passed over, and that nobody knows.
            raise Unacceptable(Reason.DAMAGED)
        else:
            _check_aside(name, data)
    if pixels is None:
        raise Unacceptable(Reason.TRUNCATED)
    pixels.check_whole()
    return Facts(width=width, height=height)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    whole = memoryview(content)
    at = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(content):
            raise Unacceptable(Reason.TRUNCATED)
        length, name = struct.unpack_from(">L4s", content, at)
        end = at + 12 + length
        if not name.isalpha():
            raise Unacceptable(Reason.DAMAGED)
        if end > len(content):
            raise Unacceptable(Reason.TRUNCATED)
        if zlib.crc32(whole[at + 4 : end - 4]) != struct.unpack_from(">L", content, end - 4)[0]:
            raise Unacceptable(Reason.DAMAGED)
        if name == b"IEND":
            if end < len(content):
                raise Unacceptable(Reason.DATA_AFTER)
            return
        yield name, whole[at + 8 : end - 4]
        at = end
    raise Unacceptable(Reason.TOO_COMPLEX)


def _header(data: memoryview) -> tuple[int, int, "_Pixels", bool]:
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">2L5B", data)
    valid = depth in _DEPTHS.get(colour, ()) and compression == filtering == 0 and interlace in (0, 1)
    if not (valid and width and height):
        raise Unacceptable(Reason.DAMAGED)
    check_pixels(width, height)
    passes = _PASSES if interlace else ((0, 0, 1, 1),)
    rows = []
    for left, top, across, down in passes:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and lines > 0:
            # A row is a byte that names its filter, and its samples.
            rows.append((lines, 1 + -(-columns * _SAMPLES[colour] * depth // 8)))
    return width, height, _Pixels(rows), colour == 3


class _Pixels:
    """The rows of an image, counted as they are decompressed; none is kept."""

    def __init__(self, rows: list[tuple[int, int]]) -> None:
        self._left = rows
        self._within = 0
        self._stream = zlib.decompressobj()

    def add(self, data: memoryview) -> None:
        """Decompress what another chunk holds."""
        rest: bytes | memoryview = data
        while rest and not self._stream.eof:
            try:
                self._count(self._stream.decompress(rest, _PIECE))
            except zlib.error:
                raise Unacceptable(Reason.DAMAGED) from None
            rest = self._stream.unconsumed_tail

    def check_whole(self) -> None:
        """Raise if rows are missing."""
        while self._left and not self._stream.eof:
            try:
                more = self._stream.decompress(b"", _PIECE)
            except zlib.error:
                raise Unacceptable(Reason.DAMAGED) from None
            if not more:
                break
            self._count(more)
        if self._left or not self._stream.eof:
            raise Unacceptable(Reason.TRUNCATED)

    def _count(self, piece: bytes) -> None:
        at = 0
        while at < len(piece):
            if not self._left:
                raise Unacceptable(Reason.EXPANDS)
            lines, length = self._left[0]
            end = min(len(piece), at + lines * length - self._within)
            # The filters of the rows that begin in this piece.
            first = at + (-self._within % length)
            if max(piece[first:end:length], default=0) > 4:
                raise Unacceptable(Reason.DAMAGED)
            self._within += end - at
            done, self._within = divmod(self._within, length)
            if done == lines:
                self._left = self._left[1:]
            else:
                self._left[0] = (lines - done, length)
            at = end


def _check_aside(name: bytes, data: memoryview) -> None:
    """Raise if a compressed text or colour profile is a bomb."""
    if name in (b"zTXt", b"iCCP"):
        compressed = bytes(data).partition(b"\0")[2][1:]
    elif name == b"iTXt":
        flags = bytes(data).partition(b"\0")[2]
        compressed = flags[2:].partition(b"\0")[2].partition(b"\0")[2] if flags[:1] == b"\1" else b""
    else:
        return
    stream = zlib.decompressobj()
    try:
        if len(stream.decompress(compressed, _MAX_ASIDE)) == _MAX_ASIDE:
            raise Unacceptable(Reason.EXPANDS)
    except zlib.error:
        raise Unacceptable(Reason.DAMAGED) from None
