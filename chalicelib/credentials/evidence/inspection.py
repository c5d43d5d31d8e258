"""Whether a file is what it is declared to be, and nothing besides: no I/O, and nothing of it is changed or run.

Whoever sends evidence decides every byte of it, and a reviewer opens it. So a file is accepted only if it is read to
its end by the rules of its own format, begins at its first byte, ends at its last, and can do nothing but be looked at.
`contained.inspect_contained` does the same in a process of its own, with a hard bound of time and memory.
"""

import re
import struct
from collections.abc import Callable

from chalicelib.credentials.evidence.findings import (
    MAX_BYTES,
    Content,
    EvidenceType,
    Facts,
    Finding,
    Reason,
    Unacceptable,
)

# A reader of PDFs looks for the header, and a browser for tags, within so many bytes of the beginning.
_HEAD = 1024
_OF_TYPE = {
    EvidenceType.PDF: Content.PDF,
    EvidenceType.JPEG: Content.JPEG,
    EvidenceType.PNG: Content.PNG,
}
_BEGINNINGS = (
    (b"%PDF-", Content.PDF),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"PK\x03\x04", Content.ZIP),
    (b"PK\x05\x06", Content.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content.OFFICE),
    (b"Rar!\x1a\x07", Content.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Content.ARCHIVE),
    (b"\x1f\x8b", Content.ARCHIVE),
    (b"GIF8", Content.GIF),
    (b"II*\x00", Content.TIFF),
    (b"MM\x00*", Content.TIFF),
    (b"MZ", Content.PROGRAM),
    (b"\x7fELF", Content.PROGRAM),
    (b"#!", Content.PROGRAM),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php|\?xml)\b", re.IGNORECASE)
_SCRIPT = re.compile(rb"<(?:!doctype\s+html|html|script|iframe|\?php)\b", re.IGNORECASE)
_ARCHIVES = re.compile(rb"Rar!\x1a\x07[\x00\x01]|7z\xbc\xaf\x27\x1c")
# APPNOTE.TXT of PKWARE, 4.3.16: the end of the central directory is 22 bytes and a comment of up to 65,535.
_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP_TAIL = _ZIP_END.size + 65_535


def inspect(content: bytes, declared: EvidenceType) -> Finding:
    """Return whether a file may be kept as evidence. Never raises, whatever the bytes are.

    Parameters
    ----------
    content
        The whole file.
    declared
        What the person says it is.
    """
    try:
        if not content:
            raise Unacceptable(Reason.EMPTY)
        if len(content) > MAX_BYTES:
            raise Unacceptable(Reason.TOO_LARGE)
        _check_beginning(content, declared)
        hidden = _second_file(content, declared)
        if hidden is not None:
            raise Unacceptable(Reason.SECOND_FILE, hidden)
        return Finding(facts=_reader(declared)(content))
    except Unacceptable as refusal:
        return Finding(refusal.reason, refusal.content)


def looks_like(content: bytes) -> Content:
    """Return what a file's first bytes say it is."""
    for beginning, found in _BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return Content.HEIC
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Content.WEBP
    if _MARKUP.match(content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n\f\0")):
        return Content.WEB_PAGE
    return Content.UNKNOWN


def _check_beginning(content: bytes, declared: EvidenceType) -> None:
    found = looks_like(content)
    if found is _OF_TYPE[declared]:
        return
    if declared is EvidenceType.PDF and found is Content.UNKNOWN and b"%PDF-" in content[:_HEAD]:
        raise Unacceptable(Reason.DATA_BEFORE)
    raise Unacceptable(Reason.OTHER_TYPE, found)


def _second_file(content: bytes, declared: EvidenceType) -> Content | None:
    """Return what else a file could be opened as."""
    if _is_zip(content):
        return Content.ZIP
    if _ARCHIVES.search(content):
        return Content.ARCHIVE
    if declared is EvidenceType.PDF:
        return Content.WEB_PAGE if _SCRIPT.search(content, 0, _HEAD) else None
    if b"%PDF-" in content[:_HEAD]:
        return Content.PDF
    return Content.WEB_PAGE if _SCRIPT.search(content) else None


def _is_zip(content: bytes) -> bool:
    """Return whether programs that read ZIP (and so JAR and Office) archives would open it: they look from the end."""
    first = max(0, len(content) - _ZIP_TAIL)
    at = len(content)
    while (at := content.rfind(b"PK\x05\x06", first, at)) >= 0:
        if at + _ZIP_END.size <= len(content):
            *_, size, _offset, _comment = _ZIP_END.unpack_from(content, at)
            # The offset is from the beginning of the archive, which need not be that of the file: the size tells.
            if 0 < size <= at and content.startswith(b"PK\x01\x02", at - size):
                return True
    return False


def _reader(declared: EvidenceType) -> Callable[[bytes], Facts]:
    # Each with its library, which only the process that inspects loads.
    if declared is EvidenceType.PDF:
        from chalicelib.credentials.evidence.pdf_files import read_pdf

        return read_pdf
    if declared is EvidenceType.JPEG:
        from chalicelib.credentials.evidence.jpeg_files import read_jpeg

        return read_jpeg
    from chalicelib.credentials.evidence.png_files import read_png

    return read_png
