"""An export of trails that an admin has ordered: what it is of, how far it is, and where its file is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.errors import ExportNotThere
from chalicelib.credentials.trail import START
from chalicelib.credentials.trail_files import Scope
from chalicelib.kernel.errors import Invalid

KEEP = timedelta(days=7)
"""For how long a file is kept: the bucket's own rule (infra/data.yaml) deletes it."""
LINK_SECONDS = 300


class ExportStatus(StrEnum):
    """STOPPED is one whose admin lost the right while it ran, FAILED one whose half a file was gone before its end."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Export:
    """An export under way, or what it came to.

    Attributes
    ----------
    trails, rows
        How many are in it so far.
    left_out
        How many trails are not, since whoever ordered it may not read them: their own credentials, and those of people
        they have or had a mentorship with.
    digest
        Over the lines so far; of a file that is done, what its last line holds.
    organisation_at, credential_at
        Up to where trails are written; None at the start.
    is_read
        Whether all trails are written, and nothing is left but to close the file.
    upload_id, parts
        Of the file that is being written, and of its parts in their order.
    has_rest
        Whether there are lines that are too few for a part, and begin the next one.
    pieces
        How many pieces are done.
    """

    id: str
    scope: Scope
    created_by: str
    created_at: datetime
    status: ExportStatus = ExportStatus.RUNNING
    trails: int = 0
    rows: int = 0
    left_out: int = 0
    digest: str = START
    organisation_at: str | None = None
    credential_at: str | None = None
    is_read: bool = False
    upload_id: str | None = None
    parts: tuple[str, ...] = ()
    has_rest: bool = False
    pieces: int = 0
    finished_at: datetime | None = None
    version: int | None = None

    @property
    def kept_until(self) -> datetime | None:
        """Up to when its file can be fetched; None where there is none."""
        if self.status is not ExportStatus.DONE or self.finished_at is None:
            return None
        return self.finished_at + KEEP

    def require_file(self, now: datetime) -> None:
        """Let pass who asks for a file that is there.

        Raises
        ------
        ExportNotThere
        """
        if self.status is ExportStatus.RUNNING:
            raise ExportNotThere("It is being written. Ask again when the export is done.")
        if self.kept_until is None:
            raise ExportNotThere(f"It {_ENDS[self.status]}. Order another one.")
        if now >= self.kept_until:
            raise ExportNotThere(f"Files are kept for {KEEP.days} days. Order another one.")


_ENDS = {
    ExportStatus.STOPPED: "stopped, since whoever ordered it is no admin any more",
    ExportStatus.FAILED: "failed",
}


def checked_scope(scope: Scope, today: date) -> Scope:
    """Return a scope whose days make sense.

    Raises
    ------
    Invalid
        If the last day comes before the first, or the first is still to come.
    """
    if scope.first_day is not None and scope.first_day > today:
        raise Invalid.field("/first_day", "This day is still to come.")
    if scope.first_day is not None and scope.last_day is not None and scope.last_day < scope.first_day:
        raise Invalid.field("/last_day", "This day comes before the first one.")
    return scope
