"""Real files for evidence, written byte by byte so that each can be spoilt where a test wants it."""

import struct
import zlib
from collections.abc import Mapping
from functools import cache

import numpy as np
from simplejpeg import encode_jpeg

from chalicelib.credentials.evidence.png_files import SIGNATURE

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>"
TEXT = b"BT /F1 12 Tf 72 720 Td (Medical Council: licence) Tj ET"


def stream(data: bytes, entries: str = "") -> bytes:
    """Return a stream object's text."""
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def pdf(
    pages: int = 1,
    catalog: str = "",
    extra: Mapping[int, str | bytes] | None = None,
    trailer: str = "",
    page: str = PAGE,
) -> bytes:
    """Return a document whose objects 1 to 4 are catalogue, pages, page and its text; `extra` from 5 on."""
    kids = " ".join(["3 0 R"] + [f"{100 + n} 0 R" for n in range(1, pages)])
    objects: dict[int, str | bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Kids [{kids if pages else ''}] /Count {pages} >>",
        3: page,
        4: stream(zlib.compress(TEXT), "/Filter /FlateDecode"),
        **{100 + n: page for n in range(1, pages)},
        **(extra or {}),
    }
    return written(objects, trailer)


def written(objects: Mapping[int, str | bytes], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += (
            f"{number} 0 obj\n".encode() + (body.encode() if isinstance(body, str) else body) + b"\nendobj\n"
        )
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, at in places.items():
        out += f"{number} 1\n{at:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(out) + f"startxref\n{start}\n%%EOF\n".encode()


def with_index_stream(objects: Mapping[int, str], prev: int | None = None) -> bytes:
    """Return a document as present writers make it: its objects packed into a stream, and so the index."""
    out = bytearray(b"%PDF-1.7\n")
    heads, bodies = [], bytearray()
    for number, body in objects.items():
        heads.append(f"{number} {len(bodies)}")
        bodies += body.encode() + b"\n"
    head = (" ".join(heads) + "\n").encode()
    packed, index = max(objects) + 1, max(objects) + 2
    at = len(out)
    entries = f"/Type /ObjStm /N {len(objects)} /First {len(head)} /Filter /FlateDecode"
    out += f"{packed} 0 obj\n".encode() + stream(zlib.compress(head + bodies), entries) + b"\nendobj\n"
    start = len(out)
    rows = bytearray(struct.pack(">BLH", 0, 0, 65535))
    order = list(objects)
    for number in range(1, index + 1):
        if number == packed:
            rows += struct.pack(">BLH", 1, at, 0)
        elif number == index:
            rows += struct.pack(">BLH", 1, start, 0)
        elif number in objects:
            rows += struct.pack(">BLH", 2, packed, order.index(number))
        else:
            rows += struct.pack(">BLH", 0, 0, 65535)
    back = f"/Prev {prev}" if prev is not None else ""
    entries = f"/Type /XRef /Size {index + 1} /W [1 4 2] /Root 1 0 R /Filter /FlateDecode {back}"
    out += f"{index} 0 obj\n".encode() + stream(zlib.compress(bytes(rows)), entries) + b"\nendobj\n"
    return bytes(out) + f"startxref\n{start}\n%%EOF".encode()


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def png(
    width: int = 60, height: int = 40, *, colour: int = 2, depth: int = 8, rows: bytes | None = None,
    before: bytes = b"", interlace: int = 0,
) -> bytes:  # fmt: skip
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\1" + bytes(n % 251 for n in range(-(-width * samples * depth // 8)))
    data = zlib.compress(row * height if rows is None else rows)
    half = len(data) // 2
    header = struct.pack(">2L5B", width, height, depth, colour, 0, 0, interlace)
    return b"".join(
        (SIGNATURE, chunk(b"IHDR", header), before, chunk(b"IDAT", data[:half]), chunk(b"IDAT", data[half:]),
         chunk(b"IEND"))
    )  # fmt: skip


@cache
def jpeg(width: int = 64, height: int = 48) -> bytes:
    """Return a photo of a slope of grey with some noise, so that its data has no short cuts."""
    noise = np.random.default_rng(7).integers(0, 60, (height, width, 3), dtype=np.uint8)
    slope = np.linspace(0, 180, width, dtype=np.uint8)[None, :, None]
    return bytes(encode_jpeg(np.ascontiguousarray(noise + slope), quality=85))


def segment(code: int, data: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(data) + 2) + data
