"""Bitstring Status List v1.0 (W3C Recommendation, 15 May 2025): one bit a credential, set where it is revoked."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable

from chalicelib.certificates.jws import Unreadable

LENGTH = 131_072
"""Bits of a list: the fewest that the standard allows, so that whoever asks for a list tells nobody of which
credential they ask."""
_MAX_BYTES = 1024 * 1024


def encoded(revoked: Iterable[int]) -> str:
    """Return the list in which the given places are set: base64url of its gzip, behind multibase's `u`.

    The same places give the same text.
    """
    bits = bytearray(LENGTH // 8)
    for index in revoked:
        if not 0 <= index < LENGTH:
            raise ValueError(f"{index} is no place of a list of {LENGTH}")
        bits[index // 8] |= 0x80 >> (index % 8)  # the first bit of a byte is its highest
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def is_set(text: str, index: int) -> bool:
    """Tell whether a place is set.

    Raises
    ------
    Unreadable
        If the text is no list, is longer than a list of ours could be, or has no such place.
    """
    if not text.startswith("u"):
        raise Unreadable("The status list is not base64url behind a u.")
    try:
        raw = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj(wbits=31)
        # What a small text unpacks to may be endless.
        bits = unpacking.decompress(raw, _MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Unreadable("The status list cannot be unpacked.") from error
    if not unpacking.eof:
        raise Unreadable("The status list is cut off, or too long.")
    if not 0 <= index < len(bits) * 8:
        raise Unreadable("The credential's place is not in the status list.")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))
