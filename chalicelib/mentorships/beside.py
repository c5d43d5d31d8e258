"""All that stands with a mentorship, read by one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import running_store
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.running_store import MentorshipRow
from chalicelib.platform import tables


@dataclass(frozen=True)
class Beside:
    """A mentorship with what stands beside it, by sort key, as the table has it."""

    mentorship: Mentorship
    rows: Mapping[str, dict[str, Any]]

    def one(self, key: tuple[type[tables.Row], str, str]) -> Any:
        row_class, _, sk = key
        return row_class.parse(self.rows[sk]) if sk in self.rows else None

    def all(self, prefix: str) -> Sequence[dict[str, Any]]:
        return [raw for sk, raw in self.rows.items() if sk.startswith(prefix)]


def read(mentorship_id: str) -> Beside:
    """Return all that stands with a mentorship; whoever asks has yet to be allowed to. Raises `NotFound`."""
    row_class, pk, sk = running_store.mentorship_key(mentorship_id)
    # Sort keys of what belongs to it begin with the mentorship's own.
    rows = {raw["sk"]["S"]: raw for raw in tables.query_all(row_class, pk, begins_with=sk)}
    if sk not in rows:
        raise NotFound
    return Beside(running_store.mentorship_of(MentorshipRow.parse(rows[sk])), rows)
