"""What an inspection of an evidence file can find, and the limits that it holds files to."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 10_000_000
MAX_PAGES = 100
# A camera of a telephone has 12 to 50 million; an A4 page at 600 dots an inch has 35 million.
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000


class EvidenceType(StrEnum):
    """What evidence may be."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The media type that it is declared, stored and served with."""
        return "application/pdf" if self is EvidenceType.PDF else f"image/{self.value}"


class Content(StrEnum):
    """What the bytes of a file look like."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    ZIP = "zip"
    OFFICE = "office"
    ARCHIVE = "archive"
    WEB_PAGE = "web_page"
    HEIC = "heic"
    WEBP = "webp"
    TIFF = "tiff"
    GIF = "gif"
    PROGRAM = "program"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a file is refused: stable codes; `sentences` says each to the person."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_TYPE = "other_type"
    DATA_BEFORE = "data_before"
    DATA_AFTER = "data_after"
    SECOND_FILE = "second_file"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    UNUSUAL_FORMAT = "unusual_format"
    TOO_MANY_PIXELS = "too_many_pixels"
    ANIMATED = "animated"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    ACTIVE_CONTENT = "active_content"
    EMBEDDED_FILES = "embedded_files"
    EXPANDS = "expands"
    TOO_COMPLEX = "too_complex"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an accepted file: the pages of a PDF, the pixels of an image."""

    pages: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection came to.

    Attributes
    ----------
    reason
        Why the file is refused; None if it is accepted.
    content
        What the bytes look like, where that is why; else None.
    facts
        Empty unless accepted.
    """

    reason: Reason | None = None
    content: Content | None = None
    facts: Facts = Facts()

    @property
    def accepted(self) -> bool:
        return self.reason is None


class Unacceptable(Exception):
    """Raised within an inspection, and made a finding by `inspect`."""

    def __init__(self, reason: Reason, content: Content | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.content = content


def check_pixels(width: int, height: int) -> None:
    """Raise if an image of that size would not be decoded: to be called on the header, before any pixel is."""
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unacceptable(Reason.TOO_MANY_PIXELS)
