"""JPEG images: the markers are walked here (ITU-T T.81), the pixels are decoded by libjpeg-turbo.

Pillow was the other candidate. The runtime's glibc is 2.26, and the last Pillow with wheels for that is one with
published holes; `simplejpeg` is libjpeg-turbo alone, a twentieth of the size.
"""

import re
import struct

from chalicelib.credentials.evidence.findings import Facts, Reason, Unacceptable, check_pixels

# Each scan of a progressive image goes over all of its pixels; encoders make about ten.
_MAX_SCANS = 64
_MAX_SEGMENTS = 2_000
# A telephone adds a preview and a brightness map.
_MAX_PICTURES = 8

_SOI, _EOI, _SOS, _APP2 = 0xD8, 0xD9, 0xDA, 0xE2
# What browsers draw: sequential and progressive by Huffman codes.
_DRAWN = (0xC0, 0xC1, 0xC2)
_FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_ALONE = (0x01, *range(0xD0, 0xD8))
# Within the pixels, 0xFF before 0 is a byte of theirs, and before 0xD0 to 0xD7 a restart.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def read_jpeg(content: bytes) -> Facts:
    """Return the size of an image that decodes whole.

    What telephones add behind the picture is let through where the picture announces it (CIPA DC-007, "MPF") and it is
    JPEG images itself; anything else behind it is refused.

    Raises
    ------
    Unacceptable
        If it does not decode, is too large to be decoded, or something comes after it.
    """
    first = _Picture(content, 0)
    at = _past_zeros(content, first.end)
    for _ in range(_MAX_PICTURES):
        if at == len(content):
            break
        if not first.announces_more or not content.startswith(b"\xff\xd8\xff", at):
            raise Unacceptable(Reason.DATA_AFTER)
        at = _past_zeros(content, _Picture(content, at).end)
    if at < len(content):
        raise Unacceptable(Reason.DATA_AFTER)
    _decode(content[: first.end])
    return Facts(width=first.width, height=first.height)


def _past_zeros(content: bytes, at: int) -> int:
    zeros = re.compile(rb"\0*").match(content, at)
    return zeros.end() if zeros else at


class _Picture:
    """One image from its first marker to its last, whose header is within the limits."""

    def __init__(self, content: bytes, start: int) -> None:
        self.width = self.height = 0
        self.announces_more = False
        self.end = self._walk(content, start + 2)

    def _walk(self, content: bytes, at: int) -> int:
        scans = 0
        for _ in range(_MAX_SEGMENTS):
            code, at = _next_marker(content, at)
            if code == _EOI:
                if not scans:
                    raise Unacceptable(Reason.DAMAGED)
                return at
            if code in _ALONE:
                continue
            if code == _SOI or at + 2 > len(content):
                raise Unacceptable(Reason.DAMAGED if code == _SOI else Reason.TRUNCATED)
            end = at + int.from_bytes(content[at : at + 2])
            if end < at + 2:
                raise Unacceptable(Reason.DAMAGED)
            if end > len(content):
                raise Unacceptable(Reason.TRUNCATED)
            if code in _FRAMES:
                self._frame(code, content[at + 2 : end])
            elif code == _APP2 and content.startswith(b"MPF\0", at + 2):
                self.announces_more = True
            elif code == _SOS:
                scans += 1
                if not self.width:
                    raise Unacceptable(Reason.DAMAGED)
                if scans > _MAX_SCANS:
                    raise Unacceptable(Reason.TOO_COMPLEX)
                found = _MARKER.search(content, end)
                if found is None:
                    raise Unacceptable(Reason.TRUNCATED)
                end = found.start()
            at = end
        raise Unacceptable(Reason.TOO_COMPLEX)

    def _frame(self, code: int, data: bytes) -> None:
        if self.width or len(data) < 6:
            raise Unacceptable(Reason.DAMAGED)
        depth, height, width = struct.unpack_from(">BHH", data)
        if code not in _DRAWN or depth != 8 or not height:
            raise Unacceptable(Reason.UNUSUAL_FORMAT)
        if not width:
            raise Unacceptable(Reason.DAMAGED)
        check_pixels(width, height)
        self.width, self.height = width, height


def _next_marker(content: bytes, at: int) -> tuple[int, int]:
    """Return a marker's code and where it ends."""
    if at >= len(content):
        raise Unacceptable(Reason.TRUNCATED)
    if content[at] != 0xFF:
        raise Unacceptable(Reason.DAMAGED)
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content):
        raise Unacceptable(Reason.TRUNCATED)
    return content[at], at + 1


def _decode(picture: bytes) -> None:
    from simplejpeg import decode_jpeg, decode_jpeg_header

    try:
        space = decode_jpeg_header(picture)[2]
        # All is decoded, but written at an eighth of its size, which nobody looks at. `strict`: what the library
        # would make up for is an error.
        decode_jpeg(picture, "CMYK" if space in ("CMYK", "YCCK") else "GRAY", min_factor=8, strict=True)
    except MemoryError:
        raise Unacceptable(Reason.TOO_COMPLEX) from None
    except (ValueError, OverflowError):
        raise Unacceptable(Reason.DAMAGED) from None
