"""PDF documents, opened by `pypdf` and searched for all that does more than be looked at (ISO 32000-1).

Three things that a hostile file counts on: what one reader takes for a broken index, another mends, and sees other
objects, so names that can do harm are looked for in the raw bytes, too; a name may be written by numbers (`/J#53`), so
they are read as a reader reads them; and a small file may hold more than any memory, so everything is counted as it is
read, and nothing is decompressed at once but what holds objects, within a limit.
"""

import logging
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from chalicelib.credentials.evidence.findings import (
    MAX_BYTES,
    MAX_PAGES,
    Facts,
    Reason,
    Unacceptable,
)

_MAX_OBJECTS = 50_000
_MAX_VALUES = 1_000_000
# Entries of the index that lead nowhere are searched for through the file, each at the cost of all of it.
_MAX_ASTRAY = 50
# Of all streams together: ten pages in colour at 300 dots an inch come to 260 million.
_MAX_EXPANDED = 400_000_000
_MAX_PICTURE = 200_000_000
_PIECE = 64 * 1024
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": MAX_BYTES,
    "array_based_stream_maximum_output_length": 32_000_000,
    "zlib_maximum_output_length": 32_000_000,
    "lzw_maximum_output_length": 8_000_000,
    "run_length_maximum_output_length": 8_000_000,
    "brotli_maximum_output_length": 8_000_000,
    "stream_decoding_work_maximum_length": 64_000_000,
    "stream_filters_maximum_length": 4,
    "page_tree_maximum_entries": 10_000,
    # No program is started for any file.
    "jbig2dec_binary": None,
}

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_WHITE = b"\0\t\n\f\r "
_OBJECT = re.compile(rb"\s*(\d{1,10})\s+(\d{1,5})\s+obj\b")

_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/Rendition", "/RichMediaExecute", "/Movie",
    "/Sound", "/GoTo3DView",
}  # fmt: skip
_ANNOTATIONS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
_ACTIVE_KEYS = {"/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_EMBEDDING_KEYS = {"/EmbeddedFiles", "/EF", "/Collection", "/AF"}
_SCHEMES = ("http:", "https:", "mailto:", "tel:")


def _anywhere(names: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return what finds a name in raw bytes, letters written by their numbers among them."""
    spelled = ("".join(f"(?:{c}|#{ord(c):02x}|#{ord(c):02X})" for c in name) for name in names)
    return re.compile(f"/(?:{'|'.join(spelled)})(?![A-Za-z0-9#])".encode("ascii"))


# Names long enough not to come about by chance in ten million bytes of compressed data.
_ACTIVE_ANYWHERE = _anywhere(("JavaScript", "Launch", "RichMedia"))
_EMBEDDING_ANYWHERE = _anywhere(("EmbeddedFile", "FileAttachment"))

# Its warnings quote the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def read_pdf(content: bytes) -> Facts:
    """Return how many pages a document has that opens without a password and does nothing.

    Raises
    ------
    Unacceptable
        If it does not open, asks for a password, runs something, carries files, or is larger inside than is bearable.
    """
    _check_ends(content)
    _check_names(content)
    try:
        with apply_configuration(**_LIMITS):
            return _Document(content).read()
    except Unacceptable:
        raise
    except (RecursionError, MemoryError, LimitReachedError):
        raise Unacceptable(Reason.TOO_COMPLEX) from None
    except NotImplementedError:
        # A kind of encryption that needs more than a password.
        raise Unacceptable(Reason.PASSWORD) from None
    except Exception:  # noqa: BLE001 - the library raises what Python raises wherever bytes are not as it takes them to be
        raise Unacceptable(Reason.DAMAGED) from None


def _check_ends(content: bytes) -> None:
    if _HEADER.match(content) is None:
        raise Unacceptable(Reason.DAMAGED)
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Unacceptable(Reason.TRUNCATED)
    if content[end + 5 :].strip(_WHITE):
        raise Unacceptable(Reason.DATA_AFTER)


def _check_names(raw: bytes) -> None:
    if _ACTIVE_ANYWHERE.search(raw):
        raise Unacceptable(Reason.ACTIVE_CONTENT)
    if _EMBEDDING_ANYWHERE.search(raw):
        raise Unacceptable(Reason.EMBEDDED_FILES)


class _Document:
    """One document, and what is left of the limits."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._reader = PdfReader(
            BytesIO(content), root_object_recovery_limit=1_000, xref_stream_maximum_entries=4 * _MAX_OBJECTS
        )
        self._named: set[tuple[int, int]] = set()
        self._values = 0
        self._held = 0
        self._expanded = 0

    def read(self) -> Facts:
        if self._reader.is_encrypted and self._reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise Unacceptable(Reason.PASSWORD)
        for reference in self._references():
            found = reference.get_object()
            if found is not None:
                self._look_through(found)
        return Facts(pages=self._pages())

    def _references(self) -> list[IndirectObject]:
        """Return every object that the index names, once the index is known to be bearable."""
        at = [(id_, gen, offset) for gen, ids in self._reader.xref.items() for id_, offset in ids.items()]
        inside = list(self._reader.xref_objStm)
        if len(at) + len(inside) > _MAX_OBJECTS:
            raise Unacceptable(Reason.TOO_COMPLEX)
        astray = sum(1 for one in at if not self._stands(*one))
        if astray > _MAX_ASTRAY or len({offset for _, _, offset in at}) < len(at) - _MAX_ASTRAY:
            raise Unacceptable(Reason.DAMAGED)
        self._named = {(id_, gen) for id_, gen, _ in at} | {(id_, 0) for id_ in inside}
        return [IndirectObject(id_, gen, self._reader) for id_, gen in sorted(self._named)]

    def _stands(self, id_: int, generation: int, offset: int) -> bool:
        found = _OBJECT.match(self._content, offset) if 0 <= offset < len(self._content) else None
        return found is not None and (int(found[1]), int(found[2])) == (id_, generation)

    def _look_through(self, found: PdfObject) -> None:
        """Look at an object and at all that it holds itself; what it refers to has its own turn."""
        waiting: list[PdfObject] = [found]
        while waiting:
            self._values += 1
            if self._values > _MAX_VALUES:
                raise Unacceptable(Reason.TOO_COMPLEX)
            one = waiting.pop()
            if isinstance(one, StreamObject):
                self._check_stream(one)
            if isinstance(one, DictionaryObject):
                self._check_dictionary(one)
                waiting += dict.values(one)
            elif isinstance(one, ArrayObject):
                waiting += list.__iter__(one)

    def _check_stream(self, stream: StreamObject) -> None:
        data = stream._data
        # Objects may be laid over each other, each with nearly all of the file in it.
        self._held += len(data)
        if self._held > 2 * MAX_BYTES:
            raise Unacceptable(Reason.EXPANDS)
        if "/F" in stream:
            raise Unacceptable(Reason.EMBEDDED_FILES)
        filters = self._filters(stream)
        if sum(1 for one in filters if one in ("/FlateDecode", "/Fl", "/LZWDecode")) > 1:
            raise Unacceptable(Reason.EXPANDS)
        if filters[:1] in (["/FlateDecode"], ["/Fl"]):
            self._measure(data)
        if self._is(stream, "/Type", {"/ObjStm"}):
            # It may hold objects that the index does not name, and that another reader would find.
            _check_names(stream.get_data())
        if self._is(stream, "/Subtype", {"/Image"}):
            width, height = self._number(stream, "/Width"), self._number(stream, "/Height")
            if width * height > _MAX_PICTURE:
                raise Unacceptable(Reason.TOO_MANY_PIXELS)

    def _measure(self, data: bytes) -> None:
        inflater = zlib.decompressobj()
        rest = data
        try:
            while rest and not inflater.eof:
                self._expanded += len(inflater.decompress(rest, _PIECE))
                if self._expanded > _MAX_EXPANDED:
                    raise Unacceptable(Reason.EXPANDS)
                rest = inflater.unconsumed_tail
        except zlib.error:
            # Broken pixels or letters: readers show what they can, and the reviewer sees it.
            return

    def _check_dictionary(self, one: DictionaryObject) -> None:
        if (
            _ACTIVE_KEYS & one.keys()
            or self._is(one, "/S", _ACTIONS)
            or self._is(one, "/Subtype", _ANNOTATIONS)
        ):
            raise Unacceptable(Reason.ACTIVE_CONTENT)
        address = self._value(one, "/URI")
        if isinstance(address, TextStringObject | ByteStringObject) and not _leads_to_the_web(address):
            raise Unacceptable(Reason.ACTIVE_CONTENT)
        if (
            any(self._holds(one, key) for key in _EMBEDDING_KEYS & one.keys())
            or self._is(one, "/S", {"/GoToE"})
            or self._is(one, "/Type", {"/EmbeddedFile"})
            or self._is(one, "/Subtype", {"/FileAttachment"})
        ):
            raise Unacceptable(Reason.EMBEDDED_FILES)

    def _value(self, one: DictionaryObject, key: str) -> PdfObject | None:
        """Return an entry; one that refers to what the index does not name is none (ISO 32000-1, 7.3.10)."""
        raw = one.raw_get(key) if key in one else None
        if isinstance(raw, IndirectObject):
            return raw.get_object() if (raw.idnum, raw.generation) in self._named else None
        return raw if isinstance(raw, PdfObject) else None

    def _is(self, one: DictionaryObject, key: str, names: set[str]) -> bool:
        value = self._value(one, key)
        return isinstance(value, NameObject) and value in names

    def _holds(self, one: DictionaryObject, key: str) -> bool:
        """Return whether an entry holds anything: some writers leave an empty tree of files behind."""
        value = self._value(one, key)
        if isinstance(value, DictionaryObject) and set(value) <= {"/Names", "/Kids"}:
            return any(self._holds(value, part) for part in value)
        return bool(value) if isinstance(value, ArrayObject) else value is not None

    def _filters(self, stream: StreamObject) -> list[str]:
        value = self._value(stream, "/Filter")
        if isinstance(value, ArrayObject):
            return [name for one in list.__iter__(value) for name in _names(one.get_object())]
        return _names(value)

    def _number(self, one: DictionaryObject, key: str) -> int:
        value = self._value(one, key)
        return int(value) if isinstance(value, NumberObject) else 0

    def _pages(self) -> int:
        count = 0
        seen = set()
        for reference, node in _tree(self._reader.root_object.raw_get("/Pages")):
            if reference in seen:
                raise Unacceptable(Reason.DAMAGED)
            seen.add(reference)
            count += "/Kids" not in node
            if count > MAX_PAGES:
                raise Unacceptable(Reason.TOO_MANY_PAGES)
            if len(seen) > 10 * MAX_PAGES:
                raise Unacceptable(Reason.TOO_COMPLEX)
        if not count:
            raise Unacceptable(Reason.NO_PAGES)
        return count


def _tree(root: PdfObject) -> Iterator[tuple[object, DictionaryObject]]:
    """Yield each node of the tree of pages, with what tells it from others; a loop would go on for ever."""
    waiting = [root]
    while waiting:
        raw = waiting.pop()
        node = raw.get_object()
        if not isinstance(node, DictionaryObject):
            continue
        yield (raw.idnum if isinstance(raw, IndirectObject) else id(node)), node
        kids = node.get("/Kids")
        kids = kids.get_object() if kids is not None else None
        if isinstance(kids, ArrayObject):
            waiting += list.__iter__(kids)


def _leads_to_the_web(address: TextStringObject | ByteStringObject) -> bool:
    text = address.decode("latin-1") if isinstance(address, ByteStringObject) else str(address)
    # Without a scheme it is relative to the document, which has no address.
    return ":" not in text or text.strip().lower().startswith(_SCHEMES)


def _names(value: PdfObject | None) -> list[str]:
    return [str(value)] if isinstance(value, NameObject) else []
