"""Cursor pages."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.kernel.errors import Invalid

T = TypeVar("T")
DEFAULT_LIMIT = 25
MAX_LIMIT = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, and the cursor of the next page or None at the end."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True)
class PageRequest:
    """How many items are wanted (1 to 100), and the cursor to go on from."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def position(self, *names: str) -> dict[str, str] | None:
        """Read the cursor as the named texts, or None at the start.

        Raises
        ------
        Invalid
            If the cursor is not one of ours.
        """
        if self.cursor is None:
            return None
        try:
            position = json.loads(base64.urlsafe_b64decode(self.cursor.encode("ascii") + b"=="))
        except (ValueError, binascii.Error, RecursionError) as error:
            raise bad_cursor() from error
        if not isinstance(position, dict) or set(position) != set(names):
            raise bad_cursor()
        if not all(isinstance(value, str) and 0 < len(value) <= 600 for value in position.values()):
            raise bad_cursor()
        return position


def every(read: Callable[[PageRequest], Page[T]]) -> Iterator[T]:
    """Yield all items of a list, page after page as it is read."""
    cursor = None
    while True:
        page = read(PageRequest(MAX_LIMIT, cursor))
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def cursor_of(**position: str) -> str:
    """Write a position in a list as an opaque text for URLs."""
    text = json.dumps(position, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def bad_cursor() -> Invalid:
    """Return the refusal of a cursor that is not one of this list's."""
    return Invalid.field("/cursor", "Leave it out, or send the `next` value of the page before, unchanged.")
