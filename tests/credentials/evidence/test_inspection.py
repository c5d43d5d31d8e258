"""Files that are accepted, and each kind that is refused with its own reason."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from time import process_time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from simplejpeg import encode_jpeg

from chalicelib.credentials.evidence import contained, findings
from chalicelib.credentials.evidence.contained import inspect_contained
from chalicelib.credentials.evidence.findings import Content, EvidenceType, Facts, Finding, Reason
from chalicelib.credentials.evidence.inspection import inspect
from chalicelib.credentials.evidence.sentences import sentence
from tests.credentials.evidence.files import (
    PAGE,
    chunk,
    jpeg,
    pdf,
    png,
    segment,
    stream,
    with_index_stream,
    written,
)

PDF, JPEG, PNG = EvidenceType
GOOD = {PDF: pdf(2), JPEG: jpeg(), PNG: png()}
PACKED = {
    1: "<< /Type /Catalog /Pages 2 0 R >>",
    2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
}


def zipped(size: int = 10) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("licence.txt", b"x" * size)
    return target.getvalue()


def locked(
    password: str, owner: str | None = None, algorithm: str = "AES-256", of: bytes = GOOD[PDF]
) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(of)))
    writer.encrypt(password, owner, algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def interlaced(width: int = 9, height: int = 5) -> bytes:
    starts = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    rows = b""
    for x, y, across, down in starts:
        columns, lines = len(range(x, width, across)), len(range(y, height, down))
        rows += (b"\0" + b"\x55" * columns) * lines if columns else b""
    return png(width, height, colour=0, rows=rows, interlace=1)


@pytest.mark.parametrize(
    ("declared", "content", "facts"),
    [
        (PDF, pdf(), Facts(pages=1)),
        (PDF, pdf(findings.MAX_PAGES), Facts(pages=100)),
        (PDF, with_index_stream(PACKED), Facts(pages=1)),
        (PDF, pdf() + b"\r\n\0\0", Facts(pages=1)),
        (PDF, locked("", "the issuer's"), Facts(pages=2)),
        (PDF, locked("", "the issuer's", "RC4-128"), Facts(pages=2)),
        (PDF, pdf(extra={5: "<< /S /URI /URI (https://example.org/check) >>"}), Facts(pages=1)),
        (PDF, pdf(catalog="/Names << /EmbeddedFiles << /Names [] >> >>"), Facts(pages=1)),
        (JPEG, jpeg(640, 480), Facts(width=640, height=480)),
        (JPEG, bytes(encode_jpeg(np.zeros((30, 20, 1), np.uint8), colorspace="GRAY")), Facts(width=20, height=30)),
        (JPEG, jpeg() + b"\0" * 40, Facts(width=64, height=48)),
        (JPEG, jpeg()[:2] + segment(0xE2, b"MPF\0announced") + jpeg()[2:] + jpeg(32, 24), Facts(width=64, height=48)),
        (PNG, png(), Facts(width=60, height=40)),
        (PNG, png(colour=6, depth=16), Facts(width=60, height=40)),
        (PNG, png(7, 3, colour=0, depth=1), Facts(width=7, height=3)),
        (PNG, png(colour=3, before=chunk(b"PLTE", b"\0\0\0")), Facts(width=60, height=40)),
        (PNG, png(before=chunk(b"tEXt", b"Title\0Licence")), Facts(width=60, height=40)),
        (PNG, interlaced(), Facts(width=9, height=5)),
    ],
)  # fmt: skip
def test_what_is_whole_is_accepted(declared: EvidenceType, content: bytes, facts: Facts) -> None:
    assert inspect(content, declared) == Finding(facts=facts)


def bomb_png(side: int) -> bytes:
    """Return an image of that many pixels a side that claims 10 by 10."""
    return png(10, 10, rows=bytes(31 * 10 + side * side))


def progressive(scans: int) -> bytes:
    """Return a JPEG whose one scan stands there so many times."""
    start = jpeg().index(b"\xff\xda")
    return jpeg()[:start] + jpeg()[start:-2] * scans + b"\xff\xd9"


def flate_bomb(size: int, filters: str = "/FlateDecode") -> bytes:
    """Return a document with that many bytes of nothing in one stream: one megabyte, packed once and repeated."""
    empty, total = bytes(1 << 20), 1
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(empty) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(size >> 20):
        total = zlib.adler32(empty, total)
    data = b"\x78\xda" + block * (size >> 20) + packer.flush() + total.to_bytes(4, "big")
    return pdf(extra={5: stream(data, f"/Filter {filters}")})


def object_bomb() -> bytes:
    head = b"7 0 "
    data = zlib.compress(head + b" " * 40_000_000 + b"null", 9)
    return pdf(extra={5: stream(data, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")})


def overlaid() -> bytes:
    """Return a document of forty objects that are all the same megabyte."""
    filler = stream(b"a" * 1_000_000)
    whole = written(
        {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Kids [3 0 R] >>", 3: PAGE, 4: "null", 5: filler}
    )
    at = whole.index(b"5 0 obj")
    rows = "".join(f"{n} 1\n{at:010d} 00000 n \n" for n in range(6, 80)).encode()
    return whole.replace(b"trailer", rows + b"trailer")


def nested() -> bytes:
    """Return a document of thirty objects each of which holds the next, and all the same megabyte."""
    objects = {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Kids [3 0 R] >>", 3: PAGE, 4: "null"}
    body = b"a" * 1_000_000
    for number in range(40, 5, -1):
        body = f"{number} 0 obj\n<< /Length {len(body)} >>\nstream\n".encode() + body
    whole = written({**objects, 5: stream(body)})
    rows = "".join(f"{n} 1\n{whole.index(b'%d 0 obj' % n):010d} 00000 n \n" for n in range(6, 41)).encode()
    return whole.replace(b"trailer", rows + b"trailer")


def prev_loop() -> bytes:
    plain = pdf()
    start = int(plain.rsplit(b"startxref\n", 1)[1].split()[0])
    return plain.replace(b"/Root 1 0 R", f"/Root 1 0 R /Prev {start}".encode())


JAVASCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = "<< /S /Launch /F (calc.exe) >>"
HIDDEN = {**PACKED, 4: JAVASCRIPT}

REFUSED = [
    ("nothing", PDF, b"", Reason.EMPTY, None),
    ("10 MB and a byte", PDF, b"%PDF-1.7" + bytes(findings.MAX_BYTES - 7), Reason.TOO_LARGE, None),
    ("a PDF that is a ZIP", PDF, zipped(), Reason.OTHER_TYPE, Content.ZIP),
    ("a JPEG that is a PNG", JPEG, png(), Reason.OTHER_TYPE, Content.PNG),
    ("a PNG that is a PDF", PNG, pdf(), Reason.OTHER_TYPE, Content.PDF),
    ("a PDF behind a PNG's head", PDF, png()[:8] + pdf(), Reason.OTHER_TYPE, Content.PNG),
    ("a web page", PDF, b"\xef\xbb\xbf \n<!DOCTYPE html><p>%PDF-1.7", Reason.OTHER_TYPE, Content.WEB_PAGE),
    ("a script ahead of a PDF", PDF, b"<script>x</script>" + pdf(), Reason.OTHER_TYPE, Content.WEB_PAGE),
    ("an iPhone's photo", JPEG, b"\0\0\0\x24ftypheic" + bytes(40), Reason.OTHER_TYPE, Content.HEIC),
    ("a program", PNG, b"MZ" + bytes(60), Reason.OTHER_TYPE, Content.PROGRAM),
    ("a GIF", PNG, b"GIF89a" + bytes(60), Reason.OTHER_TYPE, Content.GIF),
    ("text", JPEG, b"my licence", Reason.OTHER_TYPE, Content.UNKNOWN),
    ("something ahead of a PDF", PDF, b"\n" + pdf(), Reason.DATA_BEFORE, None),
    ("JPEG and ZIP", JPEG, jpeg() + zipped(), Reason.SECOND_FILE, Content.ZIP),
    ("GIFAR: an image and a JAR", PNG, png() + zipped(5_000), Reason.SECOND_FILE, Content.ZIP),
    ("a ZIP within a JPEG's comment", JPEG, jpeg()[:2] + segment(0xFE, zipped()) + jpeg()[2:],
     Reason.SECOND_FILE, Content.ZIP),
    ("a ZIP within a PDF", PDF, pdf(extra={5: stream(zipped())}), Reason.SECOND_FILE, Content.ZIP),
    ("a RAR behind a PNG", PNG, png() + b"Rar!\x1a\x07\x01\0", Reason.SECOND_FILE, Content.ARCHIVE),
    ("a PDF within a PNG's text", PNG, png(before=chunk(b"tEXt", b"a\0" + pdf())), Reason.SECOND_FILE, Content.PDF),
    ("a script within a JPEG's comment", JPEG, jpeg()[:2] + segment(0xFE, b"<ScRiPt>x</script>") + jpeg()[2:],
     Reason.SECOND_FILE, Content.WEB_PAGE),
    ("a script behind a PDF's header", PDF, pdf().replace(b"\n", b"\n%<script>x</script>\n", 1),
     Reason.SECOND_FILE, Content.WEB_PAGE),
    ("a film behind a photo", JPEG, jpeg() + b"\0\0\0\x18ftypmp42" + bytes(60), Reason.DATA_AFTER, None),
    ("a second photo that was not announced", JPEG, jpeg() + jpeg(32, 24), Reason.DATA_AFTER, None),
    ("something behind a PNG", PNG, png() + b"\0", Reason.DATA_AFTER, None),
    ("something behind a PDF", PDF, pdf() + b"x", Reason.DATA_AFTER, None),
    ("half a PDF", PDF, pdf()[: len(pdf()) // 2], Reason.TRUNCATED, None),
    ("half a JPEG", JPEG, jpeg()[: len(jpeg()) // 2], Reason.TRUNCATED, None),
    ("half a PNG", PNG, png()[: len(png()) // 2], Reason.TRUNCATED, None),
    ("a PNG without its last rows", PNG, png(rows=(b"\0" + bytes(180)) * 39), Reason.TRUNCATED, None),
    ("a JPEG without its last rows", JPEG, jpeg()[:-400] + b"\xff\xd9", Reason.DAMAGED, None),
    ("a PNG with a wrong sum", PNG, png()[:-1] + b"\0", Reason.DAMAGED, None),
    ("a PNG with pixels that are none", PNG, png(rows=b"\7" * 181 * 40), Reason.DAMAGED, None),
    ("a PNG of three bits", PNG, png(depth=2), Reason.DAMAGED, None),
    ("a PNG with a chunk that must be known", PNG, png(before=chunk(b"EVIL")), Reason.DAMAGED, None),
    ("a PNG that lacks its palette", PNG, png(colour=3), Reason.DAMAGED, None),
    ("only a PDF's ends", PDF, b"%PDF-1.7\n%%EOF", Reason.DAMAGED, None),
    ("a PDF that nests 20,000 deep", PDF, pdf(extra={5: "[" * 20_000 + "]" * 20_000}), Reason.TOO_COMPLEX, None),
    ("a lossless JPEG", JPEG, jpeg().replace(b"\xff\xc0", b"\xff\xc3"), Reason.UNUSUAL_FORMAT, None),
    ("60 million pixels", PNG, png(10_000, 6_000, rows=b"a"), Reason.TOO_MANY_PIXELS, None),
    ("a strip of 20,001 pixels", PNG, png(20_001, 1), Reason.TOO_MANY_PIXELS, None),
    ("a JPEG of 65,535 by 65,535", JPEG, jpeg().replace(struct.pack(">HH", 48, 64), b"\xff" * 4, 1),
     Reason.TOO_MANY_PIXELS, None),
    ("a PDF with an image of four thousand million pixels", PDF,
     pdf(extra={5: stream(b"x", "/Subtype /Image /Width 65535 /Height 65535 /Filter /CCITTFaxDecode")}),
     Reason.TOO_MANY_PIXELS, None),
    ("a PNG that moves", PNG, png(before=chunk(b"acTL", struct.pack(">2L", 2, 0))), Reason.ANIMATED, None),
    ("no pages", PDF, pdf(0), Reason.NO_PAGES, None),
    ("no pages, whatever it says", PDF, pdf(0).replace(b"/Count 0", b"/Count 9"), Reason.NO_PAGES, None),
    ("101 pages", PDF, pdf(findings.MAX_PAGES + 1), Reason.TOO_MANY_PAGES, None),
    ("pages that go round", PDF, pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), Reason.DAMAGED, None),
    ("a password", PDF, locked("secret"), Reason.PASSWORD, None),
    ("a password of the old kind", PDF, locked("secret", algorithm="RC4-40"), Reason.PASSWORD, None),
    ("a script", PDF, pdf(catalog=f"/OpenAction {JAVASCRIPT}"), Reason.ACTIVE_CONTENT, None),
    ("a script spelled by numbers", PDF, pdf(catalog="/OpenAction << /S /J#61vaScr#69pt /JS (x) >>"),
     Reason.ACTIVE_CONTENT, None),
    ("a script packed away", PDF, with_index_stream(HIDDEN), Reason.ACTIVE_CONTENT, None),
    ("a script packed away, and not in the index", PDF,
     pdf(extra={5: stream(zlib.compress(f"7 0 {JAVASCRIPT}".encode()),
                          "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")}), Reason.ACTIVE_CONTENT, None),
    ("a script in a document that is locked against changes", PDF,
     locked("", "x", of=pdf(extra={5: stream(b"alert"), 6: "<< /S /URI /URI (file:x) >>"}, catalog="/AA 6 0 R")),
     Reason.ACTIVE_CONTENT, None),
    ("a program to start", PDF, pdf(extra={5: LAUNCH}), Reason.ACTIVE_CONTENT, None),
    ("a form that is sent", PDF, pdf(extra={5: "<< /S /SubmitForm /F (http://x) >>"}), Reason.ACTIVE_CONTENT, None),
    ("a form of programs", PDF, pdf(catalog="/AcroForm << /XFA [] /Fields [] >>"), Reason.ACTIVE_CONTENT, None),
    ("an address that is a script", PDF, pdf(extra={5: "<< /S /URI /URI (JavaScript:x) >>"}),
     Reason.ACTIVE_CONTENT, None),
    ("a film", PDF, pdf(extra={5: "<< /Type /Annot /Subtype /Screen >>"}), Reason.ACTIVE_CONTENT, None),
    ("a name by reference", PDF, pdf(extra={5: "<< /S 6 0 R >>", 6: "/Sound"}), Reason.ACTIVE_CONTENT, None),
    ("files within", PDF, pdf(catalog="/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>", extra={5: "<< >>"}),
     Reason.EMBEDDED_FILES, None),
    ("a file by itself", PDF, pdf(extra={5: "<< /Type /Filespec /EF << /F 4 0 R >> >>"}), Reason.EMBEDDED_FILES, None),
    ("a stream that is elsewhere", PDF, pdf(extra={5: stream(b"", "/F (\\\\\\\\host\\\\share)")}),
     Reason.EMBEDDED_FILES, None),
    ("a bomb of pixels", PNG, bomb_png(3_000), Reason.EXPANDS, None),
    ("a bomb in a PNG's text", PNG, png(before=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(9 << 20)))),
     Reason.EXPANDS, None),
    ("a bomb in a PNG's colours", PNG, png(before=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(9 << 20)))),
     Reason.EXPANDS, None),
    ("a bomb in a PDF", PDF, flate_bomb(420 << 20), Reason.EXPANDS, None),
    ("a bomb in a bomb", PDF, flate_bomb(1 << 20, "[/FlateDecode /FlateDecode]"), Reason.EXPANDS, None),
    ("a bomb of objects", PDF, object_bomb(), Reason.TOO_COMPLEX, None),
    ("objects laid over each other", PDF, overlaid(), Reason.DAMAGED, None),
    ("objects within each other", PDF, nested(), Reason.EXPANDS, None),
    ("a JPEG of 65 scans", JPEG, progressive(65), Reason.TOO_COMPLEX, None),
    ("30,000 chunks", PNG, png(before=chunk(b"tEXt") * 30_000), Reason.TOO_COMPLEX, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "content", "reason", "found"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_what_is_not_says_why(
    declared: EvidenceType, content: bytes, reason: Reason, found: Content | None
) -> None:
    assert inspect(content, declared) == Finding(reason, found)


def test_an_index_that_leads_back_to_itself_ends() -> None:
    """A loop of `/Prev` ends: whether the document is kept is up to what is read on the way."""
    begun = process_time()
    inspect(prev_loop(), PDF)
    inspect(with_index_stream(PACKED, prev=9), PDF)
    assert process_time() - begun < 2


def test_every_reason_has_a_file_that_is_refused_for_it() -> None:
    assert {case[3] for case in REFUSED} == set(Reason)


@pytest.mark.parametrize(
    ("declared", "content", "reason"),
    [
        (PNG, bomb_png(6_000), Reason.EXPANDS),
        (PDF, flate_bomb(420 << 20), Reason.EXPANDS),
        (PDF, object_bomb(), Reason.TOO_COMPLEX),
        (PDF, nested(), Reason.EXPANDS),
    ],
)
def test_a_bomb_costs_no_more_memory_than_the_limits_say(
    declared: EvidenceType, content: bytes, reason: Reason
) -> None:
    tracemalloc.start()
    try:
        assert inspect(content, declared).reason is reason
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_large_image_costs_little() -> None:
    """40 million pixels would be 160 MB: rows are counted as they come."""
    row = b"\0" + bytes(8_000 * 4)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row * 50) for _ in range(100)) + packer.flush()
    header = struct.pack(">2L5B", 8_000, 5_000, 8, 6, 0, 0, 0)
    whole = png()[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND")
    tracemalloc.start()
    try:
        assert inspect(whole, PNG) == Finding(facts=Facts(width=8_000, height=5_000))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def begun(declared: EvidenceType) -> Callable[[bytes], bytes]:
    return {PDF: b"%PDF-1.7\n", JPEG: b"\xff\xd8\xff", PNG: png()[:8]}[declared].__add__


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=400), *(st.binary(max_size=400).map(begun(one)) for one in EvidenceType)
    ),
    declared=st.sampled_from(EvidenceType),
)
def test_any_bytes_come_to_a_finding(content: bytes, declared: EvidenceType) -> None:
    finding = inspect(content, declared)
    assert finding.accepted == (finding.facts != Facts())


CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 0.2), st.binary(max_size=12)), min_size=1, max_size=6
)


@settings(max_examples=200, deadline=None)
@given(declared=st.sampled_from(EvidenceType), packed=st.booleans(), changes=CHANGES)
@example(declared=PDF, packed=False, changes=[(0.0, 0.0, b"")])
def test_a_good_file_with_bytes_changed_comes_to_a_finding(
    declared: EvidenceType, packed: bool, changes: list[tuple[float, float, bytes]]
) -> None:
    content = with_index_stream(PACKED) if packed and declared is PDF else GOOD[declared]
    for place, taken, put in changes:
        at = int(place * len(content))
        content = content[:at] + put + content[at + int(taken * (len(content) - at)) :]
    began = process_time()
    finding = inspect(content, declared)
    assert process_time() - began < 3
    assert finding.accepted == (finding.facts != Facts())


def lengths_that_lead_nowhere() -> bytes:
    """Return a document for each of whose streams the library searches the whole file in vain."""
    lost = {n: f"<< /Length {90_000 + n} 0 R >>\nstream\nx\nendstream" for n in range(200, 1_700)}
    return pdf(extra={5: stream(b"\n1" * 2_000_000), **lost})


def test_a_child_finds_the_same() -> None:
    for declared, content in ((PDF, GOOD[PDF]), (JPEG, GOOD[JPEG]), (PNG, zipped())):
        assert inspect_contained(content, declared) == inspect(content, declared)


def test_a_file_that_takes_too_long_ends_with_the_child() -> None:
    assert inspect_contained(lengths_that_lead_nowhere(), PDF, seconds=1) == Finding(Reason.TOO_COMPLEX)


def test_a_child_knows_nothing_of_its_parents_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    seen: list[dict[str, str]] = []
    real = contained.subprocess.run

    def spy(*args: object, **named: object) -> object:
        seen.append(named["env"])  # type: ignore[arg-type]
        return real(*args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(contained.subprocess, "run", spy)
    assert inspect_contained(GOOD[PNG], PNG).accepted
    assert set(seen[0]) == {"PYTHONPATH", "LC_ALL", "OPENBLAS_NUM_THREADS"}


def test_a_child_that_cannot_work_is_no_verdict_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contained.sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError):
        inspect_contained(GOOD[PDF], PDF)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_in_both_languages(reason: Reason) -> None:
    english, french = (sentence(Finding(reason, Content.ZIP), PDF, one) for one in ("en-GB", "fr"))
    assert english != french
    assert not {"{", "}"} & {*english, *french}
    assert english.count(".") >= 2


def test_what_to_do_is_said_with_what_was_found() -> None:
    assert sentence(Finding(Reason.OTHER_TYPE, Content.ZIP), PDF, "en") == (
        "The file says it is a PDF but is a ZIP archive or an Office document. Save or export it as a PDF, JPEG or PNG "
        "and send it again."
    )
    assert sentence(Finding(), PDF, "fr") == ""
